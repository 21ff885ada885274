"""What keeps a well-formed submission from being acted on: a refusal by name, or a person who must look."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from events.description import Birth, Person
from hub.arrival import Agency
from hub.submission import Change, ForReview, Referral, Refusal, Submission

ADULT_YEARS: Final = 18
_CLOCK_SKEW: Final = timedelta(days=1)
_UNBORN_AHEAD: Final = timedelta(days=310)


def faults(submission: Submission, agency: Agency, now: datetime) -> Refusal | None:
    """What is wrong with a well-formed submission: not agreed with this agency, or dates that cannot be."""
    if submission.purpose not in agency.purposes:
        return Refusal("purpose-not-agreed", "This purpose is not in the agency's sharing agreement.", "/purpose")
    for number, basis in enumerate(submission.lawful_basis):
        if basis not in agency.bases:
            detail = "This lawful basis is not in the agency's sharing agreement."
            return Refusal("basis-not-agreed", detail, f"/lawful_basis/{number}")
    if submission.occurred_at > now + _CLOCK_SKEW:
        return Refusal("date-in-future", "It cannot have happened yet.", "/occurred_at")
    everybody = [("/subject", submission.subject)]
    everybody += [(f"/siblings/{number}", person) for number, person in enumerate(submission.siblings)]
    everybody += [(f"/adults/{number}", person) for number, person in enumerate(submission.adults)]
    for pointer, person in everybody:
        if person.birth is not None and _first_day(person.birth) > _last_birth(person, now):
            return Refusal("date-in-future", "The date of birth is in the future.", f"{pointer}/birth/date")
    if not submission.source.case_reference and _is_change(submission):
        detail = "A change needs the case reference of what it changes."
        return Refusal("case-reference-missing", detail, "/source/case_reference")
    return None


def for_a_person(submission: Submission) -> ForReview | None:
    """Whether a person must look before anything is done: nobody named, or nobody a child."""
    subject = submission.subject
    if not (subject.name.given or subject.name.family or subject.unborn or subject.identifiers):
        return ForReview("no-name", found(submission), submission.occurred_at)
    if subject.birth is not None and _years(subject.birth, submission.occurred_at.date()) >= ADULT_YEARS:
        return ForReview("not-a-child", found(submission), submission.occurred_at)
    return None


def found(submission: Submission) -> dict[str, str]:
    """What a reviewer sees first; the sealed original has the rest."""
    name = submission.subject.name
    found = {
        "given name": name.given,
        "family name": name.family,
        "date of birth": submission.subject.birth.date if submission.subject.birth else None,
        "told": submission.concern if isinstance(submission, Referral) else submission.summary,
    }
    return {label: value for label, value in found.items() if value}


def _is_change(submission: Submission) -> bool:
    return isinstance(submission, Referral) and submission.change is not Change.NEW


def _first_day(birth: Birth) -> date:
    return date.fromisoformat((birth.date + "-01-01")[: len("YYYY-MM-DD")])


def _last_birth(person: Person, now: datetime) -> date:
    ahead = person.unborn or (person.birth is not None and person.birth.expected)
    return (now + (_UNBORN_AHEAD if ahead else _CLOCK_SKEW)).date()


def _years(birth: Birth, on: date) -> int:
    """Full years lived at least: an incomplete date is read at its latest, so no child is taken for an adult."""
    parts = [int(part) for part in birth.date.split("-")]
    year, month, day = (parts + [12, 31][len(parts) - 1 :])[:3]
    return on.year - year - ((on.month, on.day) < (month, day))
