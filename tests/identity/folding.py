"""The pairs that are held apart, folded from the log alone: what the decision table must hold after a loss."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from events.doubt import DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Recorded
from events.identity import PersonMerged, PersonSplit
from events.referral import InformationReceived, ReferralReceived
from tests.identity.naive import Pairs, Partition, pairs


class HeldApart:
    """Told one decision after the other, as the log has them."""

    def __init__(self) -> None:
        self.by_decision: dict[UUID, Pairs] = {}
        self._people = Partition()
        self._events: dict[UUID, Recorded] = {}
        self._doubts: dict[UUID, PersonDoubted] = {}

    @property
    def pairs(self) -> Pairs:
        return set[frozenset[UUID]]().union(*self.by_decision.values())

    def add(self, person_id: UUID) -> None:
        self._people.of.setdefault(person_id, person_id)

    def tell(self, written: Sequence[Recorded]) -> None:
        """Everything that one command wrote."""
        for recorded in written:
            self._events[recorded.record.id] = recorded
            match recorded.event:
                case DoubtSettled() as event if event.outcome is DoubtOutcome.DIFFERENT:
                    for one in self._doubts[event.doubt_id].candidates:
                        self._hold(event.decision_id, event.person_id, one)
                case PersonDoubted() as event:
                    self._doubts[event.doubt_id] = event
                    self._forget_settled(recorded)
                case ReferralReceived() | InformationReceived() as event if recorded.record.causation_id is not None:
                    original = self._events[recorded.record.causation_id].event
                    assert isinstance(original, ReferralReceived | InformationReceived)
                    for old, new in zip(original.people, event.people, strict=True):
                        self.add(new)
                        self._hold(recorded.record.correlation_id, old, new)
                case _:
                    pass
        self._move([each.event for each in written if isinstance(each.event, PersonMerged | PersonSplit)])

    def _move(self, events: Sequence[PersonMerged | PersonSplit]) -> None:
        before = {each: self._people.block(each) for each in self._people.of}
        for event in events:
            self._people.of[event.person_id] = event.belongs_to
            if event.undoes is not None:
                self.by_decision.pop(event.undoes, None)
        for event in events:
            if isinstance(event, PersonSplit) and event.undoes is None:
                made = self._people.block(event.person_id)
                self.by_decision.setdefault(event.decision_id, set()).update(
                    pairs(made, before[event.person_id] - made)
                )

    def _hold(self, decision_id: UUID, one: UUID, other: UUID) -> None:
        found = pairs(self._people.block(one), self._people.block(other))
        self.by_decision.setdefault(decision_id, set()).update(found)

    def _forget_settled(self, again: Recorded) -> None:
        cause = self._events.get(again.record.causation_id) if again.record.causation_id else None
        if cause is not None and isinstance(cause.event, DoubtSettled):
            self.by_decision.pop(cause.event.decision_id, None)
