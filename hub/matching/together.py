"""What several descriptions of one person say together: each keeps what it says itself, and is silent no more.

Only so does a date of birth that one agency knows speak against somebody whom another described without any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from hub.matching.features import Features

MOST: Final = 4  # descriptions of one person that are compared; the newest count
_MOST_OF_A_KIND: Final = 8
_ALL: Final = ("contacts", "nhs", "upn", "ni", "adults", "kin_around", "children")
_ALONE: Final = ("sex", "school", "middle", "kin")
_GROUPS: Final = (
    ("birth", ("birth", "estimated", "expected")),
    ("postcode", ("postcode", "house", "street", "uprn")),
    ("given", ("given", "given_words")),
    ("family", ("family", "family_words")),
    *((name, (name,)) for name in _ALONE),
)


def together(descriptions: Sequence[Features]) -> list[Features]:
    """The descriptions, the newest first, each completed from the others; equal ones once, and only so many."""
    if len(descriptions) == 1:
        return list(descriptions)
    shared: dict[str, Any] = {name: _union(getattr(each, name) for each in descriptions) for name in _ALL}
    return list(dict.fromkeys(_completed(each, descriptions)._replace(**shared) for each in descriptions))[:MOST]


def _completed(one: Features, descriptions: Sequence[Features]) -> Features:
    lent: dict[str, Any] = {}
    for name, group in _GROUPS:
        if not getattr(one, name):
            lender = next((each for each in descriptions if getattr(each, name)), one)
            lent |= {each: getattr(lender, each) for each in group}
    return one._replace(**lent) if lent else one


def _union(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for value in values for each in value))[:_MOST_OF_A_KIND]
