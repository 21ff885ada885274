"""How the same family looks in another agency's records: slips of the pen, old addresses, other spellings.

`as_known` never changes who the people are; what it changed is told, so that the ground truth can say it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from hub.synth.identifiers import wrong_check
from hub.synth.names import NICKNAMES, SPELLINGS
from hub.synth.people import Child, Family

_LETTERS_WITHOUT_PARTS: Final = str.maketrans({"ł": "l", "Ł": "L", "’": "'", "Ọ": "O"})  # noqa: RUF001
_SHORTEST_MISSPELT: Final = 4


Slips = Mapping[str, tuple[str, ...]]  # by the key of the child


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of tellings with each kind of slip, 0 to 1."""

    nickname: float = 0.05
    spelling: float = 0.3
    typing: float = 0.05
    accents_dropped: float = 0.25
    wrong_check: float = 0.04
    number_missing: float = 0.15
    old_address: float = 0.5


USUAL: Final = Rates()


def as_known(family: Family, rng: Random, rates: Rates = USUAL) -> tuple[Family, Slips]:
    """The family as one agency wrote it down on one day, and the slips made with each child."""
    moved: tuple[str, ...] = ()
    home = family.home
    if family.moved is not None:
        old = rng.random() < rates.old_address
        moved, home = (("old-address",), home) if old else (("new-address",), family.moved)
    written = [_child_as_known(child, rng, rates) for child in family.children]
    known = replace(family, home=home, children=tuple(child for child, _ in written))
    return known, {child.key: (*slips, *moved) for child, slips in written}


def _child_as_known(child: Child, rng: Random, rates: Rates) -> tuple[Child, list[str]]:
    slips: list[str] = []
    given, surname = _name_as_known(child, rng, rates, slips)
    nhs, upn = child.nhs, child.upn
    if (nhs or upn) and rng.random() < rates.number_missing:
        nhs = upn = None
        slips.append("number-missing")
    elif (nhs or upn) and rng.random() < rates.wrong_check:
        nhs, upn = nhs and wrong_check(nhs, rng), upn and wrong_check(upn, rng)
        slips.append("wrong-check")
    return replace(child, given=given, surname=surname, nhs=nhs, upn=upn), slips


def _name_as_known(child: Child, rng: Random, rates: Rates, slips: list[str]) -> tuple[str, str]:
    given, surname = child.given, child.surname
    if given in NICKNAMES and rng.random() < rates.nickname:
        given = NICKNAMES[given]
        slips.append("nickname")
    if rng.random() < rates.spelling and (given in SPELLINGS or surname in SPELLINGS):
        given, surname = SPELLINGS.get(given, given), SPELLINGS.get(surname, surname)
        slips.append("spelling")
    if rng.random() < rates.typing and (typed := mistyped(surname, rng)) != surname:
        surname = typed
        slips.append("typing")
    plain = without_accents(given), without_accents(surname)
    if plain != (given, surname) and rng.random() < rates.accents_dropped:
        given, surname = plain
        slips.append("accents-dropped")
    return given, surname


def mistyped(word: str, rng: Random) -> str:
    """One letter doubled, lost or swapped with its neighbour."""
    if len(word) < _SHORTEST_MISSPELT:
        return word
    at = rng.randrange(1, len(word) - 2)
    return rng.choice(
        (
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def without_accents(word: str) -> str:
    """A name as an older system stores it."""
    parts = unicodedata.normalize("NFD", word.translate(_LETTERS_WITHOUT_PARTS))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
