from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from hub.identity.blocks import Blocks, Moves, NotABlock

A, B, C, D = (UUID(int=number) for number in (1, 2, 3, 4))
APART = Blocks({each: each for each in (A, B, C, D)})


def test_a_merge_moves_the_second_block_whole_and_keeps_the_name_of_the_first() -> None:
    blocks = APART.after(APART.merge(C, D))
    assert blocks.merge(B, D) == {C: B, D: B}
    assert blocks.merge(D, B) == {B: C}
    assert blocks.merge(C, D) == {}


def test_one_in_the_middle_of_a_chain_of_merges_can_be_taken_out() -> None:
    blocks = APART.after(APART.merge(A, B))
    blocks = blocks.after(blocks.merge(B, C))
    blocks = blocks.after(blocks.split([B]))
    assert blocks.block(A) == {A, C}
    assert blocks.block(B) == {B}


def test_the_old_representative_keeps_its_block_and_the_other_is_called_by_its_smallest_id() -> None:
    blocks = Blocks(dict.fromkeys((A, B, C, D), B))
    assert blocks.split([C, D]) == {C: C, D: C}
    assert blocks.split([B, D]) == {A: A, C: A}, "those who stay are moved, because the name leaves with the others"


@pytest.mark.parametrize("out", [[], [A, C], [A, B]])
def test_what_is_no_part_of_one_block_cannot_be_split_out(out: list[UUID]) -> None:
    with pytest.raises(NotABlock):
        Blocks({A: A, B: A, C: C, D: C}).split(out)


def test_an_undone_merge_leaves_alone_what_came_later() -> None:
    first = APART.merge(A, B)
    blocks = APART.after(first)
    blocks = blocks.after(blocks.merge(C, A))
    blocks = blocks.after(blocks.unmerge(first))
    assert blocks.block(A) == {A, C}
    assert blocks.block(B) == {B}
    assert blocks.unmerge(first) == {}, "nothing of it stands"


def test_an_undone_split_makes_one_again_of_what_both_have_become() -> None:
    blocks = Blocks(dict.fromkeys((A, B), A) | {C: C, D: D})
    parted = blocks.split([B])
    blocks = blocks.after(parted)
    blocks = blocks.after(blocks.merge(C, B))
    blocks = blocks.after(blocks.unsplit(parted, A))
    assert blocks.block(B) == {A, B, C}
    assert blocks.unsplit(parted, A) == {}


class Partition(RuleBasedStateMachine):
    """Merges, splits and undos in any order, against plain sets."""

    merges: Bundle[tuple[Moves, UUID]] = Bundle("merges")
    splits: Bundle[tuple[Moves, UUID]] = Bundle("splits")
    ids = st.integers(1, 9).map(lambda number: UUID(int=number))

    @initialize()
    def begin(self) -> None:
        everybody = [UUID(int=number) for number in range(1, 10)]
        self.blocks = Blocks({each: each for each in everybody})
        self.sets = [{each} for each in everybody]

    @rule(target=merges, one=ids, other=ids)
    def merge(self, one: UUID, other: UUID) -> tuple[Moves, UUID]:
        moves = self.blocks.merge(one, other)
        joined, joining = self._set(one), self._set(other)
        if joined is not joining:
            joined |= joining
            self.sets = [each for each in self.sets if each is not joining]
        self.blocks = self.blocks.after(moves)
        return moves, one

    @rule(target=splits, one=ids, data=st.data())
    def split(self, one: UUID, data: st.DataObject) -> tuple[Moves, UUID]:
        whole = self._set(one)
        if len(whole) == 1:
            return {}, one
        out = data.draw(st.sets(st.sampled_from(sorted(whole)), min_size=1, max_size=len(whole) - 1))
        before = self.blocks.representative(one)
        moves = self.blocks.split(out)
        assert before not in moves, "the old representative keeps the block it is in"
        self._part(whole, out)
        self.blocks = self.blocks.after(moves)
        return moves, before

    @rule(merged=consumes(merges))
    def undo_merge(self, merged: tuple[Moves, UUID]) -> None:
        moves, _ = merged
        if moves:
            whole = self._set(next(iter(moves.values())))
            self.blocks = self.blocks.after(self.blocks.unmerge(moves))
            self._part(whole, whole & moves.keys())

    @rule(parted=consumes(splits))
    def undo_split(self, parted: tuple[Moves, UUID]) -> None:
        moves, before = parted
        if moves:
            self.blocks = self.blocks.after(self.blocks.unsplit(moves, before))
            one, other = self._set(before), self._set(next(iter(moves.values())))
            if one is not other:
                one |= other
                self.sets = [each for each in self.sets if each is not other]

    @invariant()
    def the_same_partition(self) -> None:
        for whole in getattr(self, "sets", []):
            for each in whole:
                assert self.blocks.block(each) == whole
                assert self.blocks.representative(self.blocks.representative(each)) in whole
                assert self.blocks.representative(self.blocks.representative(each)) == self.blocks.representative(each)

    def _set(self, one: UUID) -> set[UUID]:
        return next(each for each in self.sets if one in each)

    def _part(self, whole: set[UUID], out: set[UUID]) -> None:
        if out and whole - out:
            self.sets = [each for each in self.sets if each is not whole] + [set(out), whole - out]


TestPartition = Partition.TestCase
TestPartition.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
