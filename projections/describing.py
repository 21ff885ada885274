"""Many descriptions of one person made one: the newer word wins, what it leaves out stays, what was is not forgotten.

Works on the JSON form of `events.description.Person` with defaults left out, so that "not known" never replaces an
answer. Merging the same description again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from events.description import Person

Described = dict[str, Any]


def described(person: Person) -> Described:
    """The JSON form of a description: only what was said."""
    return person.model_dump(mode="json", exclude_defaults=True)


def merged(newer: Described, older: Described) -> Described:
    """One description of two; lists of identifiers and contacts are united, names keep their parts."""
    both = {**older, **newer}
    if not newer.get("unborn", False):
        both.pop("unborn", None)  # once born, the child stays born
    name = {**older.get("name", {}), **newer.get("name", {})}
    if name:
        both["name"] = name
    for field, key in (("identifiers", ("scheme", "value")), ("contacts", ("kind", "value"))):
        united = _united(newer.get(field, ()), older.get(field, ()), key)
        if united:
            both[field] = united
    return both


def former_names(said: Iterable[Described], now: Described) -> list[Described]:
    """Every legal name that somebody was told to have and that is not the present one, in the order given."""
    present = _legal(now)
    kept: list[Described] = []
    for name in map(_legal, said):
        if name and name != present and name not in kept:
            kept.append(name)
    return kept


def protected(described: Described) -> bool:
    """Whether this description says that the person, or where they live, is to be shown to nobody."""
    return bool(described.get("restricted") or described.get("address", {}).get("restricted"))


def _legal(described: Described) -> Described:
    return {part: value for part, value in described.get("name", {}).items() if part in {"given", "family"}}


def _united(newer: list[Described], older: list[Described], key: tuple[str, str]) -> list[Described]:
    """Newer ones first; of the same one the newer word, but restricted stays restricted."""
    found: dict[tuple[str, str], Described] = {}
    for item in [*newer, *older]:
        place = (item[key[0]], item[key[1]])
        kept = found.setdefault(place, item)
        if item.get("restricted") and not kept.get("restricted"):
            found[place] = {**kept, "restricted": True}
    return list(found.values())
