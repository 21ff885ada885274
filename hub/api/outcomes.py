"""`GET /v1/submissions/{id}`: what became of something an agency sent.

Read from the journal, so an agency sees its own submission the moment it has the receipt. Another agency's is answered
like one that never was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response

from events.kafka_topics import Topics
from events.published import Published
from hub.api.door import READ, Callers, heads_of
from hub.api.problems import Problem
from hub.arrival import Outcome
from hub.settings import Engine
from projections import receipts

if TYPE_CHECKING:
    from events.envelope import Record
    from hub.bootstrap import Hub

_ENDED: Final = {
    "submission.accepted": Outcome.ACCEPTED,
    "review.raised": Outcome.REVIEW,
    "submission.refused": Outcome.REFUSED,
}


class Outcomes:
    """The endpoint over one hub."""

    def __init__(self, hub: Hub, callers: Callers) -> None:
        self._hub = hub
        self._callers = callers
        kafka = hub.settings.engine is Engine.KAFKA
        self._published = Published(hub.pool, Topics(hub.settings.area).events) if kafka else None

    async def show_submission(self, request: Request) -> Response:
        """What became of it: outcome and when, where it was published, who acknowledged it and when."""
        caller = await self._callers.of(heads_of(request))
        caller.asked(READ)
        try:
            submission_id = UUID(request.path_params["submission_id"])
        except ValueError:
            raise Problem("not-found") from None
        if str(submission_id) != request.path_params["submission_id"]:  # one spelling only
            raise Problem("not-found")
        records = await self._hub.log.read_stream(f"submission/{submission_id}")
        if records and records[0].agency == caller.agency.code:
            return _json(await self._told(submission_id, records))
        return _json(await self._on_its_way(submission_id, caller.agency.code))

    async def _told(self, submission_id: UUID, records: list[Record]) -> dict[str, object]:
        last = [record for record in records if record.type in _ENDED][-1]
        body: dict[str, object] = {
            "submission_id": str(submission_id),
            "received_at": records[0].occurred_at,
            "decided_at": last.recorded_at,
            "outcome": _ENDED[last.type],
        }
        if last.type == "submission.refused":
            body["code"] = orjson.loads(last.data)["code"]
        receipt = await self._hub.pool.fetchval(
            "SELECT receipt FROM original.file WHERE submission_id = $1", submission_id
        )
        if receipt is not None:
            told = orjson.loads(receipt)
            body |= {name: told[name] for name in ("items", "accepted", "review", "refused")}
        return body | await self._since(submission_id, last)

    async def _since(self, submission_id: UUID, last: Record) -> dict[str, object]:
        """What read models know: where it was published, which queue deals with it, who acknowledged it and when."""
        try:
            async with self._hub.pool.acquire() as connection:
                status = await receipts.submission(connection, submission_id, last.agency)
        except asyncpg.UndefinedTableError:  # nobody has built the read models yet
            status = None
        known = status.published if status else ()
        places = known or (receipts.Published(last.type, last.partition, last.sequence, last.position),)
        acknowledged = None
        if status is not None and status.acknowledged_at is not None:
            acknowledged = {"at": status.acknowledged_at, "by": status.acknowledged_by}
        return {
            "published": [await self._where(place) for place in places],
            "queue": status.queue_title if status else None,
            "acknowledged": acknowledged,
        }

    async def _where(self, place: receipts.Published) -> dict[str, object]:
        told: dict[str, object] = {"event": place.event, "partition": place.partition, "sequence": place.sequence}
        if self._published is not None:  # the offset is null until the relay has carried it
            told["topic"] = self._published.topic
            told["offset"] = await self._published.offset_of(place.partition, place.sequence)
        return told

    async def _on_its_way(self, submission_id: UUID, agency: str) -> dict[str, object]:
        """A file that has come in and is not decided to its end."""
        row = await self._hub.pool.fetchrow(
            "SELECT received_at FROM original.file WHERE submission_id = $1 AND agency = $2", submission_id, agency
        )
        if row is None:
            raise Problem("not-found")
        return {"submission_id": str(submission_id), "received_at": row["received_at"], "outcome": "in-progress"}


def _json(body: dict[str, object]) -> Response:
    return Response(orjson.dumps(body), 200, {"Cache-Control": "no-store"}, "application/json")
