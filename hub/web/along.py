"""Others told of together with a doubted person: one answer about the family may end their doubts too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from events.database import Connection
from hub.identity.commands import Along
from hub.web import dates, doubt_view
from projections.doubts import Doubt, doubts_along
from projections.household import Named, names

_NOT_RECORDED: Final = "No reasons were recorded."


@dataclass(frozen=True, slots=True)
class ToldAlong:
    """One of them, and whom they are if that one's family is theirs: `families`, by representative."""

    ends: Along
    name: str
    same_as: str
    families: tuple[UUID, ...]
    evidence: doubt_view.Evidence

    @property
    def words(self) -> str:
        """What it says about this one that all of them are the same."""
        return f"the new {self.name} is {self.same_as}, known already"

    @property
    def words_apart(self) -> str:
        """What it says about this one that all of them are different."""
        return f"the new {self.name} is not {self.same_as}, known already"


async def told_along(connection: Connection, doubt: Doubt, now: datetime) -> list[ToldAlong]:
    """In the order that their doubts were raised in; nobody if the doubt is settled."""
    if doubt.settled is not None:
        return []
    others = await doubts_along(connection, doubt, now)
    sure = [(each, each.if_one_family) for each in others if each.if_one_family is not None]
    called = await names(connection, {id_ for each, candidate in sure for id_ in (each.person_id, candidate)})
    return [_along(each, candidate, called[each.person_id], called[candidate]) for each, candidate in sure]


def of_families(along: Sequence[ToldAlong], families: Collection[UUID]) -> list[ToldAlong]:
    """Those who are somebody of one of these families."""
    return [each for each in along if not set(families).isdisjoint(each.families)]


def _along(doubt: Doubt, candidate: UUID, new: Named, known: Named) -> ToldAlong:
    (own,) = (each for each in doubt.candidates if each.person_id == candidate)
    weighed = tuple(doubt_view.weighed(own.pair)) if own.pair else ()
    return ToldAlong(
        Along(doubt.doubt_id, doubt.person_id, candidate),
        new.display_name,
        known.display_name,
        own.family_ids,
        doubt_view.Evidence(f"The new {_full(new)} and {_full(known)}", weighed, _NOT_RECORDED),
    )


def _full(named: Named) -> str:
    return f"{named.display_name}, {dates.born(named.birth)}" if named.birth else named.display_name
