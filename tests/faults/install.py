"""One install of the hub in processes of its own, over a real database and, where wanted, a real Kafka."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import httpx
from pydantic import SecretStr

from hub.arrival import Agency
from hub.bootstrap import Hub, open_hub
from hub.settings import Engine, Settings
from tests.faults.program import Program
from tests.waiting import until

PARTITIONS = 4


class Install:
    """Web application and workers; `hub()` looks at the same install from the test's own process."""

    def __init__(self, dsn: str, folder: Path, bootstrap: str | None = None, *, pages: bool = False) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.dsn = dsn
        self.settings = Settings(
            area=f"t{uuid4().hex[:8]}",
            engine=Engine.KAFKA if bootstrap else Engine.EMBEDDED,
            database_url=SecretStr(dsn),
            kafka_bootstrap=bootstrap,
            partitions=PARTITIONS,
            data_dir=folder / "hub",
            port=self.port,
            public_url=self.url,
            pages_without_sign_in=pages,
        )
        self.programs: list[Program] = []

    def program(self, name: str, *arguments: str, **environment: str) -> Program:
        """`hub ARGUMENTS` with this install's settings, not started."""
        made = Program(name, arguments, self.environment() | environment, self.folder)
        self.programs.append(made)
        return made

    @asynccontextmanager
    async def running(self, program: Program, *, start: bool = True) -> AsyncIterator[Program]:
        """A supervised program that is gone at the end, whatever was done to it."""
        if start:
            await program.start()
        supervisor = asyncio.create_task(program.supervise())
        try:
            yield program
        finally:
            supervisor.cancel()
            if program.running:
                with suppress(ProcessLookupError):
                    program.resume()
                await program.kill()

    @asynccontextmanager
    async def web(self, **environment: str) -> AsyncIterator[Program]:
        """`hub serve`, answering."""
        async with self.running(self.program("web", "serve", **environment)) as program:
            await self.answers(program)
            yield program

    @asynccontextmanager
    async def worker(self, name: str = "worker", *, start: bool = True) -> AsyncIterator[Program]:
        """`hub work`."""
        async with self.running(self.program(name, "work"), start=start) as program:
            yield program

    async def answers(self, program: Program) -> None:
        """Wait until the web application answers."""
        async with httpx.AsyncClient() as http:

            async def live() -> bool:
                assert not program.ends, program.said
                with suppress(httpx.TransportError):
                    return (await http.get(f"{self.url}/health/live")).is_success
                return False

            await until(live, f"{program.name} answers")

    @asynccontextmanager
    async def hub(self) -> AsyncIterator[Hub]:
        async with open_hub(self.settings) as opened:
            yield opened

    async def register(self, agency: Agency) -> tuple[str, str]:
        """Register an agency; its client id and secret."""
        async with self.hub() as hub:
            await hub.agencies.register(agency, "test")
            return await hub.agencies.issue_credentials(agency.code)

    def environment(self) -> dict[str, str]:
        """These settings as the programs are told them."""
        chosen = self.settings
        told = {
            "HUB_AREA": chosen.area,
            "HUB_ENGINE": chosen.engine.value,
            "HUB_DATABASE_URL": self.dsn,
            "HUB_PARTITIONS": str(chosen.partitions),
            "HUB_DATA_DIR": str(chosen.data_dir),
            "HUB_PORT": str(chosen.port),
            "HUB_PUBLIC_URL": chosen.public_url,
            "HUB_PAGES_WITHOUT_SIGN_IN": str(chosen.pages_without_sign_in),
        }
        return told | ({"HUB_KAFKA_BOOTSTRAP": chosen.kafka_bootstrap} if chosen.kafka_bootstrap else {})


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
