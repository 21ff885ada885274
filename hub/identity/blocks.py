"""A partition of ids into blocks, each called by one of its ids: what merges and splits change.

Pure. A merge keeps the representative of the block named first. After a split the old representative keeps the block it
is in, and the other block gets its smallest id. Both answer with the ids whose representative changes, and nothing else
does, so that a decision is one event for each of these.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

Moves = dict[UUID, UUID]
"""Id to the representative it belongs to from now on."""


class NotABlock(Exception):
    """The ids to split out are not part of one block, or are all of it."""


class Blocks:
    """Some whole blocks of the partition: every id in them and the representative it belongs to."""

    def __init__(self, belongs_to: Mapping[UUID, UUID]) -> None:
        self._belongs_to = dict(belongs_to)

    @property
    def belongs_to(self) -> Mapping[UUID, UUID]:
        """Every id in them and its representative."""
        return self._belongs_to

    def __contains__(self, one: UUID) -> bool:
        return one in self._belongs_to

    def representative(self, one: UUID) -> UUID:
        """The id that the block of this one is called by."""
        return self._belongs_to[one]

    def block(self, one: UUID) -> frozenset[UUID]:
        """All ids that are one with this one, itself among them."""
        wanted = self._belongs_to[one]
        return frozenset(each for each, belongs_to in self._belongs_to.items() if belongs_to == wanted)

    def merge(self, one: UUID, other: UUID) -> Moves:
        """The block of `other` joins that of `one`; nothing if they are one already."""
        if self.representative(one) == self.representative(other):
            return {}
        return dict.fromkeys(sorted(self.block(other)), self.representative(one))

    def split(self, out: Collection[UUID]) -> Moves:
        """These leave their block and form one of their own. Raises `NotABlock`."""
        leaving = frozenset(out)
        if not leaving or len({self.representative(each) for each in leaving}) != 1:
            raise NotABlock
        block = self.block(min(leaving))
        staying = block - leaving
        if not staying:
            raise NotABlock
        moving = staying if self.representative(min(leaving)) in leaving else leaving
        return dict.fromkeys(sorted(moving), min(moving))

    def unmerge(self, moved: Moves) -> Moves:
        """Undo of merges: what each moved, as far as it is still one with where it was moved to, leaves; or nothing."""
        found: Moves = {}
        for into in dict.fromkeys(moved.values()):
            blocks = self.after(found)
            leaving = blocks.block(into) & {each for each, belongs_to in moved.items() if belongs_to == into}
            found |= blocks.split(leaving) if leaving else {}
        return found

    def unsplit(self, moved: Moves, back_to: UUID) -> Moves:
        """Undo of a split: the block it made joins that of `back_to`, the representative before; or nothing."""
        return self.merge(back_to, next(iter(moved.values())))

    def after(self, moves: Moves) -> Blocks:
        """The partition once these have moved."""
        return Blocks({**self._belongs_to, **moves})
