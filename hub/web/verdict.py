"""How a reviewer may settle a doubt, as radios of a form: the same and one family, the same in two, or different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from events.doubt import DoubtOutcome
from hub.identity.commands import Along
from hub.web.along import ToldAlong

_SAME: Final = "same"
_ONE: Final = "one"
_APART: Final = "apart"
_TWO: Final = "two"
DIFFERENT: Final = "different"
_HINTS: Final = {
    _SAME: "They are shown as one person from now on, with everything that was told of both.",
    _ONE: "Everything told of both stands on one record from now on, and everybody in both families is one family.",
    _TWO: "They are shown as one person, and each family keeps its own record. For example, the parents live apart.",
    DIFFERENT: "Each keeps their own record, and the hub does not ask about them again.",
    _APART: "None of them is asked about again: ",
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
    along: tuple[Along, ...] = ()

    @property
    def done(self) -> str:
        """Its code in the address of the page that follows."""
        return self.value.partition(":")[0]


class Choice(NamedTuple):
    """A candidate: what to call them, whether they are in the same family already, and who else joins theirs."""

    person_id: UUID
    called: str
    together: bool = False
    along: Sequence[ToldAlong] = ()


def verdicts(candidates: Sequence[Choice], along: Sequence[ToldAlong] = ()) -> list[Verdict]:
    """All ways to settle a doubt about these candidates, with what becomes of all the others told of `along`."""
    found = []
    for person_id, called, together, joining in candidates:
        if together:
            same = f"The same person as {called}"
            found.append(Verdict(f"{_SAME}:{person_id}", same, _HINTS[_SAME], DoubtOutcome.SAME, person_id))
            continue
        one = f"The same person as {called}, and their families are one"
        two = f"The same person as {called}, in two families"
        found += [
            Verdict(
                f"{_ONE}:{person_id}",
                one,
                f"{_HINTS[_ONE]}{_and_with_them(joining)}",
                DoubtOutcome.SAME,
                person_id,
                one_family=True,
                along=tuple(each.ends for each in joining),
            ),
            Verdict(f"{_TWO}:{person_id}", two, _HINTS[_TWO], DoubtOutcome.SAME, person_id),
        ]
    different = "Different people" if len(candidates) == 1 else "Different people: none of these"
    found.append(Verdict(DIFFERENT, different, _HINTS[DIFFERENT], DoubtOutcome.DIFFERENT))
    if along:
        all_different = "Different people, and so are the others told of with them"
        hint = _HINTS[_APART] + "; ".join(each.words_apart for each in along) + "."
        ends = tuple(each.ends for each in along)
        found.append(Verdict(_APART, all_different, hint, DoubtOutcome.DIFFERENT, along=ends))
    return found


def _and_with_them(joining: Sequence[ToldAlong]) -> str:
    return f" Told of with them: {'; '.join(each.words for each in joining)}." if joining else ""
