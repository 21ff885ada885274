"""Runs `hub work` as a process: opened, stopped by signal, and ended with an honest exit code."""

from __future__ import annotations

import asyncio
import signal

from aiokafka.errors import KafkaError

from consumers.work import work
from events.durability import DataAtRisk
from hub.bootstrap import SchemaBehind, open_hub
from hub.cli.running import Exit, away, notice, run_on_loop
from hub.settings import Settings
from hub.telemetry import configure_logs


def run_worker(settings: Settings) -> int:
    """Until SIGTERM or SIGINT; the exit code."""
    configure_logs(settings.log_level)
    try:
        run_on_loop(_run(settings), settings)
    except DataAtRisk as risk:
        notice(str(risk))
        return Exit.NOT_WELL
    except SchemaBehind:
        notice("The database lacks schema steps of this version: run `hub db upgrade`.")
        return Exit.NOT_WELL
    except Exception as failure:
        if not (away(failure) or isinstance(failure, KafkaError)):
            raise
        notice(f"Cannot reach the database or Kafka: {type(failure).__name__}")
        return Exit.CANNOT_CONNECT
    return Exit.WELL


async def _run(settings: Settings) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_hub(settings) as hub:
        await work(hub, stop)
