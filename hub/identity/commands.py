"""What a reviewer may decide about who is who.

`actor` is an opaque id of who decides, `key` the form's own, so that sending it twice decides it once. `reason` is the
reviewer's own words, 1 to 2,000 characters: it is sealed in the events. `seen`, where there is one, is how the people
or families stood when they were looked at (`seen.seen`): a decision on anything else is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from events.description import Text
from events.doubt import DoubtOutcome
from hub.identity.refusals import ReasonMissing

_LONGEST_REASON: Final = 2_000
_TEXT: Final = TypeAdapter(Text)


def is_reason(text: str) -> bool:
    """Whether this says something, in 2,000 characters at most and without control characters."""
    try:
        _TEXT.validate_python(text)
    except ValidationError:
        return False
    return bool(text.strip()) and len(text) <= _LONGEST_REASON


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """Who decides, under which key, and why. Raises `ReasonMissing`."""

    actor: str
    key: str
    reason: str

    def __post_init__(self) -> None:
        """A decision that nobody could explain later is not taken."""
        if not is_reason(self.reason):
            raise ReasonMissing


@dataclass(frozen=True, slots=True)
class MergePeople(_Decided):
    """Two people are one; the identity of `one` keeps its name. `one_family`: so are the families they came from."""

    one: UUID
    other: UUID
    one_family: bool = False
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SplitPeople(_Decided):
    """These are not who they were taken for: together they are somebody else, and that is not doubted again."""

    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class MergeFamilies(_Decided):
    """Two families are one; that of `one` keeps its name."""

    one: UUID
    other: UUID
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SplitFamily(_Decided):
    """These families are not the one they were taken for; together they are another."""

    families: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Along:
    """Somebody told of together with a doubted person, whose doubt ends with theirs: `person_id` may be `candidate`."""

    doubt_id: UUID
    person_id: UUID
    candidate: UUID


@dataclass(frozen=True, slots=True)
class SettleDoubt(_Decided):
    """The doubted person is `same_as` one of the candidates, or DIFFERENT from all of them (`same_as` None).

    `one_family`, with SAME alone: the family made for the doubt is one with the candidate's.
    `along`: doubts of the same submission that end the same way, with SAME only where the families are one.
    """

    doubt_id: UUID
    person_id: UUID
    outcome: DoubtOutcome
    same_as: UUID | None = None
    one_family: bool = False
    along: tuple[Along, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeOut(_Decided):
    """What this submission told was not about the family it was linked to: it is recorded again in one of its own."""

    submission_id: UUID


@dataclass(frozen=True, slots=True)
class Undo(_Decided):
    """Take a merge, a split or a settled doubt back, as far as it still stands. A take-out is not undone: merge."""

    decision_id: UUID


IdentityCommand = MergePeople | SplitPeople | MergeFamilies | SplitFamily | SettleDoubt | TakeOut | Undo


@dataclass(frozen=True, slots=True)
class Done:
    """A decision on record. `places`: the last sequence it wrote in each partition, for waiting until it shows."""

    decision_id: UUID
    places: dict[int, int]
