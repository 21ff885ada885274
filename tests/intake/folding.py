"""The decision tables, folded from the log alone by rules of this file's own, and the live ones to hold them against.

What is folded says what each table means; nothing here is shared with the code that writes them but how a description
is hashed (`hub.refold.said`). Not on the log, so not folded:

person.number     only the order of people is; a transaction that rolled back has used a number up
person.version    counts writes of a row, so that two writers notice each other
person.sealed     sealed anew at each write; what is in it is compared, opened
unfolded          work that is left after a schema step
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from events.agency import AgencyRegistered, AgencySuspended
from events.doubt import DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Erased, Recorded
from events.family import FamilyOpened, MatterOpened, MatterRouted, PersonLinked
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit, SubmissionTakenOut
from events.referral import InformationReceived, ReferralReceived
from events.submission import ReviewRaised, SubmissionAccepted, SubmissionRefused
from hub.arrival import Outcome
from hub.bootstrap import Hub
from hub.feature_seal import FeatureSeal
from hub.index import Index
from hub.matching.together import together
from hub.refold import said

Tables = dict[str, Any]
NOT_FOLDED = {"unfolded": {"family_id"}, "person": {"number", "version"}}


@dataclass
class Fold:
    """The tables as far as the log was read."""

    index: Index
    agencies: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    submissions: dict[UUID, list[Any]] = field(default_factory=dict)
    matters: dict[UUID, UUID] = field(default_factory=dict)
    queues: dict[UUID, str | None] = field(default_factory=dict)
    led_by: dict[UUID, UUID | None] = field(default_factory=dict)
    family_blocks: dict[UUID, UUID] = field(default_factory=dict)
    family_of: dict[UUID, UUID] = field(default_factory=dict)
    person_blocks: dict[UUID, UUID] = field(default_factory=dict)
    referrals: dict[tuple[str, str], tuple[UUID, UUID, UUID]] = field(default_factory=dict)
    apart: dict[UUID, set[frozenset[UUID]]] = field(default_factory=lambda: defaultdict(set))
    doubts: dict[UUID, PersonDoubted] = field(default_factory=dict)
    settled: dict[UUID, UUID] = field(default_factory=dict)
    named: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)

    def all(self, told: Sequence[Recorded]) -> Tables:
        """Every table, by its name in the schema `decide`."""
        in_order = sorted(told, key=lambda each: each.record.position)
        for _, decided in groupby(in_order, key=lambda each: getattr(each.event, "decision_id", each.record.id)):
            self._decision(list(decided))
        return self._tables(in_order)

    def _decision(self, decided: list[Recorded]) -> None:
        before = dict(self.person_blocks)
        for each in decided:
            self._submission(each)
            self._family(each)
            self._identity(each)
        parted = [each.event for each in decided if isinstance(each.event, PersonSplit) and each.event.undoes is None]
        if parted:
            self.apart[parted[0].decision_id] |= {
                frozenset((one, other))
                for one in before
                for other in before
                if before[one] == before[other] and self.person_blocks[one] != self.person_blocks[other]
            }

    def _submission(self, told: Recorded) -> None:
        record = told.record
        match told.event:
            case AgencyRegistered() as event:
                agreed = (tuple(event.purposes), tuple(event.bases))
                self.agencies[event.code] = (event.kind, event.title, event.identifier, *agreed, False)
            case AgencySuspended() as event:
                self.agencies[event.code] = (*self.agencies[event.code][:-1], True)
            case SubmissionAccepted() | SubmissionRefused() as event:
                code = event.code if isinstance(event, SubmissionRefused) else ""
                ended = (Outcome.REFUSED.value, code) if code else (Outcome.ACCEPTED.value, "")
                place = (record.agency, event.idempotency, event.fingerprint)
                self.submissions[event.submission_id] = [*place, record.occurred_at, *ended]
            case ReviewRaised() as event:
                assert not isinstance(event.details, Erased)
                self.submissions[event.submission_id][-2:] = [Outcome.REVIEW.value, event.details.reason]
            case _:
                pass

    def _family(self, told: Recorded) -> None:
        match told.event:
            case FamilyOpened(family_id=family_id):
                self.family_blocks[family_id] = family_id
                self.queues[family_id] = None
            case MatterOpened() as event:
                self.matters[event.family_id] = event.matter_id
            case MatterRouted() as event:
                assert not isinstance(event.details, Erased)
                self.queues[event.family_id] = event.details.queue
                self.led_by[event.family_id] = event.submission_id
            case PersonLinked() | PersonDoubted() as event:
                self.family_of.setdefault(event.person_id, event.family_id)
                self.person_blocks.setdefault(event.person_id, event.person_id)
            case ReferralReceived() | InformationReceived() as event:
                self._told(told, event)
            case _:
                pass

    def _told(self, told: Recorded, event: ReferralReceived | InformationReceived) -> None:
        """Where it was taken out of another family, each person named there is not the one named here."""
        for old, new in zip(self.named.get(event.submission_id, ()), event.people, strict=False):
            block = (one for one, belongs_to in self.person_blocks.items() if belongs_to == self.person_blocks[old])
            self.apart[told.record.correlation_id] |= {frozenset((one, new)) for one in block}
        again = event.submission_id in self.named
        self.named[event.submission_id] = event.people
        if isinstance(event, InformationReceived):
            return
        now = (event.referral_id, event.family_id, event.matter_id)
        if again:
            self.referrals |= {key: now for key, row in self.referrals.items() if row[0] == event.referral_id}
        elif not isinstance(event.details, Erased) and (reference := event.details.source.case_reference):
            self.referrals[told.record.agency, self.index.hex("case-reference", told.record.agency, reference)] = now

    def _identity(self, told: Recorded) -> None:
        match told.event:
            case PersonMerged() | PersonSplit() as event:
                self.person_blocks[event.person_id] = event.belongs_to
                self._undone(event.undoes)
            case FamilyMerged() | FamilySplit() as event:
                self.family_blocks[event.family_id] = event.belongs_to
                self._undone(event.undoes)
            case SubmissionTakenOut() as event:
                if self.led_by.get(event.family_id) == event.submission_id:
                    self.queues[event.family_id] = None
            case PersonDoubted() as event:
                self.doubts[event.doubt_id] = event
                self._undone(self.settled.get(told.record.causation_id or event.doubt_id))
            case DoubtSettled() as event:
                self.settled[told.record.id] = event.decision_id
                if event.outcome is DoubtOutcome.DIFFERENT:
                    others = self._blocks_of(self.doubts[event.doubt_id].candidates)
                    own = set(self._blocks_of([event.person_id]))
                    self.apart[event.decision_id] |= {frozenset((one, other)) for one in own for other in others}
            case _:
                pass

    def _blocks_of(self, people: Iterable[UUID]) -> list[UUID]:
        called = {self.person_blocks[one] for one in people}
        return [one for one, belongs_to in self.person_blocks.items() if belongs_to in called]

    def _undone(self, decision_id: UUID | None) -> None:
        if decision_id is not None:
            self.apart.pop(decision_id, None)

    def _tables(self, told: Sequence[Recorded]) -> Tables:
        streams: dict[str, list[Recorded]] = defaultdict(list)
        for each in told:
            streams[each.record.stream].append(each)
        words = said(streams, self.index)
        keys = {(key, each) for each, told in words.items() for one in told for key in (*one.keys, one.words)}
        return {
            "agency": {(code, *row) for code, row in self.agencies.items()},
            "submission": {(row[0], row[1], row[2], each, *row[3:]) for each, row in self.submissions.items()},
            "family": {
                (each, self.matters[each], self.queues[each], belongs_to)
                for each, belongs_to in self.family_blocks.items()
            },
            "person": [
                (
                    each,
                    self.family_of[each],
                    belongs_to,
                    words[each][0].described if words[each] else b"",
                    together([one.features for one in words[each]]),
                )
                for each, belongs_to in self.person_blocks.items()
            ],
            "match_key": keys,
            "referral": {(*key, *row) for key, row in self.referrals.items()},
            "distinct": {(*sorted(pair), decision) for decision, pairs in self.apart.items() for pair in pairs},
        }


async def live(hub: Hub) -> Tables:
    """The same tables as they stand in PostgreSQL."""

    async def rows(columns: str, table: str) -> set[tuple[Any, ...]]:
        found = await hub.pool.fetch(f"SELECT {columns} FROM decide.{table}")  # noqa: S608
        return {tuple(tuple(one) if isinstance(one, list) else one for one in row) for row in found}

    seal = FeatureSeal(hub.index)
    people = await hub.pool.fetch("SELECT * FROM decide.person ORDER BY number")
    return {
        "agency": await rows("code, kind, title, identifier, purposes, bases, suspended", "agency"),
        "submission": await rows(
            "agency, idempotency, fingerprint, submission_id, received_at, outcome, code", "submission"
        ),
        "family": await rows("family_id, matter_id, queue, belongs_to", "family"),
        "person": [
            (
                row["person_id"],
                row["family_id"],
                row["belongs_to"],
                row["described"],
                seal.open(row["person_id"], row["sealed"]),
            )
            for row in people
        ],
        "match_key": await rows("key, person_id", "match_key"),
        "referral": await rows("agency, reference, referral_id, family_id, matter_id", "referral"),
        "distinct": await rows("one, other, decision_id", "distinct"),
    }
