"""Where a Kafka comes from: a given address, else a Docker engine, else Kafka's own jars."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.engine.kafka import KafkaServer, wait_until_up
from hub.engine.process import EngineError


@asynccontextmanager
async def open_kafka(bootstrap: str | None = None) -> AsyncIterator[str]:
    """A broker's address: the given one once it answers, else of a container, else of Kafka's own jars.

    EngineError names everything that is missing.
    """
    if bootstrap is not None:
        await wait_until_up(bootstrap.split(",")[0])
        yield bootstrap
        return
    if await asyncio.to_thread(docker_answers):
        from hub.engine.kafka_container import kafka_container  # noqa: PLC0415  # its library comes with the tests

        async with kafka_container() as address:
            yield address
        return
    try:
        server = KafkaServer()
        await server.start()
    except EngineError as failure:
        raise EngineError(f"No Kafka: no address is given, no Docker engine answers, and: {failure}") from failure
    try:
        yield server.bootstrap
    finally:
        await server.close()


def docker_answers() -> bool:
    """Whether testcontainers is installed and a Docker engine answers within 5 s."""
    docker = shutil.which("docker")
    if docker is None or importlib.util.find_spec("testcontainers") is None:
        return False
    try:
        return subprocess.run([docker, "info"], check=False, capture_output=True, timeout=5).returncode == 0
    except subprocess.TimeoutExpired:
        return False
