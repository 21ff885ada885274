"""`/health/live`, `/health/ready` and `/metrics`: for whoever runs the hub. No personal data, no sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import asyncpg
import orjson
from aiokafka.errors import KafkaError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from events.durability import postgres_findings
from events.kafka_topics import TopicPlan, Topics, kafka_findings
from events.schema import pending
from hub.settings import Engine
from projections import ALL

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_CHECK_SECONDS: Final = 3.0


class Health:
    """Answers for one process over one hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._checks: dict[str, Callable[[], Awaitable[str]]] = {
            "schema": self._schema,
            "writes": self._writes,
            "durability": self._durability,
            "projections": self._projections,
        }
        if hub.settings.engine is Engine.KAFKA:
            self._checks["kafka"] = self._kafka

    async def live(self, _: Request) -> Response:
        """The process answers."""
        return Response(b'{"status":"live"}', 200, {"Cache-Control": "no-store"}, "application/json")

    async def ready(self, _: Request) -> Response:
        """Whether submissions can be taken: 200, or 503 with what is wrong, check by check."""
        told = {name: await _tried(check) for name, check in self._checks.items()}
        ready = not any(told.values())
        body = {
            "status": "ready" if ready else "not ready",
            "checks": {name: fault or "ok" for name, fault in told.items()},
        }
        headers = {"Cache-Control": "no-store"} | ({} if ready else {"Retry-After": "5"})
        return Response(orjson.dumps(body), 200 if ready else 503, headers, "application/json")

    async def metrics(self, _: Request) -> Response:
        """Counts and timings in Prometheus's text format."""
        return Response(generate_latest(), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)

    async def _schema(self) -> str:
        async with self._hub.pool.acquire() as connection:
            missing = await pending(connection)
        return f"steps missing: {', '.join(missing)}" if missing else ""

    async def _writes(self) -> str:
        async with self._hub.pool.acquire() as connection:
            away = await connection.fetchval("SELECT pg_is_in_recovery()")
            readonly = await connection.fetchval("SHOW default_transaction_read_only")
        return "the database takes no writes" if away or readonly == "on" else ""

    async def _durability(self) -> str:
        async with self._hub.pool.acquire() as connection:
            return "; ".join(str(finding) for finding in await postgres_findings(connection))

    async def _projections(self) -> str:
        """Read models that do not exist, or that stand still until somebody looks."""
        names = [model.schema for model in ALL]
        missing = await self._hub.pool.fetch(
            "SELECT n FROM unnest($1::text[]) AS n WHERE to_regnamespace(n) IS NULL ORDER BY n", names
        )
        stuck = await self._hub.pool.fetch(
            "SELECT DISTINCT model FROM projection.trouble WHERE model = '*' OR model = ANY($1::text[])", names
        )
        told = [f"{row['n']} is not built" for row in missing] + [f"{row['model']} stands still" for row in stuck]
        return "; ".join(told)

    async def _kafka(self) -> str:
        settings = self._hub.settings
        plan = TopicPlan(Topics(settings.area).events, settings.partitions, settings.kafka_replication)
        findings = await kafka_findings(settings.kafka_bootstrap or "", [plan])
        return "; ".join(str(finding) for finding in findings)


async def _tried(check: Callable[[], Awaitable[str]]) -> str:
    """The check's finding; if it cannot be made, the kind of failure is one."""
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return await check()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as failure:
        return f"cannot be told: {type(failure).__name__}"
