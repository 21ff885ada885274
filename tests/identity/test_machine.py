"""Decisions in any order on a real hub, against the naive model.

After each of them the decision tables say the same, and so does the read model folded from the log with every event
delivered twice.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from events.doubt import PersonDoubted
from events.family import FamilyOpened, PersonLinked
from hub.identity.commands import Done
from hub.identity.refusals import AlreadyDecided, AlreadyOne, DoubtOpen, NothingToUndo, NotTogether
from projections.identity import DOUBT, FAMILY_ALIAS, IDENTITY, PERSON_ALIAS, DoubtRow
from projections.projection import Key, Row, fold_in_memory
from tests.identity.folding import HeldApart
from tests.identity.ground import Ground
from tests.identity.naive import Doubt, Pairs, Partition, Past, Undoable, pairs
from tests.identity.words import Child

Added = Past | MultipleResults[Past]


class Decisions(RuleBasedStateMachine):
    """See `naive`. `ground` is set for a run of all of them."""

    ground: Ground
    children: Bundle[Child] = Bundle("children")
    past: Bundle[Past] = Bundle("past")

    def __init__(self) -> None:
        super().__init__()
        self.register = self.ground.register
        self.people, self.families = Partition(), Partition()
        self.at: dict[UUID, list[Child]] = {}  # whom a submission was told of, the newest last
        self.decided: list[Past] = []
        self.doubts: list[Doubt] = []
        self.open: dict[UUID, Doubt] = {}
        self.rows: dict[tuple[str, Key], Row] = {}
        self.held_apart = HeldApart()

    @initialize(target=children)
    def somebody(self) -> Child:
        return self._known(self.ground.run(self.register.child()))

    @rule(target=children)
    def new(self) -> Child:
        return self._known(self.ground.run(self.register.child()))

    @rule(target=children, one=children, other=children)
    def doubt(self, one: Child, other: Child) -> Child:
        candidates = (one,) if one == other else (one, other)
        child, doubt_id = self.ground.run(self.register.doubted(*candidates))
        self._raised(Doubt(doubt_id, child, candidates))
        return self._known(child)

    @rule(one=children)
    def told_again(self, one: Child) -> None:
        """Intake links another submission to somebody who is known, merged or not: no identity changes."""
        if self.at[one.submission_id] == [one]:  # taken out once, the words could mean either
            self._carry(self.ground.run(self.register.told_again(one)))

    @rule(target=children, one=children)
    def take_out(self, one: Child) -> Child | MultipleResults[Child]:
        """Whoever it was told of is another from then on, wherever the submission stood by now."""
        taken_out = self.register.take_out(one.submission_id)
        moved = self.at[one.submission_id]
        old = moved[-1]
        if any(doubt.child == old for doubt in self.open.values()):
            self._refused(taken_out, DoubtOpen)
            return multiple()
        done = self.ground.run(taken_out)
        events = [each.event for each in self.ground.written(done.decision_id)]
        [into] = {event.family_id for event in events if isinstance(event, FamilyOpened)}
        [person_id] = {event.person_id for event in events if isinstance(event, PersonLinked)}
        self.decided.append(Past(done.decision_id, [], pairs(self.people.block(old.person_id), {person_id}), None))
        moved.append(Child(person_id, into, one.submission_id))
        self._refused(self.register.undo(done), NothingToUndo)
        self._carry(done.decision_id)
        return self._known(moved[-1])

    @rule(target=past, one=children, other=children, one_family=st.booleans())
    def merge(self, one: Child, other: Child, *, one_family: bool) -> Added:
        merged = self.people.merge(one.person_id, other.person_id)
        if merged is None:
            return self._refused(self.register.merge(one, other), AlreadyOne)
        families = self.families.merge(one.family_id, other.family_id) if one_family else None
        return self._did(self.ground.run(self.register.merge(one, other, one_family=one_family)), [merged, families])

    @rule(target=past, one=children, other=children)
    def merge_families(self, one: Child, other: Child) -> Added:
        merged = self.families.merge(one.family_id, other.family_id)
        if merged is None:
            return self._refused(self.register.merge_families(one, other), AlreadyOne)
        return self._did(self.ground.run(self.register.merge_families(one, other)), [merged])

    @rule(target=past, one=children, data=st.data())
    def split(self, one: Child, data: st.DataObject) -> Added:
        block = self.people.block(one.person_id)
        out = data.draw(st.sets(st.sampled_from(sorted(block)), min_size=1))
        leaving = [Child(each, each, each) for each in sorted(out)]
        if out == block:
            return self._refused(self.register.split(*leaving), NotTogether)
        done = self.ground.run(self.register.split(*leaving))
        return self._did(done, [self.people.split(out)], pairs(out, block - out))

    @rule(target=past, one=children)
    def split_family(self, one: Child) -> Added:
        if len(self.families.block(one.family_id)) == 1:
            return self._refused(self.register.split_family(one), NotTogether)
        return self._did(self.ground.run(self.register.split_family(one)), [self.families.split({one.family_id})])

    @precondition(lambda self: self.doubts)
    @rule(target=past, data=st.data(), one_family=st.booleans())
    def same(self, data: st.DataObject, *, one_family: bool) -> Added:
        doubt = data.draw(st.sampled_from(self.doubts))
        as_ = data.draw(st.sampled_from(doubt.candidates))
        deciding = self.register.same((doubt.child, doubt.doubt_id), as_, one_family=one_family)
        if doubt.doubt_id not in self.open:
            return self._refused(deciding, AlreadyDecided)
        did = [self.people.merge(as_.person_id, doubt.child.person_id)]
        if one_family:
            did.append(self.families.merge(as_.family_id, doubt.child.family_id))
        return self._did(self.ground.run(deciding), did, ended=doubt)

    @precondition(lambda self: self.doubts)
    @rule(target=past, data=st.data())
    def different(self, data: st.DataObject) -> Added:
        doubt = data.draw(st.sampled_from(self.doubts))
        deciding = self.register.different((doubt.child, doubt.doubt_id))
        if doubt.doubt_id not in self.open:
            return self._refused(deciding, AlreadyDecided)
        own = self.people.block(doubt.child.person_id)
        others = [self.people.block(each.person_id) for each in doubt.candidates]
        if own in others:
            return self._refused(deciding, AlreadyOne)
        apart = set[frozenset[UUID]]().union(*(pairs(own, other) for other in others))
        return self._did(self.ground.run(deciding), [], apart, ended=doubt)

    @rule(target=past, earlier=past)
    def undo(self, earlier: Past) -> Added:
        deciding = self.register.undo(Done(earlier.decision_id, {}))
        if earlier.undone:
            return self._refused(deciding, AlreadyDecided)
        did = [part.undo() for part in earlier.did]
        if not any(did) and earlier.ended is None:
            return self._refused(deciding, NothingToUndo)
        earlier.undone = True
        done = self.ground.run(deciding)
        if earlier.ended is not None:
            [again] = [e.event for e in self.ground.written(done.decision_id) if isinstance(e.event, PersonDoubted)]
            self._raised(Doubt(again.doubt_id, earlier.ended.child, earlier.ended.candidates))
        return self._did(done, did)

    @invariant()
    def the_tables_say_the_same(self) -> None:
        assert self.ground.belongs_to("person", self.people.of) == self.people.of
        assert self.ground.belongs_to("family", self.families.of) == self.families.of
        held = {pair for each in self.decided if not each.undone for pair in each.apart}
        assert self.ground.apart(self.people.of) == held == self.held_apart.pairs

    @invariant()
    def the_log_says_the_same(self) -> None:
        for table, partition in ((PERSON_ALIAS, self.people), (FAMILY_ALIAS, self.families)):
            moved = {row[0]: row[1] for row in self._rows_of(table.name)}
            assert {each: moved.get(each, each) for each in partition.of} == partition.of
        doubts = [DoubtRow(*row) for row in self._rows_of(DOUBT.name)]
        assert {row.doubt_id for row in doubts if row.outcome is None} == self.open.keys()

    def _rows_of(self, table: str) -> list[Row]:
        return [row for (name, _), row in self.rows.items() if name == table]

    def _known(self, child: Child) -> Child:
        self.people.add(child.person_id)
        self.held_apart.add(child.person_id)
        self.families.add(child.family_id)
        if child.submission_id not in self.at:
            self.at[child.submission_id] = [child]
            self._carry(child.submission_id)
        return child

    def _raised(self, doubt: Doubt) -> None:
        self.doubts.append(doubt)
        self.open[doubt.doubt_id] = doubt

    def _did(
        self, done: Done, did: Sequence[Undoable | None], apart: Pairs | None = None, ended: Doubt | None = None
    ) -> Past:
        past = Past(done.decision_id, [part for part in did if part is not None], apart or set(), ended)
        if ended is not None:
            del self.open[ended.doubt_id]
        self.decided.append(past)
        self._carry(done.decision_id)
        return past

    def _refused(self, deciding: Coroutine[Any, Any, Done], why: type[Exception]) -> MultipleResults[Past]:
        """Said, and nothing written: the invariants look."""
        try:
            self.ground.run(deciding)
        except why:
            return multiple()
        raise AssertionError(why)

    def _carry(self, correlation_id: UUID) -> None:
        written = self.ground.written(correlation_id)
        self.held_apart.tell(written)
        for recorded in written:
            for _ in range(2):
                fold_in_memory(self.rows, IDENTITY.operations(recorded))


def test_decisions_in_any_order_leave_the_partition_that_they_say(database: str, tmp_path: Path) -> None:
    ground = Ground(database, tmp_path)

    class OnGround(Decisions):
        pass

    OnGround.ground = ground
    try:
        run_state_machine_as_test(
            OnGround,
            settings=settings(
                max_examples=20,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink over a database takes minutes
            ),
        )
    finally:
        ground.close()
