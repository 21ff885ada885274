"""Names for people who do not exist: surnames say so, each in the language of its origin.

"Wymyślony", "Kalpanik", "Uydurma", "Imaginário" and the others all mean invented or imaginary.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final


@dataclass(frozen=True, slots=True)
class Origin:
    """Names that go together. `nhs` and `dfe` are ethnic category codes, `language` is a CBDS language code."""

    surnames: tuple[str, ...]
    daughters: tuple[str, ...]
    sons: tuple[str, ...]
    dfe: str
    nhs: str
    language: str
    weight: int


# fmt: off
ORIGINS: Final[tuple[Origin, ...]] = (
    Origin(
        ("Inventedson", "Madeup", "Pretendham", "Makebelieve", "Figmentley",
         "Fauxworth", "Fancifulby", "Notareal-Smithson"),
        ("Amelia", "Elizabeth", "Charlotte", "Isabella", "Katherine", "Poppy", "Rosie", "Victoria"),
        ("Alexander", "Benjamin", "Daniel", "Joseph", "Oliver", "Samuel", "Thomas", "William"),
        "WBRI", "A", "ENG", 40,
    ),
    Origin(
        ("O\u2019Fictional", "O'Fabricated", "McPretend", "Mac Samhlaíoch"),
        ("Aoife", "Siobhán", "Niamh"), ("Seán", "Pádraig", "Conor"), "WIRI", "B", "ENG", 4,
    ),
    Origin(
        ("Wymyślony", "Zmyślona", "Fikcyjna-Nowa"),
        ("Katarzyna", "Małgorzata", "Zofia"), ("Łukasz", "Stanisław", "Paweł"), "WOTH", "C", "POL", 10,
    ),
    Origin(
        ("Išgalvotas", "Pramanytė", "Tariamas"),
        ("Eglė", "Ugnė", "Živilė"), ("Jonas", "Mažvydas", "Žygimantas"), "WOTH", "C", "LIT", 8,
    ),
    Origin(
        ("Izdomāts", "Madeupova", "Vymyšlená"),
        ("Līga", "Anastasia", "Zuzana"), ("Jānis", "Andrejs", "Matěj"), "WOTH", "C", "LAV", 4,
    ),
    Origin(
        ("Imaginário", "da Fantasia", "Inventado-Souza"),
        ("Conceição", "Inês", "Beatriz"), ("João", "Simão", "Tomé"), "WOTH", "C", "POR", 7,
    ),
    Origin(("Inventatu", "Născocită"), ("Ioana", "Ștefania"), ("Mihăiță", "Andrei"), "WROM", "C", "RUM", 4),
    Origin(
        ("al-Khayali", "Wahmi", "Khayal-Begum", "Farzi"),
        ("Aisha", "Fatima", "Zainab", "Maryam"), ("Muhammad", "Yusuf", "Ibrahim", "Bilal"), "APKN", "J", "URD", 14,
    ),
    Origin(
        ("Kalpanik", "Managadantsingh", "Kaalpanik-Patel"),
        ("Priya", "Harpreet", "Ananya"), ("Arjun", "Gurdeep", "Rohan"), "AIND", "H", "PNJ", 6,
    ),
    Origin(("Kalponik", "Monogora"), ("Nusrat", "Tahmina"), ("Rahim", "Tanvir"), "ABAN", "K", "BNG", 3),
    Origin(
        ("Aroso-Adé", "Akoko-Unreal", "Bandia"), ("Adaeze", "Ọmọlará"), ("Chukwuemeka", "Olúwaṣeun"),
        "BAFR", "N", "YOR", 5,
    ),
    Origin(("Unreality-Brown", "Notsogrant"), ("Shanice", "Tia-Mae"), ("Jermaine", "Tyrese"), "BCRB", "M", "ENG", 4),
    Origin(("Uydurma", "Hayalî"), ("Elif", "Gülşen"), ("Çağan", "Ömer"), "WOTH", "C", "TUR", 3),
    Origin(("Xugou", "Jiaxiang"), ("Mei-Ling", "Xiaoyan"), ("Jian", "Zhihao"), "CHNE", "R", "CHI", 3),
    Origin(("Half-Imagined", "Both-Invented"), ("Maya", "Jasmine"), ("Kai", "Reuben"), "MWBC", "D", "ENG", 6),
)

# fmt: on
WEIGHTS: Final = tuple(accumulate(origin.weight for origin in ORIGINS))

# fmt: off
NICKNAMES: Final[dict[str, str]] = {
    "Alexander": "Alex", "Amelia": "Millie", "Anastasia": "Nastya", "Benjamin": "Ben", "Charlotte": "Lottie",
    "Chukwuemeka": "Emeka", "Daniel": "Danny", "Elizabeth": "Beth", "Isabella": "Bella", "Joseph": "Joe",
    "Katarzyna": "Kasia", "Katherine": "Kate", "Małgorzata": "Gosia", "Muhammad": "Mo", "Samuel": "Sam",
    "Stanisław": "Staszek", "Thomas": "Tom", "Victoria": "Tori", "William": "Billy", "Žygimantas": "Žygis",
}

# The same name as another clerk writes it.
SPELLINGS: Final[dict[str, str]] = {
    "Aisha": "Ayesha", "al-Khayali": "Al Khayali", "Fatima": "Fatema",
    "Inventedson": "Inventedsen",
    "Katherine": "Catherine", "Madeup": "Maydup", "Mei-Ling": "Meiling", "Muhammad": "Mohammed",
    "O'Fabricated": "OFabricated",
    "O\u2019Fictional": "O'Fictional", "Pretendham": "Pretenderham",
    "Seán": "Shaun", "Yusuf": "Yousef", "Zainab": "Zaynab",
}
# fmt: on
