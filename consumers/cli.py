"""`hub`: all commands, with the long-running ones that need what runs in this package."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from hub.cli import app
from hub.cli.running import AsJson, Exit, end, notice, say, say_json, settings
from hub.engine.process import EngineError
from hub.settings import Engine

LONDON: Final = ZoneInfo("Europe/London")
_FIRST_DAY: Final = date(1950, 1, 1)


def main() -> None:
    """Entry point of the `hub` script."""
    app()


@app.command()
def work() -> None:
    """Run what keeps running: projectors, and with Kafka the relay and the intake topics. SIGTERM stops it cleanly."""
    from consumers.running import run_worker

    raise typer.Exit(run_worker(settings()))


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Print the summary and end, leaving nothing running.")] = False,
    families: Annotated[int, typer.Option(min=1, help="How many invented families.")] = 50,
    engine: Annotated[Engine, typer.Option(help="Where the projectors read.")] = Engine.EMBEDDED,
    kafka: Annotated[
        str | None, typer.Option(envvar="HUB_KAFKA_BOOTSTRAP", help="A Kafka that runs already; else one is started.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes any.")] = 8000,
    seed: Annotated[int, typer.Option(help="The same seed invents the same week.")] = 1,
    start: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day of the week to invent; last week if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the hub with an invented week of agencies' files, on this machine alone, in a folder that goes away."""
    from consumers.demo import Demo, running, until_interrupted
    from consumers.demo_summary import lines
    from hub.telemetry import configure_logs

    today = datetime.now(LONDON).date()
    day = start.date() if start else today - timedelta(days=7)
    if not _FIRST_DAY <= day <= today:
        end(Exit.USAGE, f"--start takes a day from {_FIRST_DAY} to today")

    async def run() -> int:
        async with running(Demo(families, seed, day, port, engine, kafka)) as shown:
            if as_json:
                say_json(shown.summary.as_json())
            else:
                say("\n".join(lines(shown.summary)))
            if shown.summary.failed:
                notice(f"{len(shown.summary.failed)} deliveries failed: {shown.summary.failed[0]}")
                return Exit.NOT_WELL
            if not once:
                say(f"\nQueues, families and panel packs   {shown.address}/")
                say(f"People who may be known already    {shown.address}/doubts")
                say(f"What agencies may send (OpenAPI)   {shown.address}/docs")
                say("Everything in it is invented. Ctrl-C ends it and leaves nothing behind.")
                await until_interrupted()
        return Exit.WELL

    configure_logs("WARNING")
    try:
        raise typer.Exit(asyncio.run(run()))
    except EngineError as failure:
        end(Exit.CANNOT_CONNECT, str(failure))
    except OSError as failure:
        end(Exit.CANNOT_CONNECT, f"Port {port}: {failure.strerror}. Choose another: make demo PORT=8001")


@app.command()
def docs(
    folder: Annotated[Path, typer.Option(help="The checkout to write into.")] = Path(),
) -> None:
    """Write the OpenAPI and AsyncAPI documents again, where they are committed."""
    from consumers.app import asyncapi_document
    from hub.api.document import document

    for path, content in (
        (folder / "hub/api/openapi.json", document()),
        (folder / "consumers/asyncapi.yaml", asyncapi_document().encode()),
    ):
        path.write_bytes(content)
        say(str(path))
