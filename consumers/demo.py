"""`hub demo`: an invented week through the real connectors, the real API and the real projectors, on this machine.

Everything lives in a temporary folder and is gone when it ends. The pages are shown without sign-in, on loopback alone.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from consumers import demo_identity, demo_sending
from consumers.demo_summary import Summary, summarise
from consumers.work import working
from hub.api.serve import address_of, listen, serve
from hub.bootstrap import Hub, open_hub
from hub.engine.kafka_ladder import open_kafka
from hub.engine.postgres import open_database
from hub.settings import Engine, Settings
from hub.synth.week import Week
from projections import ALL
from projections.progress import wait_for

WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Demo:
    """What is asked for. `port` 0 takes any free one."""

    families: int
    seed: int
    start: date
    port: int
    engine: Engine
    kafka_bootstrap: str | None = None


@dataclass(slots=True)
class Steps:
    """Seconds of each step, in order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Shown:
    """A demo that is up: where, and what it took in."""

    hub: Hub
    address: str
    summary: Summary


@asynccontextmanager
async def running(demo: Demo) -> AsyncIterator[Shown]:
    """The demo, for as long as the block lasts; nothing is left running after it."""
    steps = Steps()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hub-demo-", ignore_cleanup_errors=True)))
        listening = listen("127.0.0.1", demo.port)
        address = address_of(listening)
        with steps.step("start the engine and the schema"):
            settings = await _settings(demo, folder, address, stack)
            hub = await stack.enter_async_context(open_hub(settings, upgrade=True))
        with steps.step("start the API and the projectors"):
            _worker = await stack.enter_async_context(working(hub))
            up, stop = asyncio.Event(), asyncio.Event()
            server = asyncio.create_task(serve(hub, stop=stop, listening=listening, started=lambda _: up.set()))
            stack.push_async_callback(_stopped, server, stop)
            await up.wait()
        with steps.step("register the agencies"):
            credentials = await demo_sending.register(hub)
        with steps.step("send the week"):
            week = Week(demo.families, demo.seed, demo.start)
            files = [*week, *demo_identity.twins(week.monday)]
            sent = await demo_sending.send_week(hub, address, files, credentials, folder / "agencies")
        with steps.step("carry it into the read models"):
            await _carried(hub, (await hub.log.heads()).sequences)
        with steps.step("find two people to be one, and undo it"):
            family, reached = await demo_identity.decide_and_undo(hub)
            await _carried(hub, reached)
        yield Shown(hub, address, await summarise(hub, sent, family, steps.seconds))


async def until_interrupted() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def _carried(hub: Hub, reached: Mapping[int, int]) -> None:
    if not await wait_for(hub.pool, reached, ALL, WAIT_SECONDS):
        message = f"the read models did not reach the end of the log within {WAIT_SECONDS:.0f} seconds"
        raise TimeoutError(message)


async def _settings(demo: Demo, folder: Path, address: str, stack: AsyncExitStack) -> Settings:
    bootstrap = None
    if demo.engine is Engine.KAFKA:
        bootstrap = await stack.enter_async_context(open_kafka(demo.kafka_bootstrap))
    database = await stack.enter_async_context(open_database())
    return Settings(
        area=f"demo-{secrets.token_hex(4)}",  # on a broker that is kept, no demo meets another's topics
        engine=demo.engine,
        database_url=SecretStr(database),
        kafka_bootstrap=bootstrap,
        data_dir=folder / "data",
        host="127.0.0.1",
        port=int(address.rpartition(":")[2]),
        public_url=address,
        pages_without_sign_in=True,
        log_level="WARNING",
    )


async def _stopped(server: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    await server
