"""Who is who in the demo: twins whom nobody can tell from one misspelt child, and a reviewer who errs and undoes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid4

from events.doubt import DoubtOutcome
from hub.bootstrap import Hub
from hub.identity.commands import Done, SettleDoubt, Undo
from hub.identity.deciding import decide_identity
from hub.synth import documents, formats, identifiers, names
from hub.synth.agencies import CHARITY, NURSERY
from hub.synth.bars import LONDON
from hub.synth.people import Child, Family, Grownup
from hub.synth.places import AREAS, a_home
from hub.synth.telling import Telling
from hub.synth.truth import truths
from hub.synth.week import AgencyFile
from hub.synth.words import CONCERNS
from hub.synth.xml import Output
from projections.doubts import open_doubts

_REVIEWER: Final = "demo-reviewer"
_NUMBER: Final = 99_999  # of their family; the week has fewer
_TWINS: Final = ("Jayden", "Hayden")
_AGE: Final = 3 * 365 + 100  # days


def twins(monday: date) -> Iterator[AgencyFile]:
    """A charity tells of one twin, the nursery of the other; both have the date of birth and neither a number.

    Names that near, of one day and one home, are always for a person to look at, so every demo has a doubt.
    """
    rng = Random("twins")  # noqa: S311 - repeatable on purpose
    surname = names.ORIGINS[0].surnames[0]
    key, born = f"F{_NUMBER}", monday - timedelta(days=_AGE)
    mother = Grownup(
        f"{key}-A0", "Georgia", surname, born - timedelta(days=30 * 365), "F", "mother",
        responsible=True, nino=identifiers.ni_number(8 * _NUMBER), phone=None,
    )  # fmt: skip
    family = Family(key, _NUMBER, names.ORIGINS[0], (), (mother,), a_home(rng, AREAS[0]))
    for place, (agency, of_format) in enumerate(((CHARITY, formats.FORM_CSV), (NURSERY, formats.FORM_JSON))):
        child = Child(f"{key}-C{place}", _TWINS[place], surname, born, "M", None, None)
        sent = datetime.combine(monday + timedelta(days=1 + place), time(10))
        known = replace(family, children=(child,))
        told = Telling(
            f"TWIN-{place + 1}", agency, of_format, sent, sent - timedelta(hours=1), known, child, CONCERNS[place], {}
        )
        yield _file(told, documents.document([told], rng))


def _file(told: Telling, data: bytes) -> AgencyFile:
    name = f"{told.agency.code}-{told.reference}{documents.suffix(told.format)}"
    at = told.sent.replace(tzinfo=LONDON)
    return AgencyFile(told.agency, told.format, name, at, _writer(data), truths([told]))


def _writer(data: bytes) -> Callable[[Output], None]:
    def write(out: Output) -> None:
        out.write(data)

    return write


async def decide_and_undo(hub: Hub) -> tuple[UUID | None, dict[int, int]]:
    """Settle the doubt that has waited longest, then undo it, so that it waits again.

    The family whose page shows both, None if nobody is in doubt; and up to where the log was written.
    """
    async with hub.pool.acquire() as connection:
        waiting = (await open_doubts(connection, hub.clock())).doubts
    if not waiting:
        return None, {}
    doubt = waiting[0]
    likeliest = doubt.candidates[0].person_id
    settle = SettleDoubt(
        doubt.doubt_id,
        doubt.person_id,
        DoubtOutcome.SAME,
        likeliest,
        one_family=True,
        actor=_REVIEWER,
        key=str(uuid4()),
        reason="The names, the day of birth and the home agree.",
    )
    settled = await decide_identity(hub, settle)
    why = "The family was asked: they are twins."
    undone = await decide_identity(hub, Undo(settled.decision_id, actor=_REVIEWER, key=str(uuid4()), reason=why))
    return doubt.family_id, _reached(settled, undone)


def _reached(*decisions: Done) -> dict[int, int]:
    reached: dict[int, int] = {}
    for done in decisions:
        for partition, sequence in done.places.items():
            reached[partition] = max(sequence, reached.get(partition, 0))
    return reached
