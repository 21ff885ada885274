"""How a reviewer may settle a doubt, as radios of a form: the same and one family, the same in two, or different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events.doubt import DoubtOutcome

_SAME: Final = "same"
_ONE: Final = "one"
_TWO: Final = "two"
DIFFERENT: Final = "different"
_HINTS: Final = {
    _SAME: "They are shown as one person from now on, with everything that was told of both.",
    _ONE: "Everything told of both stands on one record from now on, and everybody in both families is one family.",
    _TWO: "They are shown as one person, and each family keeps its own record. For example, the parents live apart.",
    DIFFERENT: "Each keeps their own record, and the hub does not ask about them again.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One way to settle it: the value of its radio, and its words."""

    value: str
    text: str
    hint: str
    outcome: DoubtOutcome
    same_as: UUID | None = None
    one_family: bool = False

    @property
    def done(self) -> str:
        """Its code in the address of the page that follows."""
        return self.value.partition(":")[0]


def verdicts(candidates: Sequence[tuple[UUID, str, bool]]) -> list[Verdict]:
    """All ways to settle a doubt about these candidates: their ids, what to call them, whether in the same family."""
    found = []
    for person_id, called, together in candidates:
        if together:
            same = f"The same person as {called}"
            found.append(Verdict(f"{_SAME}:{person_id}", same, _HINTS[_SAME], DoubtOutcome.SAME, person_id))
            continue
        one = f"The same person as {called}, and their families are one"
        two = f"The same person as {called}, in two families"
        found += [
            Verdict(f"{_ONE}:{person_id}", one, _HINTS[_ONE], DoubtOutcome.SAME, person_id, one_family=True),
            Verdict(f"{_TWO}:{person_id}", two, _HINTS[_TWO], DoubtOutcome.SAME, person_id),
        ]
    different = "Different people" if len(candidates) == 1 else "Different people: none of these"
    return [*found, Verdict(DIFFERENT, different, _HINTS[DIFFERENT], DoubtOutcome.DIFFERENT)]
