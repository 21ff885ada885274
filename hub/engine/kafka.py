"""A real Apache Kafka on this machine (KRaft, one broker that is its own controller) for tests and the demo."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from hub.engine.kafka_jars import fetch_jars, find_java
from hub.engine.process import EngineError, ServerProcess

START_SECONDS = 60.0
HEAP = "-Xmx384m"

SETTINGS: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "auto.create.topics.enable": "false",  # a misspelt topic is an error, not a new topic with the wrong settings
    "group.initial.rebalance.delay.ms": "0",
    # After a SIGKILL the controller holds the broker's number for this long; the default is 9 s.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # One broker cannot hold three copies; few partitions of its own topics, so that it is up sooner.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
}


class KafkaServer:
    """One broker from Kafka's own jars.

    `log_dir` keeps its data; without it the data goes when the server is closed. `settings` are added to `SETTINGS`.
    The address (`bootstrap`) stays the same over `kill`, `stop` and `restart`.
    """

    def __init__(self, log_dir: Path | None = None, *, settings: Mapping[str, str] | None = None) -> None:
        self._kept = log_dir
        self._settings = {**SETTINGS, **(settings or {})}
        self._forget: Callable[[], object] | None = None
        self._server: ServerProcess | None = None
        self._port = 0

    @property
    def bootstrap(self) -> str:
        """host:port for clients; EngineError before the first start."""
        if not self._port:
            raise EngineError("Kafka has not been started")
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        """False also where it has ended of its own accord."""
        return self._server is not None and self._server.running

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Fetches the jars where they are missing, starts the broker, waits until it answers; EngineError if not."""
        if self._server is None:
            self._server = await asyncio.to_thread(self._prepare)
        await self._server.start()
        try:
            await wait_until_up(self.bootstrap, self._server)
        except BaseException:
            await self._server.kill()
            raise

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.stop(grace=30)

    async def kill(self) -> None:
        """SIGKILL; `start` brings the broker back on the same data and address."""
        await self._process.kill()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def pause(self) -> None:
        """SIGSTOP: connections stay open and nothing is answered, until `resume`."""
        await self._process.pause()

    def resume(self) -> None:
        self._process.resume()

    async def close(self) -> None:
        """Ends the broker and removes what was temporary. Data that goes anyway needs no orderly shutdown."""
        if self._server is not None:
            await (self._server.stop(grace=30) if self._kept else self._server.kill())
        if self._forget is not None:
            await asyncio.to_thread(self._forget)
        self._server = None

    @property
    def _process(self) -> ServerProcess:
        if self._server is None:
            raise EngineError("Kafka has not been started")
        return self._server

    def _prepare(self) -> ServerProcess:
        java, jars = find_java(), fetch_jars()
        folder = Path(tempfile.mkdtemp(prefix="hub-kafka-"))
        # Also where a start fails, or whoever started us only stops.
        self._forget = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        data = self._kept or folder / "data"
        self._port, controller = free_ports(2)
        settings = {
            **self._settings,
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "log.dirs": str(data),
        }
        properties = folder / "server.properties"
        properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), "utf-8")
        run = [java, HEAP, "-cp", f"{jars}/*"]
        if not (data / "meta.properties").exists():
            _format(run, properties)
        return ServerProcess(
            command=[*run, "kafka.Kafka", str(properties)],
            log=folder / "server.log",
            stop_signal=signal.SIGTERM,
            cwd=folder,
            environment=os.environ,
            temporary=[folder],
        )


async def wait_until_up(bootstrap: str, server: ServerProcess | None = None) -> None:
    """Returns when the broker tells who it is; EngineError with the end of its log where it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while not await _answers(bootstrap):
        if server is not None and not server.running:
            raise EngineError(f"Kafka did not start:\n{server.log_tail()}")
        if time.monotonic() > deadline:
            tail = server.log_tail() if server is not None else ""
            raise EngineError(f"Kafka did not answer within {START_SECONDS:.0f} s:\n{tail}")
        await asyncio.sleep(0.1)


def free_ports(count: int) -> list[int]:
    """Ports that are free now; held open together so that they differ."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


async def _answers(bootstrap: str) -> bool:
    host, port = bootstrap.rsplit(":", 1)
    try:
        # A bare connection first: the client logs an error for every refused one.
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 2)
        writer.close()
        client = AIOKafkaClient(bootstrap_servers=bootstrap)
        try:
            await asyncio.wait_for(client.bootstrap(), 10)
            return bool(client.cluster.brokers())
        finally:
            await client.close()
    except (OSError, TimeoutError, KafkaError):
        return False


def _format(run: list[str], properties: Path) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    made = subprocess.run(
        # One argument, for a cluster id may begin with a hyphen.
        [*run, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", f"--config={properties}"],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if made.returncode:
        raise EngineError(f"Kafka could not make its data folder:\n{(made.stdout + made.stderr)[-1500:]}")
