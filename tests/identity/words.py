"""Identity decisions in domain words, over a real hub: `await register.merge(ann, anna)`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from events.database import Row
from events.doubt import DoubtDetails, DoubtedPair, DoubtOutcome, PersonDoubted
from events.envelope import Draft, stream
from events.log import Append
from events.person import PersonDetails, PersonRecorded
from hub.bootstrap import Hub
from hub.identity.commands import (
    Along,
    Done,
    IdentityCommand,
    MergeFamilies,
    MergePeople,
    SettleDoubt,
    SplitFamily,
    SplitPeople,
    TakeOut,
    Undo,
)
from hub.identity.deciding import decide_identity
from hub.identity.history import of_people
from tests.intake.words import NOW, TRUST, a_child, a_receipt, a_referral, an_arrival
from tests.spec import provenance

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
REVIEWER = "reviewer-7"
BECAUSE = "Both schools confirmed it by telephone."


@dataclass(frozen=True)
class Child:
    """Somebody intake made, and the family made for them."""

    person_id: UUID
    family_id: UUID
    submission_id: UUID


@dataclass
class Register:
    """What a reviewer does, each decision under a key of its own unless one is given."""

    hub: Hub

    async def child(self) -> Child:
        """A new child in a new family, by an agency's referral; like nobody else."""
        chance = uuid4()
        words = str(chance).translate(_LETTERS)
        born = date(2010, 1, 1) + timedelta(days=chance.int % 5_000)
        postcode = f"CB{chance.int % 20 + 1} {chance.int % 9 + 1}{words[9:11].upper()}"
        child = a_child(words[:8].title(), words[24:].title(), born.isoformat(), postcode=postcode)
        arrival = an_arrival(a_referral(child))
        await self.hub.intake.submit(arrival)
        written = await self.hub.log.read_correlated(arrival.submission_id)
        ids = {record.type: UUID(record.stream.partition("/")[2]) for record in written}
        return Child(ids["person.recorded"], ids["family.opened"], arrival.submission_id)

    async def doubted(self, *candidates: Child, beside: Child | None = None) -> tuple[Child, UUID]:
        """A new child who may be one of these, and the doubt's id; `beside`: told of with this one."""
        child, doubt_id = await self.child(), uuid4()
        if beside is not None:
            child = replace(child, submission_id=beside.submission_id)
        event = PersonDoubted(
            doubt_id=doubt_id,
            person_id=child.person_id,
            family_id=child.family_id,
            submission_id=child.submission_id,
            candidates=tuple(one.person_id for one in candidates),
            details=DoubtDetails(
                pairs=tuple(
                    DoubtedPair(person_id=one.person_id, score=900, reasons=("Same name",)) for one in candidates
                )
            ),
        )
        draft = Draft(stream("person", child.person_id), event, NOW, child.person_id)
        await self.hub.log.append(Append((draft,), replace(provenance(), correlation_id=child.submission_id)))
        return child, doubt_id

    async def told_again(self, child: Child) -> UUID:
        """Another agency tells something about somebody who is known; its submission."""
        told = (await of_people(self.hub, [child.person_id])).events()
        first = next(each.event for each in told if isinstance(each.event, PersonRecorded))
        assert isinstance(first.details, PersonDetails)
        arrival = an_arrival(a_receipt(first.details.person), TRUST)
        await self.hub.intake.submit(arrival)
        return arrival.submission_id

    async def merge(self, one: Child, other: Child, *, one_family: bool = False, key: str | None = None) -> Done:
        return await self.decide(MergePeople(one.person_id, other.person_id, one_family, **self._by(key)))

    async def split(self, *people: Child, key: str | None = None) -> Done:
        return await self.decide(SplitPeople(tuple(one.person_id for one in people), **self._by(key)))

    async def merge_families(self, one: Child, other: Child) -> Done:
        return await self.decide(MergeFamilies(one.family_id, other.family_id, **self._by(None)))

    async def split_family(self, *people: Child) -> Done:
        return await self.decide(SplitFamily(tuple(one.family_id for one in people), **self._by(None)))

    async def same(self, doubted: tuple[Child, UUID], as_: Child, *, one_family: bool = False) -> Done:
        child, doubt_id = doubted
        command = SettleDoubt(doubt_id, child.person_id, DoubtOutcome.SAME, as_.person_id, one_family, **self._by(None))
        return await self.decide(command)

    async def both(self, outcome: DoubtOutcome, *ends: tuple[tuple[Child, UUID], Child], one_family: bool) -> Done:
        """Several doubts ended at once: each doubted child with the candidate."""
        (first, first_id), candidate = ends[0]
        same_as = candidate.person_id if outcome is DoubtOutcome.SAME else None
        along = tuple(Along(id_, child.person_id, known.person_id) for (child, id_), known in ends[1:])
        command = SettleDoubt(first_id, first.person_id, outcome, same_as, one_family, along, **self._by(None))
        return await self.decide(command)

    async def different(self, doubted: tuple[Child, UUID]) -> Done:
        child, doubt_id = doubted
        return await self.decide(SettleDoubt(doubt_id, child.person_id, DoubtOutcome.DIFFERENT, **self._by(None)))

    async def take_out(self, submission_id: UUID, key: str | None = None) -> Done:
        return await self.decide(TakeOut(submission_id, **self._by(key)))

    async def undo(self, done: Done) -> Done:
        return await self.decide(Undo(done.decision_id, **self._by(None)))

    async def decide(self, command: IdentityCommand) -> Done:
        return await decide_identity(self.hub, command)

    async def people(self) -> set[frozenset[UUID]]:
        """The blocks of people, as the decision table has them."""
        return _blocks(await self.hub.pool.fetch("SELECT person_id, belongs_to FROM decide.person"))

    async def families(self) -> set[frozenset[UUID]]:
        """The blocks of families."""
        return _blocks(await self.hub.pool.fetch("SELECT family_id, belongs_to FROM decide.family"))

    async def apart(self) -> set[frozenset[UUID]]:
        """The pairs of people who were decided to be two."""
        return {frozenset(row) for row in await self.hub.pool.fetch("SELECT one, other FROM decide.distinct")}

    async def told(self, done: Done) -> list[str]:
        """The types of what a decision wrote, in order."""
        return [record.type for record in await self.hub.log.read_correlated(done.decision_id)]

    @staticmethod
    def _by(key: str | None) -> dict[str, Any]:
        return {"actor": REVIEWER, "key": key or str(uuid4()), "reason": BECAUSE}


def _blocks(rows: Iterable[Row]) -> set[frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for one, belongs_to in rows:
        found.setdefault(belongs_to, set()).add(one)
    assert all(belongs_to in block for belongs_to, block in found.items()), "a block is called by one of its own"
    return {frozenset(block) for block in found.values()}


def blocks_of(*groups: Iterable[Child]) -> set[frozenset[UUID]]:
    """Blocks of people in a test's own words."""
    return {frozenset(child.person_id for child in group) for group in groups}


def families_of(*groups: Iterable[Child]) -> set[frozenset[UUID]]:
    """Blocks of their families."""
    return {frozenset(child.family_id for child in group) for group in groups}
