"""`hub rebuild` and `hub replay`: read models anew from the log, and the log played again for audit."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

import typer

from hub.bootstrap import Hub, RebuildSources
from hub.cli.running import AsJson, Exit, notice, readable, say, say_json, with_hub
from hub.replay import Span, play, survey
from projections import ALL
from projections.building import BuildFailed
from projections.former import Former, drop_former
from projections.opening import Undecodable
from projections.projection import Projection
from projections.rebuild import LiveBehind, LogShort, RebuildRunning, Rebuilt, rebuild

Model = StrEnum("Model", {projection.name.upper(): projection.name for projection in ALL})  # type: ignore[misc]
_BY_NAME = {projection.name: projection for projection in ALL}
LAST: Final = 2**63 - 1  # what a position may be
_DURATION: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def rebuild_models(
    names: Annotated[
        list[Model] | None, typer.Argument(metavar="NAME", help="Read models; all if none is named.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Compare with the live ones and tell what differs.")] = False,
    keep: Annotated[bool, typer.Option("--keep-live", help="Compare only: throw the new ones away.")] = False,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="Build nothing: drop what older versions of the program left behind.")
    ] = False,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many cores to use.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Build read models anew beside the live ones and swap them; readers never see a half-built one.

    Exit 1 if --diff finds a difference. Example: hub rebuild timeline --diff --keep-live

    After an upgrade, once no process of the older program runs any more: hub rebuild --drop-old
    """
    projections = _chosen(names)

    async def drop(hub: Hub) -> int:
        return _say_former(await drop_former(hub.pool, projections, (await hub.log.heads()).sequences), as_json=as_json)

    async def work(hub: Hub) -> int:
        with _progress() as told:
            try:
                done = await rebuild(
                    projections,
                    RebuildSources(hub.settings, hub.dsn),
                    processes=processes,
                    diff=diff or keep,
                    swap=not keep,
                    progress=told,
                )
            except (RebuildRunning, LiveBehind, Undecodable, LogShort, BuildFailed) as failure:
                notice(f"{failure}: {type(failure).__doc__}")
                return Exit.NOT_WELL
        return _say_rebuilt(done, as_json=as_json)

    with_hub(drop if drop_old else work)


def replay(  # noqa: PLR0913, PLR0917 - Typer reads the signature
    names: Annotated[
        list[Model] | None, typer.Option("--projection", help="Only this read model; may be repeated.")
    ] = None,
    stream: Annotated[
        str | None, typer.Option(help="Only this stream, such as family/<id>.", callback=readable)
    ] = None,
    from_position: Annotated[int, typer.Option(min=1, max=LAST, help="First position.")] = 1,
    to_position: Annotated[
        int | None, typer.Option(min=1, max=LAST, help="Last position; the log's end if not given.")
    ] = None,
    from_time: Annotated[datetime | None, typer.Option(help="Recorded at or after this time, UTC.")] = None,
    to_time: Annotated[datetime | None, typer.Option(help="Recorded before this time, UTC: as known then.")] = None,
    last: Annotated[str | None, typer.Option(help="The last 30m, 2h or 7d.")] = None,
    execute: Annotated[bool, typer.Option("--execute", help="Play it; without this only the plan is told.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play events again through the read models' handlers, in memory: nothing stored is changed.

    The plan says what would be played. --execute folds the events and tells the rows and a digest of each table, the
    same for the same events on any machine and day: what an auditor compares.
    """
    span = Span(stream, from_position, to_position, from_time, to_time)

    async def work(hub: Hub) -> int:
        try:
            chosen = span if last is None else span.since(hub.clock() - _duration(last))
        except (ValueError, OverflowError):  # the second: before there was a calendar
            notice("--last takes a number and m, h or d, such as 2h")
            return Exit.USAGE
        plan = await survey(hub.pool, chosen, _chosen(names))
        if not execute:
            say_json(plan.as_json()) if as_json else say("\n".join(plan.lines()))
            notice("Nothing was played. Add --execute to play it.")
            return Exit.WELL
        with _progress() as told:
            played = await play(hub, chosen, _chosen(names), lambda done: told(done, plan.events))
        say_json(played.as_json()) if as_json else say("\n".join(played.lines()))
        return Exit.WELL

    with_hub(work)


def _chosen(names: list[Model] | None) -> list[Projection]:
    return [_BY_NAME[name.value] for name in names] if names else list(ALL)


def _say_former(found: list[Former], *, as_json: bool) -> int:
    """Exit 1 if something must stay still."""
    if as_json:
        say_json([{"schema": each.schema, "dropped": not each.needed, "needed": each.needed} for each in found])
    else:
        lines = [f"{each.schema}: {f'stays, {each.needed}' if each.needed else 'dropped'}" for each in found]
        say("\n".join(lines) or "Nothing is left of older versions")
    return Exit.NOT_WELL if any(each.needed for each in found) else Exit.WELL


def _say_rebuilt(done: Rebuilt, *, as_json: bool) -> int:
    differing = {model: found for model, found in (done.differences or {}).items() if found}
    if as_json:
        say_json(
            {
                "events": done.events,
                "parked": done.parked,
                "swapped": done.swapped,
                "differences": {
                    model: [
                        {"table": d.table, "live": d.live.rows, "rebuilt": d.rebuilt.rows, "keys": d.keys}
                        for d in found
                    ]
                    for model, found in differing.items()
                },
            }
        )
        return Exit.NOT_WELL if differing else Exit.WELL
    say(f"{done.events} events, {done.parked} parked, {'swapped in' if done.swapped else 'thrown away again'}")
    for model, found in differing.items():
        for difference in found:
            say(f"{model}.{difference.table}: {difference.live.rows} rows live, {difference.rebuilt.rows} rebuilt")
            for key in difference.keys:
                say(f"  {key}")
    if done.differences is not None and not differing:
        say("No difference: the live read models are what the log says")
    return Exit.NOT_WELL if differing else Exit.WELL


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr where that is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("events", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError
    return timedelta(**{_UNITS[found[2]]: float(found[1])})
