"""Which agencies take part: their titles, joined wherever a page says who told something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from events.agency import AgencyRegistered, AgencySuspended
from events.database import Connection
from events.envelope import Recorded
from projections.projection import Fold, Operation, Projection, Put, Row, Table
from projections.reading import sql

AGENCY = Table(
    "agency",
    (("code", "text"), ("kind", "text"), ("title", "text"), ("identifier", "text"), ("suspended", "boolean")),
)
AGENCIES = Projection("agencies", 1, (AGENCY,))


@AGENCIES.on(AgencyRegistered)
def registered(event: AgencyRegistered, recorded: Recorded) -> Iterable[Operation]:
    """Registering anew lifts a suspension."""
    del recorded
    yield Put(AGENCY, (event.code, event.kind.value, event.title, event.identifier, False))


@AGENCIES.on(AgencySuspended)
def suspended(event: AgencySuspended, recorded: Recorded) -> Iterable[Operation]:
    """The title stays: what it told stays on record."""
    del recorded
    yield Fold(AGENCY, (event.code,), partial(_suspended, event.code))


def _suspended(code: str, row: Row | None) -> Row:
    return (*row[:4], True) if row else (code, "", code, "", True)


@dataclass(frozen=True, slots=True)
class Agency:
    """One partner agency as people see it."""

    code: str
    kind: str
    title: str
    identifier: str
    suspended: bool


_ALL = sql("SELECT code, kind, title, identifier, suspended FROM {agencies}.agency ORDER BY title, code", AGENCIES)


async def agencies(connection: Connection) -> list[Agency]:
    """All of them, by title."""
    return [Agency(*row) for row in await connection.fetch(_ALL)]
