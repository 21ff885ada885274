"""Addresses as they are compared: postcode, house and the words of the street."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from events.description import Address
from hub.identifiers import is_pseudo_postcode
from hub.matching.names import folded

_HOUSE: Final = re.compile(r"[0-9]{1,5} ?[a-z]?(?![a-z])")
_UNIT: Final = re.compile(r"\b(?:flat|apartment|apt|unit|room) ?([0-9a-z]{1,4})\b")
_SHORT: Final = {"rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "cl": "close", "ln": "lane"} | {
    "dr": "drive", "ct": "court", "cres": "crescent", "gdns": "gardens", "pl": "place", "sq": "square",
}  # fmt: skip
_POSTCODE_SIGNS: Final = re.compile(r"[^0-9A-Z]+")
_SHORTEST_POSTCODE: Final = 3
_INWARD: Final = 3
_UK: Final = re.compile("[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


class Place(NamedTuple):
    """Where somebody lives; every part may be empty. `house` has its flat first: `3/12a`."""

    postcode: str = ""
    house: str = ""
    street: str = ""
    uprn: str = ""
    town: str = ""


def place(address: Address | None) -> Place:
    """The parts of an address. A pseudo postcode stands for a situation and not for a place, so it is left out."""
    return _place(address.lines, address.postcode, address.uprn, address.town) if address else Place()


@lru_cache(maxsize=1_000)  # each of a household has the same
def _place(lines: tuple[str, ...], postcode: str | None, uprn: str | None, town: str | None) -> Place:
    text = " ".join(folded(line) for line in lines if line)
    unit = _UNIT.search(text)
    bare = text.replace(unit[0], " ", 1) if unit else text
    number = _HOUSE.search(bare)
    house = number[0].replace(" ", "") if number else ""
    if unit:
        house = f"{unit[1]}/{house}"
    after = bare[number.end() :] if number else bare
    street = " ".join(_SHORT.get(word, word) for word in after.split()[:3])
    return Place(plain_postcode(postcode), house, street, uprn or "", folded(town or ""))


def plain_postcode(text: str | None) -> str:
    """Capital letters and digits; empty for a pseudo code and for what has no digit. Other countries' are kept."""
    found = _POSTCODE_SIGNS.sub("", (text or "").upper())
    if len(found) < _SHORTEST_POSTCODE or is_pseudo_postcode(found) or not any(sign.isdigit() for sign in found):
        return ""
    return found


def outward(postcode: str) -> str:
    """The district of a United Kingdom postcode (`PE29` of `PE291AA`); of another one nothing."""
    return postcode[:-_INWARD] if _UK.fullmatch(postcode) else ""
