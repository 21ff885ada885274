"""`hub db`: the database's schema steps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import typer

from events import schema
from events.database import Connection
from hub.bootstrap import joined, refold
from hub.cli.running import Exit, away, end, notice, say, settings
from hub.clock import system_clock
from hub.engine.postgres import open_database
from hub.refold import waiting

app = typer.Typer(help="The database's schema.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Apply the schema steps this version has and the database lacks."""

    async def work(connection: Connection, dsn: str) -> int:
        done = await schema.upgrade(connection)
        for name in done:
            say(name)
        say(f"{len(done)} steps applied" if done else "The schema is up to date")
        async with asyncpg.create_pool(dsn, min_size=1, max_size=4) as pool:
            if await waiting(pool):
                notice("Reading again who everybody is, from the log: nobody is matched before it is done")
                say(f"{await refold(joined(settings(), system_clock, dsn, pool)).all()} families read again")
        return Exit.WELL

    _with_connection(work)


@app.command()
def check() -> None:
    """Say which steps are missing; exit 1 if there are any."""

    async def work(connection: Connection, _: str) -> int:
        missing = await schema.pending(connection)
        for name in missing:
            say(name)
        say(f"{len(missing)} steps are missing: run `hub db upgrade`" if missing else "The schema is up to date")
        return Exit.NOT_WELL if missing else Exit.WELL

    _with_connection(work)


@app.command()
def history() -> None:
    """Steps applied, oldest first, with their time."""

    async def work(connection: Connection, _: str) -> int:
        for name, applied_at in await schema.applied(connection):
            say(f"{applied_at:%Y-%m-%d %H:%M:%S}  {name}")
        return Exit.WELL

    _with_connection(work)


def _with_connection(work: Callable[[Connection, str], Awaitable[int]]) -> None:
    async def run() -> int:
        chosen = settings()
        url = chosen.database_url.get_secret_value() if chosen.database_url else None
        async with open_database(url, chosen.data_dir.expanduser() / "postgres") as dsn:
            connection = await asyncpg.connect(dsn)
            try:
                return int(await work(connection, dsn))
            finally:
                await connection.close()

    try:
        code = asyncio.run(run())
    except schema.SchemaChanged as failure:
        end(Exit.NOT_WELL, f"{failure}: {schema.SchemaChanged.__doc__}")
    except Exception as failure:
        if not away(failure):
            raise
        end(Exit.CANNOT_CONNECT, f"Cannot reach the database: {type(failure).__name__}")
    raise typer.Exit(code)
