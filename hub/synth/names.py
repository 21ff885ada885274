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


def _made(stems: str, endings: str) -> tuple[str, ...]:
    """Every stem with every ending. A county has thousands of surnames: with few, strangers would all be namesakes."""
    return tuple(f"{stem}{ending}" for stem in stems.split() for ending in endings.replace("_", " ").split(","))


# fmt: off
ORIGINS: Final[tuple[Origin, ...]] = (
    Origin(
        ("Inventedson", "Madeup", "Pretendham", "Makebelieve", "Figmentley",
         "Fauxworth", "Fancifulby", "Notareal-Smithson",
         *_made("Invent Madeup Pretend Figment Faux Fanciful Fable Myth Whimsi Dream Legend Notion Mock Fancy Unreal",
                "ham,ley,worth,by,ton,field,wick,well,ford,stead,bury,den,hurst,mere,wood,shaw,ridge,combe,cott,thorpe")),
        ("Amelia", "Elizabeth", "Charlotte", "Isabella", "Katherine", "Poppy", "Rosie", "Victoria", "Alice", "Beatrix",
         "Clara", "Daisy", "Eleanor", "Florence", "Georgia", "Harriet", "Imogen", "Jessica", "Lucy", "Martha",
         "Nancy", "Olivia", "Phoebe", "Rebecca", "Sophie", "Tabitha", "Willow", "Zoe"),
        ("Alexander", "Benjamin", "Daniel", "Joseph", "Oliver", "Samuel", "Thomas", "William", "Adam", "Barnaby",
         "Callum", "Dylan", "Edward", "Freddie", "George", "Harvey", "Isaac", "Jacob", "Kieran", "Leo", "Matthew",
         "Nathan", "Oscar", "Patrick", "Ralph", "Stanley", "Toby", "Wilfred"),
        "WBRI", "A", "ENG", 40,
    ),
    Origin(
        ("O\u2019Fictional", "O'Fabricated", "McPretend", "Mac Samhlaíoch",
         *_made("O' Mc Mac", "Fictional,Fabler,Legend,Notional,Fancy,Madeup,Dreamer")),
        ("Aoife", "Siobhán", "Niamh", "Róisín", "Caoimhe", "Gráinne"),
        ("Seán", "Pádraig", "Conor", "Cillian", "Oisín", "Tadhg"), "WIRI", "B", "ENG", 4,
    ),
    Origin(
        ("Wymyślony", "Zmyślona", "Fikcyjna-Nowa",
         *_made("Wymyśl Zmyśl Fikcj Bajk Uroj Pozor", "owski,iak,czyk,ewicz,ek,icki")),
        ("Katarzyna", "Małgorzata", "Zofia", "Agnieszka", "Hanna", "Julia", "Maja", "Wiktoria"),
        ("Łukasz", "Stanisław", "Paweł", "Jakub", "Kacper", "Mateusz", "Szymon", "Wojciech"),
        "WOTH", "C", "POL", 10,
    ),
    Origin(
        ("Išgalvotas", "Pramanytė", "Tariamas",
         *_made("Išgalv Praman Tariam Netikr Svajon", "aitis,ėnas,auskas,onis,ys")),
        ("Eglė", "Ugnė", "Živilė", "Gabija", "Rūta", "Austėja"),
        ("Jonas", "Mažvydas", "Žygimantas", "Domas", "Lukas", "Tomas"), "WOTH", "C", "LIT", 8,
    ),
    Origin(
        ("Izdomāts", "Madeupova", "Vymyšlená",
         *_made("Izdom Iedom Fantaz Pasak Vymysl", "iņš,ājs,ietis,sons,ovs")),
        ("Līga", "Anastasia", "Zuzana", "Elīna", "Kristīne", "Tereza"),
        ("Jānis", "Andrejs", "Matěj", "Artūrs", "Roberts", "Tomáš"), "WOTH", "C", "LAV", 4,
    ),
    Origin(
        ("Imaginário", "da Fantasia", "Inventado-Souza",
         *_made("Imaginário Fantasia Inventado Sonhado Fingido", "-Lima,-Costa,-Matos,-Pires,_Neves")),
        ("Conceição", "Inês", "Beatriz", "Leonor", "Matilde", "Carolina"),
        ("João", "Simão", "Tomé", "Duarte", "Gonçalo", "Rodrigo"), "WOTH", "C", "POR", 7,
    ),
    Origin(
        ("Inventatu", "Născocită", *_made("Inventat Născoc Închipu Basm", "escu,eanu,aru,oiu")),
        ("Ioana", "Ștefania", "Mădălina", "Alina"), ("Mihăiță", "Andrei", "Răzvan", "Ionuț"), "WROM", "C", "RUM", 4,
    ),
    Origin(
        ("al-Khayali", "Wahmi", "Khayal-Begum", "Farzi",
         *_made("Khayal Farz Wahm Khwab Afsan Tasawwur", "i,-Begum,-Khan,_Ahmed,-Hussain,_Shah,-Malik")),
        ("Aisha", "Fatima", "Zainab", "Maryam", "Hafsa", "Iqra", "Khadija", "Sumayya"),
        ("Muhammad", "Yusuf", "Ibrahim", "Bilal", "Hamza", "Idris", "Umar", "Zakariya"), "APKN", "J", "URD", 14,
    ),
    Origin(
        ("Kalpanik", "Managadantsingh", "Kaalpanik-Patel",
         *_made("Kalpan Managadant Sapna Mithya Khayali", "_Singh,-Patel,_Kaur,ani,wala,-Sharma")),
        ("Priya", "Harpreet", "Ananya", "Jaspreet", "Meera", "Simran"),
        ("Arjun", "Gurdeep", "Rohan", "Harjit", "Nikhil", "Vikram"), "AIND", "H", "PNJ", 6,
    ),
    Origin(
        ("Kalponik", "Monogora",
         *_made("Kalpon Monogora Shopno Kolpito", "_Islam,_Uddin,-Akter,_Rahman,-Miah")),
        ("Nusrat", "Tahmina", "Farhana", "Rumana"), ("Rahim", "Tanvir", "Mahbub", "Shahin"), "ABAN", "K", "BNG", 3,
    ),
    Origin(
        ("Aroso-Adé", "Akoko-Unreal", "Bandia",
         *_made("Aroso Akoko Bandia Iro Afefe", "-Adé,la,mi,-Olu,yinka")),
        ("Adaeze", "Ọmọlará", "Folasade", "Chiamaka", "Titilayo"),
        ("Chukwuemeka", "Olúwaṣeun", "Babatunde", "Ikenna", "Temitope"), "BAFR", "N", "YOR", 5,
    ),
    Origin(
        ("Unreality-Brown", "Notsogrant",
         *_made("Unreality Notso Dreamed Feigned", "-Brown,-Grant,-Campbell,-Reid,-Clarke")),
        ("Shanice", "Tia-Mae", "Keisha", "Renée"), ("Jermaine", "Tyrese", "Dwayne", "Malachi"), "BCRB", "M", "ENG", 4,
    ),
    Origin(
        ("Uydurma", "Hayalî", *_made("Uydur Hayal Düşsel Masal", "oğlu,can,er,türk,kaya")),
        ("Elif", "Gülşen", "Zeynep", "Şebnem"), ("Çağan", "Ömer", "Emre", "Yiğit"), "WOTH", "C", "TUR", 3,
    ),
    Origin(
        ("Xugou", "Jiaxiang", *_made("Xu Jia Huan Meng Wu", "gou,xiang,jing,you")),
        ("Mei-Ling", "Xiaoyan", "Yuxin", "Jiayi"), ("Jian", "Zhihao", "Haoran", "Zixuan"), "CHNE", "R", "CHI", 3,
    ),
    Origin(
        ("Half-Imagined", "Both-Invented",
         *_made("Half Both Part Nearly Quite", "-Imagined,-Invented,-Pretend,-Unreal,-Fabled")),
        ("Maya", "Jasmine", "Nia", "Sienna", "Talia"), ("Kai", "Reuben", "Jaden", "Elijah", "Micah"),
        "MWBC", "D", "ENG", 6,
    ),
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
