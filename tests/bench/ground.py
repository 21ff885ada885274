"""What the measurements stand on: real servers for one run, databases on them, and a hub opened over one of them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import orjson
from pydantic import SecretStr

from hub.bootstrap import open_hub
from hub.engine.kafka_ladder import open_kafka
from hub.engine.postgres import open_database
from hub.engine.process import EngineError
from hub.settings import Engine, Settings


@dataclass(frozen=True, slots=True)
class Place:
    """One hub of the benchmark: its database, its keys, and the Kafka area it is relayed to (None: the journal alone).

    `kafka` None with `why_no_kafka` set: there is no Kafka on this machine.
    """

    dsn: str
    folder: str
    kafka: str | None = None
    area: str | None = None
    why_no_kafka: str = ""
    port: int = 0

    def on(self, database: str) -> Place:
        """Another database of the same server."""
        return replace(self, dsn=urlunsplit(urlsplit(self.dsn)._replace(path=f"/{database}")), area=None)

    def relayed_to(self, area: str) -> Place:
        """The same, read from Kafka."""
        return replace(self, area=area)

    def settings(self) -> Settings:
        """A hub's settings here."""
        return Settings(
            area=self.area or "bench",
            engine=Engine.KAFKA if self.area else Engine.EMBEDDED,
            database_url=SecretStr(self.dsn),
            kafka_bootstrap=self.kafka,
            data_dir=Path(self.folder),
            host="127.0.0.1",
            port=self.port,
            public_url="http://127.0.0.1:8080",
            pages_without_sign_in=False,
        )

    def environment(self) -> dict[str, str]:
        """The same for a process of the hub."""
        told = {name: value for name, value in installed_environment().items() if not name.startswith("HUB_")}
        settings = self.settings()
        told |= {
            "HUB_AREA": settings.area,
            "HUB_ENGINE": settings.engine.value,
            "HUB_DATABASE_URL": self.dsn,
            "HUB_DATA_DIR": self.folder,
            "HUB_HOST": settings.host,
            "HUB_PORT": str(self.port),
            "HUB_PUBLIC_URL": settings.public_url,
        }
        return told | ({"HUB_KAFKA_BOOTSTRAP": self.kafka} if self.kafka else {})

    def packed(self) -> str:
        """As one argument for another process."""
        return orjson.dumps(asdict(self)).decode()


def unpacked(argument: str) -> Place:
    """The place that was packed."""
    return Place(**orjson.loads(argument))


def installed_environment() -> dict[str, str]:
    """Of processes that start as an installed hub does, from compiled modules, whatever the developer's shell says."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@asynccontextmanager
async def servers() -> AsyncIterator[Place]:
    """PostgreSQL (`HUB_TEST_DSN`, else our own), Kafka (`HUB_TEST_KAFKA`, else the ladder), and a folder for keys."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="hub-bench-", ignore_cleanup_errors=True))
        dsn = await stack.enter_async_context(open_database(os.environ.get("HUB_TEST_DSN")))
        place = Place(dsn, folder)
        try:
            kafka = await stack.enter_async_context(open_kafka(os.environ.get("HUB_TEST_KAFKA")))
        except EngineError as failure:
            yield replace(place, why_no_kafka=str(failure))
        else:
            yield replace(place, kafka=kafka)


@asynccontextmanager
async def database(ground: Place, name: str, template: str | None = None) -> AsyncIterator[Place]:
    """A database of the benchmark's own, with the whole schema or as a copy of another one."""
    copied = f" TEMPLATE {template}" if template else ""
    await _sql(ground, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}{copied}")
    place = ground.on(name)
    async with open_hub(place.settings(), upgrade=True):
        pass
    try:
        yield place
    finally:
        await _sql(ground, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _sql(ground: Place, *statements: str) -> None:
    connection = await asyncpg.connect(ground.dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
