"""Apache Kafka in a container, where a Docker engine answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from testcontainers.core.container import DockerContainer

from hub.engine.kafka import SETTINGS, free_ports, wait_until_up

IMAGE = "apache/kafka:4.2.0"


@asynccontextmanager
async def kafka_container() -> AsyncIterator[str]:
    """The address of a broker in a container with the same settings as ours from jars; gone afterwards."""
    (port,) = free_ports(1)  # chosen before the start, because a broker must be told the address clients see
    container = DockerContainer(IMAGE).with_bind_ports(9092, port)
    settings = {
        **SETTINGS,
        "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": "1@localhost:9093",
    }
    for name, value in settings.items():
        container = container.with_env("KAFKA_" + name.upper().replace(".", "_"), value)
    await asyncio.to_thread(container.start)
    try:
        await wait_until_up(f"127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"
    finally:
        await asyncio.to_thread(container.stop)
