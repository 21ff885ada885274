"""What a page says of two people or two families who may be one: side by side, and how they compare in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from hub.identity.likeness import Alike
from hub.web import dates, likely
from hub.web.described import Compared, Described
from hub.web.doubt_view import Evidence, weighed
from hub.web.family_sides import Families, family_sides
from hub.web.side_by_side import sides

_MOST: Final = 6
_NOT_COMPARED: Final = "Nothing that is known of them can be compared."
_NOBODY: Final = "Nobody in one family is like anybody in the other."
_HIDDEN: Final = (
    "Somebody in one of these families has a protected address, so no address and no contact is shown here, and "
    "nothing says whether they agree."
)


def of_people(both: Compared, found: Sequence[Alike], today: date) -> dict[str, object]:
    """Values of the page about two people."""
    name = both.candidates[0].name if both.candidates else both.new.name
    evidence = [_evidence(name, each, hidden=both.hidden) for each in found]
    return {
        "sides": sides(both, today, "This person", "The other person"),
        "why": [said for each in found for said in likely.against(each)],
        "why_title": "What speaks against it",
        "legend": "Are they the same person?",
        "hidden": _HIDDEN if both.hidden else "",
        "evidence": evidence or [Evidence(name, (), _NOT_COMPARED)],
    }


def of_families(both: Families, one: UUID, other: UUID, found: Sequence[Alike]) -> dict[str, object]:
    """Values of the page about two families; `found` compares everybody in one with everybody in the other."""
    names = {each.person_id: each.display_name for members in both.members.values() for each in members}
    pairs = [each for each in found if each.speaks_for and each.one in names and each.other in names]
    evidence = [
        _evidence(f"{names[each.one]}, and {names[each.other]} in the other family", each, hidden=both.hidden)
        for each in pairs[:_MOST]
    ]
    return {
        "sides": family_sides(both, one, other),
        "why": [] if both.hidden else [f"{words}." for words in _shared(found)],
        "why_title": "What somebody in each family has in common",
        "hidden": _HIDDEN if both.hidden else "",
        "evidence": evidence or [Evidence("People", (), _NOBODY)],
        "legend": "Are they one family?",
        "families": True,
    }


def named(person: Described) -> str:
    """`Sam Madeup, born 9 April 2016`."""
    return f"{person.name}, {dates.born(person.birth)}"


def _evidence(name: str, found: Alike, *, hidden: bool) -> Evidence:
    pair = likely.without_places(found.pair) if hidden else found.pair
    return Evidence(name, tuple(weighed(pair)), _NOT_COMPARED)


def _shared(found: Iterable[Alike]) -> list[str]:
    """What anybody of one has in common with anybody of the other, each once."""
    return list(dict.fromkeys(words for each in found for words in each.shared))
