"""A peer: pyeventsourcing's `ProjectionRunner` on PostgreSQL, one table, its own way of tracking.

`python -m tests.bench.eventsourcing_peer PLACE EVENTS`
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from tests.bench.ground import Place, unpacked
from tests.bench.task import tell

_REASON = "attendance below 80 percent, " * 6
_EVENTS_EACH = 5


class Family(Aggregate):
    """A family with what was told about it."""

    @event("Opened")
    def __init__(self, name: str) -> None:
        self.name = name
        self.told: list[str] = []

    @event("Told")
    def tell(self, reason: str, child: dict[str, str], basis: list[str]) -> None:  # noqa: ARG002 - kept in the event
        """Something was told."""
        self.told.append(reason)


class Families(Application[UUID]):
    """Where the events are written."""


class Timeline(PostgresTrackingRecorder):
    """One table, written with the tracking in one transaction."""

    def __init__(self, datastore: Any, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS timeline (id bigint PRIMARY KEY, family uuid, what text)").format()
        )

    def add(self, tracking: Tracking, family: UUID, what: str) -> None:
        """One row and the place reached."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO timeline VALUES (%s, %s, %s)", (tracking.notification_id, family, what), prepare=True
            )


class TimelineProjection(Projection[Timeline]):
    """One row an event."""

    name = "timeline"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """As its documentation shows."""
        what = getattr(domain_event, "reason", type(domain_event).__name__)
        self.view.add(tracking, domain_event.originator_id, what)


def main(place: Place, events: int) -> None:
    """Write the events, then time a projection of all of them."""
    address = urlsplit(place.dsn)
    os.environ.update(
        PERSISTENCE_MODULE="eventsourcing.postgres",
        POSTGRES_DBNAME=address.path.strip("/"),
        POSTGRES_HOST=address.hostname or parse_qs(address.query)["host"][0],
        POSTGRES_PORT=str(address.port or 5432),
        POSTGRES_USER=address.username or "postgres",
        POSTGRES_PASSWORD=address.password or "none",
    )
    with psycopg.connect(place.dsn) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    families = Families()
    for number in range(events // _EVENTS_EACH):
        family = Family(name=f"family {number}")
        for _ in range(_EVENTS_EACH - 1):
            family.tell(_REASON, {"given": "Sam", "born": "2015-02-03"}, ["ART6_1_E", "ART9_2_H"])
        families.save(family)
    last = families.recorder.max_notification_id()
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Families, projection_class=TimelineProjection, view_class=Timeline
    ) as runner:
        runner.wait(last, timeout=120)
        seconds = time.perf_counter() - began
    families.close()
    tell(events=last or 0, seconds=seconds)


if __name__ == "__main__":
    main(unpacked(sys.argv[1]), int(sys.argv[2]))
