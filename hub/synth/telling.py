"""One thing one agency says about one family, before it is written in that agency's format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hub.synth.agencies import Agency
from hub.synth.people import Child, Family
from hub.synth.slips import Slips
from hub.synth.words import Concern

# What a telling may be on purpose, and what the hub should make of it.
ACCEPTED = "accepted"
REVIEW = "review"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Telling:
    """`known` is the family as this agency has it on record; `child` the one told about, None when none is named.

    `sent` and `occurred` are London clock time, as the agencies write it. `fault` names what is wrong on purpose
    (`""`, `bad-date`, `no-name`, `grown-up`, `unknown-grade`), `slips` the misspellings and the like, by child.
    `change` is `new`, `update` or `revoked`; the latter two name the reference of the first message in `case`.
    """

    reference: str
    agency: Agency
    format: str
    sent: datetime
    occurred: datetime
    known: Family
    child: Child | None
    concern: Concern
    slips: Slips
    fault: str = ""
    expected: str = ACCEPTED
    change: str = "new"
    case: str = ""

    @property
    def siblings(self) -> tuple[Child, ...]:
        """The other children who are born."""
        key = self.child.key if self.child else None
        return tuple(child for child in self.known.children if child.key != key and not child.unborn)

    @property
    def person_key(self) -> str:
        """Whom the ground truth means."""
        return self.child.key if self.child else self.known.adults[0].key


def day(when: date) -> str:
    """dd/mm/yyyy."""
    return f"{when:%d/%m/%Y}"


def birth(telling: Telling, child: Child) -> str:
    """The date of birth as written; a bad one is in the American order, which must be refused and never guessed."""
    if telling.fault == "bad-date":
        return f"{child.born:%m}/28/{child.born:%Y}"
    return day(child.born)


def yes(value: object) -> str:
    """A form's yes or no."""
    return "yes" if value else "no"
