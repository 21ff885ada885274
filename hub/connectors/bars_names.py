"""Which of a person's names is which: official, then usual, then the first that has not ended (standards.md §4)."""

from __future__ import annotations

from datetime import date
from typing import Final

from events.description import Name
from hub.connectors.bars_nodes import line, nodes, texts
from hub.connectors.bars_reader import Node
from hub.connectors.bars_times import ended

_PREFERENCE: Final = {"official": 0, "usual": 1}
_FORMER: Final = frozenset({"old", "maiden"})


def name_of(source: Node, on: date) -> Name:
    """The legal name, with the preferred and the former one apart."""
    given = nodes(source, "name")
    former = [each for each in given if line(each, "use") in _FORMER or ended(each, on)]
    current = [each for each in given if each not in former and line(each, "use") not in ("nickname", "anonymous")]
    ranked = sorted(current or given, key=lambda each: _PREFERENCE.get(line(each, "use") or "", 2))
    if not ranked:
        return Name()
    legal = ranked[0]
    first, *others = [" ".join(each.split()) for each in texts(legal, "given")] or [""]
    family = line(legal, "family")
    spoken = [each for each in ranked[1:] if line(each, "use") == "usual"] if line(legal, "use") == "official" else []
    spoken += [each for each in given if line(each, "use") == "nickname"]
    past = [each for each in former if each is not legal]
    return Name(
        # A name given as one text is not cut: which part is the family's would be a guess.
        family=family or (None if first else line(legal, "text")),
        given=first or None,
        middle=" ".join(others) or None,
        preferred_family=_differing(spoken, "family", family),
        preferred_given=_differing(spoken, "given", first),
        former_family=_differing(past, "family", family),
        former_given=_differing(past, "given", first),
    )


def _differing(names: list[Node], key: str, legal: str | None) -> str | None:
    found = (line(each, key) for each in names)
    return next((value for value in found if value and value != legal), None)


def full_name(name: Name) -> str:
    """Given and family name in one line; empty if there is none."""
    return " ".join(part for part in (name.given, name.middle, name.family) if part)
