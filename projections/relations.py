"""Questions of kinship: who is what to whom in a family, and who holds parental responsibility, as agencies told it.

An adult's relationship is to the child that a submission was about; its other children are that child's siblings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from asyncpg import Record

from events.database import Connection
from events.description import Answer, Sex
from projections.agencies import AGENCIES
from projections.belonging import block_of_family, blocks_of_people
from projections.identity import IDENTITY
from projections.kinship import SIBLING, kinship
from projections.people import PEOPLE
from projections.reading import sql
from projections.tellings import Telling, tellings


@dataclass(frozen=True, slots=True)
class Relationship:
    """`person_id` is the `word` ("mother", "step-son") of `other_id`, both called by their representatives.

    `as_told` is the sender's own word, None where it follows (an inverse, a sibling). `told_by` are the titles of the
    agencies that said so, `told_at` is when it was last said.
    """

    person_id: UUID
    other_id: UUID
    word: str
    as_told: str | None
    told_by: tuple[str, ...]
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What one agency last told of parental responsibility: `answer` is YES or NO."""

    person_id: UUID
    child_id: UUID
    answer: Answer
    told_by: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Relations:
    """Of one family, newest first."""

    relationships: tuple[Relationship, ...]
    responsibilities: tuple[Responsibility, ...]


class _Said(NamedTuple):
    """What one submission said of one person and the child it was about."""

    telling: Telling
    person_id: UUID
    child_id: UUID
    agency_title: str
    at: datetime


_NAMINGS: Final = sql(
    """SELECT named.submission_id, named.subject_id, named.people, named.told_at, named.position,
              coalesce(agency.title, named.told_by) AS title
       FROM {people}.named LEFT JOIN {agencies}.agency ON agency.code = named.told_by
       WHERE named.family_id = ANY($1::uuid[])
         AND NOT EXISTS (SELECT FROM {identity}.taken_out AS gone
                         WHERE gone.submission_id = named.submission_id AND gone.family_id = named.family_id)
       ORDER BY named.told_at DESC, named.position DESC""",
    PEOPLE,
    AGENCIES,
    IDENTITY,
)


async def relations(connection: Connection, family_id: UUID) -> Relations:
    """Of the family that this id belongs to."""
    atoms = (await block_of_family(connection, family_id)).atoms
    namings = await connection.fetch(_NAMINGS, atoms)
    people = await blocks_of_people(connection, {person_id for row in namings for person_id in row["people"]})
    called = {atom: block.representative for block in people.values() for atom in block.atoms}
    told = await tellings(connection, called)
    said = list(_said(namings, told, called))
    sexes = _sexes(told, called)
    return Relations(
        tuple(_once(each for one in said for each in _relationships(one, sexes))), tuple(_responsibilities(said))
    )


def _said(
    namings: Iterable[Record], told: Mapping[UUID, list[Telling]], called: Mapping[UUID, UUID]
) -> Iterator[_Said]:
    """Newest first. Who named somebody without a new description said what was said before."""
    for row in namings:
        for person_id in row["people"]:
            own = [telling for telling in told[person_id] if telling.submission_id == row["submission_id"]]
            before = own or [telling for telling in told[person_id] if telling.position <= row["position"]]
            one, child = called[person_id], called[row["subject_id"]]
            if before and one != child:
                yield _Said(before[-1], one, child, row["title"], row["told_at"])


def _sexes(told: Mapping[UUID, list[Telling]], called: Mapping[UUID, UUID]) -> dict[UUID, Sex]:
    found: dict[UUID, tuple[datetime, Sex]] = {}
    for atom, tellings_of in told.items():
        for telling in tellings_of:
            sex = Sex((telling.described or {}).get("sex", Sex.NOT_KNOWN))
            known = found.get(called[atom])
            if sex is not Sex.NOT_KNOWN and (known is None or known[0] <= telling.at):
                found[called[atom]] = (telling.at, sex)
    return {person_id: sex for person_id, (_, sex) in found.items()}


def _relationships(said: _Said, sexes: Mapping[UUID, Sex]) -> Iterator[Relationship]:
    told: str | None = (said.telling.described or {}).get("relationship")
    found = kinship(told) if told else (SIBLING, Sex.NOT_KNOWN) if said.telling.kind == "CHILD" else None
    by = ((said.agency_title,), said.at)
    if found is None:
        if told:
            yield Relationship(said.person_id, said.child_id, told, told, *by)
        return
    kin, sex = found
    own = sexes.get(said.person_id, sex) if sex is Sex.NOT_KNOWN else sex
    yield Relationship(said.person_id, said.child_id, kin.words.of(own), told, *by)
    child = sexes.get(said.child_id, Sex.NOT_KNOWN)
    yield Relationship(said.child_id, said.person_id, kin.inverse.of(child), None, *by)


def _once(found: Iterable[Relationship]) -> list[Relationship]:
    """The same said twice is one, told by both."""
    kept: dict[tuple[UUID, UUID, str], Relationship] = {}
    for each in found:
        before = kept.setdefault((each.person_id, each.other_id, each.word), each)
        told_by = tuple(dict.fromkeys((*before.told_by, *each.told_by)))
        kept[each.person_id, each.other_id, each.word] = replace(
            before, told_by=told_by, as_told=before.as_told or each.as_told
        )
    return list(kept.values())


def _responsibilities(said: Iterable[_Said]) -> Iterator[Responsibility]:
    """The newest word of each agency; who says nothing takes nothing back."""
    heard: set[tuple[UUID, UUID, str]] = set()
    for one in said:
        answer = Answer((one.telling.described or {}).get("parental_responsibility", Answer.NOT_KNOWN))
        place = (one.person_id, one.child_id, one.agency_title)
        if answer in (Answer.YES, Answer.NO) and place not in heard:
            heard.add(place)
            yield Responsibility(one.person_id, one.child_id, answer, one.agency_title, one.at)
