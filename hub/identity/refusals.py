"""Why a decision about identity is not taken: one plain sentence each, without personal data."""

from __future__ import annotations

from datetime import datetime


class IdentityRefused(Exception):
    """Nothing was decided."""

    def __str__(self) -> str:
        return (self.__doc__ or "").strip()


class ReasonMissing(IdentityRefused):
    """Give a reason of 1 to 2,000 characters."""


class NothingKnown(IdentityRefused):
    """Nothing is known under this id."""


class AlreadyOne(IdentityRefused):
    """They are one already."""


class DecidedMeanwhile(IdentityRefused):
    """Somebody decided about one of them after you had opened the page. Open it again and look once more."""


class NotTogether(IdentityRefused):
    """They are not part of one identity, or they are all of it: there is nothing to split."""


class AlreadyDecided(IdentityRefused):
    """Somebody decided this already."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at

    def __str__(self) -> str:
        return f"Somebody decided this already, on {self.at:%Y-%m-%d} at {self.at:%H:%M} UTC."


class NotACandidate(IdentityRefused):
    """That person is not among those who were doubted."""


class NothingToUndo(IdentityRefused):
    """Nothing of this decision stands any more, so there is nothing to undo."""


class TakeOutStands(NothingToUndo):
    """What was taken out is not put back: merge the people and families that belong together after all."""


class DoubtOpen(IdentityRefused):
    """A doubt about somebody in this submission is open: settle that instead."""


class NothingToTakeOut(IdentityRefused):
    """Nobody came into a family by this submission: there is nothing to take out."""


class ErasedSince(IdentityRefused):
    """What this would be written under was erased: nothing can be decided about it any more."""
