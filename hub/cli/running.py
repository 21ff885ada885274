"""How every command opens the hub, prints, and ends: exit 0 well, 1 not well, 2 usage, 3 cannot connect."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from enum import IntEnum
from typing import Annotated, Any, NoReturn, TypeVar

import asyncpg
import orjson
import typer
import uvloop
from pydantic import ValidationError

from events.database import unavailable
from hub.bootstrap import Hub, SchemaBehind, open_hub
from hub.engine.process import EngineError
from hub.settings import Settings

T = TypeVar("T")


class Exit(IntEnum):
    """Exit codes of every command."""

    WELL = 0
    NOT_WELL = 1
    USAGE = 2
    CANNOT_CONNECT = 3


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON with a stable shape.")]
Reveal = Annotated[
    str | None,
    typer.Option("--reveal", metavar="REASON", help="Show personal data too; who, what and why goes on record first."),
]


def readable(value: str | None) -> str | None:
    """For an argument that is kept or looked for as text: what a terminal cannot show, no database takes."""
    if value is not None and not value.isprintable():
        raise typer.BadParameter("printable characters in UTF-8 alone")
    return value


def settings() -> Settings:
    """Settings from the environment; a bad one ends the command and says which."""
    try:
        return Settings()
    except ValidationError as failure:
        faults = "; ".join(f"{_variable(fault['loc'])}: {fault['msg']}" for fault in failure.errors())
        end(Exit.USAGE, f"A setting is not right. {faults}")


def with_hub(work: Callable[[Hub], Awaitable[int | None]]) -> None:
    """Run `work` over an open hub and exit with what it returns."""
    asked = settings()

    async def run() -> int:
        async with open_hub(asked) as hub:
            return int(await work(hub) or Exit.WELL)

    try:
        code = run_on_loop(run(), asked)
    except SchemaBehind:
        end(Exit.NOT_WELL, "The database lacks schema steps of this version: run `hub db upgrade`.")
    except Exception as failure:
        if not away(failure):
            raise
        where = "HUB_DATABASE_URL" if asked.database_url else "HUB_DATA_DIR"
        end(Exit.CANNOT_CONNECT, f"Cannot reach the database: {type(failure).__name__}. Is {where} right?")
    raise typer.Exit(code)


def away(failure: Exception) -> bool:
    """Whether the database cannot be reached, or there is none of that name, or ours cannot be started."""
    return unavailable(failure) or isinstance(failure, asyncpg.InvalidCatalogNameError | EngineError)


def run_on_loop(work: Coroutine[Any, Any, T], asked: Settings) -> T:
    """Like `asyncio.run`, on uvloop where the database is given: a referral costs the server a third less then.

    Where it is not, we start PostgreSQL ourselves, as root under another user, which uvloop cannot.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if asked.database_url else None) as runner:
        return runner.run(work)


def say(line: str = "") -> None:
    """Data, on stdout."""
    sys.stdout.write(f"{line}\n")


def notice(line: str) -> None:
    """Anything that is not data, on stderr."""
    sys.stderr.write(f"{line}\n")


def say_json(value: object) -> None:
    """One JSON document on one line."""
    say(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode())


def end(code: Exit, line: str) -> NoReturn:
    """Say why on stderr and exit."""
    notice(line)
    raise typer.Exit(code)


def _variable(place: tuple[int | str, ...]) -> str:
    return "HUB_" + "_".join(str(part) for part in place).upper() if place else "settings"
