"""A timeline in words: entries of one day stand together, newest first, each with its reasons and its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from hub.veil_words import Veil
from hub.web import dates, told, words
from hub.web.told import Line
from projections.chronicle import Entry
from projections.household import Named

_LINKED: Final = frozenset({"Person added to the family", "Person recognised"})
_BROUGHT: Final = frozenset({"Referral received", "Information received"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry. `why` says how it was decided, on which law it is held and what for.

    `take_out` and `used` are addresses: to take it out again, and of what used the link that it is.
    """

    event_id: UUID
    what: str
    by: str
    about: str
    happened: str
    clocks: str
    late: bool
    lines: tuple[Line, ...]
    why: tuple[Line, ...]
    take_out: str
    used: str


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day in London."""

    title: str
    entries: tuple[Shown, ...]


def days(entries: Iterable[Entry], names: Mapping[UUID, Named], veil: Veil | None) -> tuple[Day, ...]:
    """The days in the order of the entries. `veil` hides the places of a protected family."""
    return tuple(
        Day(dates.day(each), tuple(_shown(entry, names, veil) for entry in found))
        for each, found in groupby(entries, key=lambda entry: entry.day)
    )


def brings(entry: Entry) -> bool:
    """Whether its submission brought it here, so that it can be taken out again; a change goes with what it changes."""
    return entry.family_id is not None and entry.submission_id is not None and entry.what in _BROUGHT


def _shown(entry: Entry, names: Mapping[UUID, Named], veil: Veil | None) -> Shown:
    subject = names.get(entry.subject_id) if entry.subject_id else None
    lines = told.lines(entry.details, veil)
    if entry.erased_since is not None:
        lines = (told.erased(entry.erased_since),)
    why = [Line("How this was decided", reason) for reason in told.reasons(entry.details, veil)]
    why.append(Line("Lawful basis", words.bases(entry.basis)))
    why.append(Line("Purpose", words.say(words.PURPOSE, entry.purpose)))
    return Shown(
        event_id=entry.event_id,
        what=entry.what,
        by=words.agency(entry.agency, entry.agency_title),
        about=subject.display_name if subject else "",
        happened=entry.occurred_at.isoformat(timespec="seconds"),
        clocks=dates.two_clocks(entry.occurred_at, entry.recorded_at),
        late=entry.learnt_late,
        lines=lines,
        why=tuple(why),
        take_out=f"/families/{entry.family_id}/take-out/{entry.submission_id}" if brings(entry) else "",
        used=f"/identity/consequences/{entry.event_id}" if entry.what in _LINKED else "",
    )
