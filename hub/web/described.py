"""Everything known of the people of a doubt, to compare them: who they are, with whom, told by which agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.database import Connection
from hub.web.words import HUB
from projections.agencies import agencies
from projections.belonging import Block, block_of_family, blocks_of_people
from projections.chronicle import tellers
from projections.doubts import Doubt
from projections.household import Member, Named, households, names


@dataclass(frozen=True, slots=True)
class Described:
    """One person as far as the hub knows them.

    `member` is None while nothing of their description is carried yet. `others`: who else is in their families, by
    name. `agencies`: code and title of who told anything about these families. `families` by representative.
    """

    person_id: UUID
    name: str
    birth: str | None
    member: Member | None
    others: tuple[str, ...]
    agencies: tuple[tuple[str, str], ...]
    families: tuple[UUID, ...]
    erased_since: datetime | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The new person and the candidates, the likeliest first; `schools` maps a setting's public number to its title.

    `hidden`: somebody in one of these families is protected, so no place may be shown of anybody here.
    """

    new: Described
    candidates: tuple[Described, ...]
    schools: Mapping[str, str]
    hidden: bool


async def compared(connection: Connection, doubt: Doubt) -> Compared:
    """The people of a doubt."""
    home = await block_of_family(connection, doubt.family_id)
    families_of: dict[UUID, tuple[UUID, ...]] = {doubt.person_id: (home.representative,)}
    return await people_compared(
        connection, families_of | {candidate.person_id: candidate.family_ids for candidate in doubt.candidates}
    )


async def people_compared(connection: Connection, families_of: Mapping[UUID, tuple[UUID, ...]]) -> Compared:
    """These people with their families, the first of them as the new one."""
    called = await names(connection, families_of)
    blocks = await blocks_of_people(connection, list(families_of))
    every_family = {family_id for families in families_of.values() for family_id in families}
    homes = await households(connection, every_family)
    told_by = {
        each: [(t.code, t.title) for t in await tellers(connection, each) if t.code != HUB] for each in every_family
    }
    new, *candidates = [
        _described(called[person_id], blocks[person_id], families, homes, told_by)
        for person_id, families in families_of.items()
    ]
    schools = {agency.identifier: agency.title for agency in await agencies(connection)}
    hidden = any(member.hidden for members in homes.values() for member in members)
    return Compared(new, tuple(candidates), schools, hidden)


def _described(
    named: Named,
    block: Block,
    families: Sequence[UUID],
    homes: Mapping[UUID, Sequence[Member]],
    told_by: Mapping[UUID, Sequence[tuple[str, str]]],
) -> Described:
    around = [member for family_id in families for member in homes[family_id]]
    own = [member for member in around if member.person_id in block.atoms]
    others = dict.fromkeys(member.display_name for member in around if member.person_id not in block.atoms)
    return Described(
        person_id=named.person_id,
        name=named.display_name,
        birth=named.birth,
        member=own[0] if own else None,
        others=tuple(others),
        agencies=tuple(dict.fromkeys(each for family_id in families for each in told_by[family_id])),
        families=tuple(families),
        erased_since=named.erased_since,
    )
