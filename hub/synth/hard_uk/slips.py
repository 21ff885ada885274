"""What goes wrong when somebody's name and date of birth are written down. Rates are shares of descriptions."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from hub.synth.hard_uk.families import Family, Human
from hub.synth.hard_uk.pools import NICKNAMES, SPELLINGS
from hub.synth.hard_uk.written import Written
from hub.synth.slips import without_accents

_TYPED, _READ, _ACCENTS, _HYPHEN, _PART_LOST, _FIRST_LOST = 0.035, 0.006, 0.5, 0.3, 0.2, 0.25
_SPELT, _SWAPPED, _SWAPPED_OFTEN, _ENGLISH, _INITIAL = 0.12, 0.01, 0.05, 0.5, 0.003
_FORMER, _FORMER_BESIDE, _OTHER_PARENT = 0.04, 0.4, 0.02
_DAY_MONTH, _DIGIT, _YEAR_ONLY, _GUESSED, _FIRST_OF_JANUARY, _SIBLINGS = 0.008, 0.01, 0.005, 0.01, 0.003, 0.002
_OFTEN: Final = frozenset({"chinese", "somali", "patronym", "own-last"})
_MISREAD: Final = (("rn", "m"), ("m", "rn"), ("l", "i"), ("i", "l"), ("e", "c"), ("c", "e"), ("u", "v"), ("h", "b"))
_KEYS: Final = "qwertyuiopasdfghjklzxcvbnm"
_SHORTEST: Final = 3


def with_slips(
    rng: Random, written: Written, human: Human, family: Family, careless: float, short_names: float
) -> None:
    """Changes what is written. The order is that of life: what it is called, how it is spelt, how it is typed."""

    def happens(slip: str, share: float) -> bool:
        if rng.random() >= share:
            return False
        written.slips.append(slip)
        return True

    _other_names(rng, written, human, family, happens, short_names)
    _other_forms(rng, written, family.group.style, happens)
    for part in ("given", "family"):
        word: str = getattr(written, part)
        if len(word) > _SHORTEST and happens(f"{part}-typed", _TYPED * careless):
            setattr(written, part, typed(rng, word))
        if len(word) > _SHORTEST and happens(f"{part}-read", _READ * careless):
            setattr(written, part, misread(rng, getattr(written, part)))
    if happens("initial", _INITIAL * careless):
        written.given = written.given[:1]
    if happens("swapped", _SWAPPED_OFTEN if family.group.style in _OFTEN else _SWAPPED):
        written.given, written.family = written.family, written.given
    if written.birth:
        _birth(rng, written, family, human, careless, happens)


Happens = Callable[[str, float], bool]


def _other_names(
    rng: Random, written: Written, human: Human, family: Family, happens: Happens, short_names: float
) -> None:
    short = NICKNAMES.get(written.given)
    if short and happens("short-name", short_names):
        if rng.random() < 1 / 2:
            written.preferred = rng.choice(short)
        else:
            written.given = rng.choice(short)
    if human.english and happens("english-name", _ENGLISH):
        if rng.random() < 2 / 3:
            written.preferred = human.english
        else:
            written.given = human.english
    if human.former and happens("former-name", _FORMER):
        if rng.random() < _FORMER_BESIDE:
            written.former = human.former
        else:
            written.family = human.former
    other = [adult.family for adult in family.adults if adult.family != human.family]
    if not human.adult and other and happens("other-parents-name", _OTHER_PARENT):
        written.family = rng.choice(other)


def _other_forms(rng: Random, written: Written, style: str, happens: Happens) -> None:
    words = written.family.replace("-", " ").split()
    if len(words) > 1 and happens("part-of-surname-lost", _PART_LOST):
        written.family = rng.choice(words)
    _, _, rest = written.given.partition(" ")
    if rest and happens("first-name-lost", _FIRST_LOST):
        written.given = rest
    for part in ("given", "family"):
        word: str = getattr(written, part)
        others = SPELLINGS.get(word) or SPELLINGS.get(word.partition(" ")[0])
        if others and happens(f"{part}-spelt", _SPELT):
            setattr(written, part, " ".join([rng.choice(others), *word.split(" ")[1:]]))
        word = getattr(written, part)
        if "-" in word and happens("hyphen", _HYPHEN):
            joined = word.replace("-", "").capitalize() if style == "chinese" else word.replace("-", " ")
            setattr(written, part, rng.choice((joined, word.replace("-", " "))))
        if without_accents(word) != word and rng.random() < _ACCENTS:
            setattr(written, part, without_accents(getattr(written, part)))


def _birth(rng: Random, written: Written, family: Family, human: Human, careless: float, happens: Happens) -> None:
    year, month, day = written.birth.split("-")
    if int(day) <= 12 and day != month and happens("day-month", _DAY_MONTH * careless):  # noqa: PLR2004 - months
        written.birth = f"{year}-{day}-{month}"
    elif happens("digit", _DIGIT * careless):
        written.birth = _another_digit(rng, year, month, day)
    elif happens("year-only", _YEAR_ONLY * careless):
        written.birth = year
    elif happens("guessed", _GUESSED * careless):
        written.birth, written.estimated = str(int(year) + rng.choice((-1, 0, 0, 1))), True
    elif happens("first-of-january", _FIRST_OF_JANUARY * careless):
        written.birth = f"{year}-01-01"
    elif len(family.children) > 1 and not human.adult and happens("siblings-date", _SIBLINGS * careless):
        written.birth = rng.choice(family.children).born.isoformat()


def _another_digit(rng: Random, year: str, month: str, day: str) -> str:
    """A date that is a date, with another day, month or last digit of the year."""
    kind = rng.choice("dmy")
    if kind == "d":
        return f"{year}-{month}-{rng.randrange(1, 29):02d}"
    if kind == "m":
        return f"{year}-{rng.randrange(1, 13):02d}-{min(int(day), 28):02d}"
    return f"{year[:3]}{rng.randrange(10)}-{month}-{min(int(day), 28):02d}"


def typed(rng: Random, word: str) -> str:
    """A letter doubled, lost, swapped with its neighbour or hit beside the right key."""
    at = rng.randrange(1, len(word) - 1)
    letter = word[at]
    beside = _KEYS[(_KEYS.find(letter.lower()) + 1) % len(_KEYS)]
    return rng.choice(
        (
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + letter + word[at + 2 :],
            word[:at] + beside + word[at + 1 :],
        )
    )


def misread(rng: Random, word: str) -> str:
    """A letter read as another that looks like it, as a scanner does."""
    able = [(one, other) for one, other in _MISREAD if one in word[1:]]
    if not able:
        return word
    one, other = rng.choice(able)
    return word[0] + word[1:].replace(one, other, 1)
