"""By which keys somebody who may be known is looked up. One key in common makes two people candidates, no more.

No key is made of a date of birth or a postcode alone, and none has an empty part. Names go in by their sound and
nicknames by one stand-in. Which slips each key outlives:

nhs, upn, ni    everything but a slip in the number itself
birth-given     another family name, a move; day and month swapped
birth-family    another given name, a move; day and month swapped
birth-postcode  both names; day and month swapped
name-year       a wrong day or month of birth, a move; given and family name swapped
name-postcode   a wrong or missing date of birth; given and family name swapped
house-given     another family name, a wrong or missing date of birth
contact         a move, another family name, a wrong or missing date of birth
parent, child   a move, another family name of the child, a wrong or missing date of birth
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.matching.dates import FULL, unordered
from hub.matching.features import Features
from hub.matching.nicknames import stand_in
from hub.matching.sounds import sound

_MOST = 2  # of what somebody has several of


def blocking_keys(f: Features) -> tuple[tuple[str, str], ...]:
    """(kind, plain value), each once. The caller hashes: the values are personal."""
    given = sound(stand_in(f.given_words[0])) if f.given_words else ""
    families = tuple(dict.fromkeys(sound(word) for word in f.family_words))[:_MOST]
    return tuple(dict.fromkeys([*_numbers(f), *_birth(f, given, families), *_home(f, given, families), *_people(f)]))


def _numbers(f: Features) -> Iterator[tuple[str, str]]:
    yield from (("nhs", value) for value in f.nhs)
    yield from (("upn", value) for value in f.upn)
    yield from (("ni", value) for value in f.ni)


def _birth(f: Features, given: str, families: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if f.birth and not f.expected:
        if given:
            for family in families:
                yield "name-year", f"{_sorted(given, family)}|{f.birth[:4]}"
        if len(f.birth) == FULL:
            day = unordered(f.birth)
            if given:
                yield "birth-given", f"{day}|{given}"
            for family in families:
                yield "birth-family", f"{day}|{family}"
            if f.postcode:
                yield "birth-postcode", f"{day}|{f.postcode}"


def _home(f: Features, given: str, families: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if given and f.postcode:
        for family in families:
            yield "name-postcode", f"{_sorted(given, family)}|{f.postcode}"
        if f.house:
            yield "house-given", f"{f.postcode}|{f.house}|{given[0]}"


def _people(f: Features) -> Iterator[tuple[str, str]]:
    for each in f.contacts[:_MOST]:
        yield "contact", each
    if not f.given or f.given_words[0] == "":
        return
    if not f.adult:
        for adult in f.adults[:_MOST]:
            yield "parent", f"{adult}|{stand_in(f.given[0])}"
    elif f.family:
        for child in f.children[:_MOST]:
            yield "child", f"{f.given[0]} {f.family[0]}|{stand_in(child)}"


def _sorted(given: str, family: str) -> str:
    return f"{given}|{family}" if given < family else f"{family}|{given}"
