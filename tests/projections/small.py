"""A small read model with one of each: a table put once, one folded by its stream, one that streams share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid5

from events.agency import AgencyRegistered, AgencySuspended
from events.basis import AgencyKind
from events.envelope import Draft, Recorded
from events.family import FamilyOpened, MatterOpened
from projections.projection import Fold, Operation, Projection, Put, Row, Table
from tests.spec import AT

VISIT = Table("visit", (("position", "bigint"), ("family_id", "uuid"), ("at", "timestamptz")), append_only=True)
FAMILY = Table(
    "family",
    (("family_id", "uuid"), ("matters", "uuid[]"), ("opened", "integer"), ("trail", "text")),
    indexes=("(opened)",),
)
DAY = Table("day", (("day", "date"), ("hour", "smallint"), ("events", "integer")), key=2)
AGENCY = Table("agency", (("code", "text"), ("title", "text")))

NAMES = UUID("6f1c1f5e-0000-4000-8000-000000000000")


def family(number: int) -> UUID:
    """A family of the tests, always the same for a number."""
    return uuid5(NAMES, f"family {number}")


def opened(number: int) -> Draft:
    """This family became known."""
    return Draft(f"family/{family(number)}", FamilyOpened(family_id=family(number)), AT)


def matter(number: int, of: int, step: int = 0) -> Draft:
    """Another matter of family `number`."""
    matter_id = uuid5(NAMES, f"matter {number} {of}")
    event = MatterOpened(family_id=family(number), matter_id=matter_id)
    return Draft(f"family/{family(number)}", event, AT + timedelta(minutes=step))


def registered(code: str, title: str) -> Draft:
    """An agency under this title."""
    event = AgencyRegistered(code=code, kind=AgencyKind.SCHOOL, title=title, identifier="110000", purposes=(), bases=())
    return Draft(f"agency/{code}", event, AT)


def suspended(code: str) -> Draft:
    """That agency may not send any more."""
    return Draft(f"agency/{code}", AgencySuspended(code=code), AT)


SMALL = Projection("small", 1, (VISIT, FAMILY, DAY, AGENCY))


def small(name: str = "small", version: int = 1) -> Projection:
    """A copy, so that a test may have it under another name or with other handlers."""
    return Projection(name, version, SMALL.tables, dict(SMALL.handlers))


def with_handler(handler: object) -> Projection:
    """The small read model with this handler of matters."""
    projection = small()
    projection.handlers[MatterOpened] = handler  # type: ignore[assignment]
    return projection


@SMALL.on(FamilyOpened)
def family_opened(event: FamilyOpened, recorded: Recorded) -> Iterable[Operation]:
    yield Put(VISIT, (recorded.record.position, event.family_id, recorded.at))
    yield Fold(FAMILY, (event.family_id,), partial(_seen, event.family_id, None, recorded))
    yield Fold(DAY, (recorded.at.date(), recorded.at.hour), partial(_counted, recorded))


@SMALL.on(MatterOpened)
def matter_opened(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
    yield Put(VISIT, (recorded.record.position, event.family_id, recorded.at))
    yield Fold(FAMILY, (event.family_id,), partial(_seen, event.family_id, event.matter_id, recorded))
    yield Fold(DAY, (recorded.at.date(), recorded.at.hour), partial(_counted, recorded))


@SMALL.on(AgencyRegistered)
def agency_registered(event: AgencyRegistered, recorded: Recorded) -> Iterable[Operation]:
    del recorded
    yield Put(AGENCY, (event.code, event.title))


@SMALL.on(AgencySuspended)
def agency_suspended(event: AgencySuspended, recorded: Recorded) -> Iterable[Operation]:
    del recorded
    yield Fold(AGENCY, (event.code,), lambda _: None)


def _seen(family_id: UUID, matter_id: UUID | None, recorded: Recorded, former: Row | None) -> Row:
    """The trail names every event in the order it was folded, so that a lost, doubled or swapped one shows."""
    _, matters, count, trail = former or (family_id, (), 0, "")
    added = () if matter_id is None else (matter_id,)
    return (family_id, (*matters, *added), count + 1, f"{trail} {recorded.record.stream_version}".strip())


def _counted(recorded: Recorded, former: Row | None) -> Row:
    return (recorded.at.date(), recorded.at.hour, (former[2] if former else 0) + 1)
