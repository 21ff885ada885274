"""`hub events tail`, `hub show`, `hub log`: read the log as it is, envelope only unless a reason is given."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer

from events.envelope import Record, Recorded
from hub.bootstrap import Hub
from hub.cli.running import AsJson, Exit, Reveal, notice, say, say_json, with_hub
from hub.reveal import reveal as revealed

app = typer.Typer(help="The event log.", no_args_is_help=True)


class Start(StrEnum):
    """Where a tail begins."""

    BEGINNING = "beginning"
    END = "end"


@app.command()
def tail(
    start: Annotated[Start, typer.Option("-o", "--offset", help="Where to begin.")] = Start.END,
    stop: Annotated[bool, typer.Option("-e", "--exit", help="Stop at the end of the log.")] = False,
    kind: Annotated[list[str] | None, typer.Option("--type", help="Only this type; may be repeated.")] = None,
    stream: Annotated[str | None, typer.Option(help="Only this stream, such as family/<id>.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print events as they are written, envelope only. Notices go to stderr.

    Example: hub events tail -o beginning -e --json --type referral.received
    """

    async def work(hub: Hub) -> None:
        heads = await hub.log.heads()
        after = dict.fromkeys(heads.sequences, 0) if start is Start.BEGINNING else dict(heads.sequences)
        if not stop:
            notice("% Waiting for events; Ctrl-C ends")
        async for batch in hub.log.follow(after, until_end=stop):
            for record in batch:
                if (not kind or record.type in kind) and stream in (None, record.stream):
                    _say_record(record, as_json=as_json)

    with_hub(work)


def show(
    event_id: Annotated[UUID, typer.Argument(metavar="EVENT", help="Id of the event.")],
    reason: Reveal = None,
    as_json: AsJson = False,
) -> None:
    """Show one event: its envelope and clear fields, and with --reveal what it says."""

    async def work(hub: Hub) -> int:
        record = await hub.log.find(event_id)
        if record is None:
            notice("No event has this id.")
            return Exit.NOT_WELL
        await _say_records(hub, [record], reason, as_json=as_json)
        return Exit.WELL

    with_hub(work)


def log(
    family: Annotated[UUID, typer.Argument(metavar="FAMILY", help="Id of the family.")],
    reason: Reveal = None,
    as_json: AsJson = False,
) -> None:
    """The events of one family, oldest first."""

    async def work(hub: Hub) -> int:
        records = await hub.log.read_stream(f"family/{family}")
        if not records:
            notice("No family has this id.")
            return Exit.NOT_WELL
        await _say_records(hub, records, reason, as_json=as_json)
        return Exit.WELL

    with_hub(work)


async def _say_records(hub: Hub, records: list[Record], reason: str | None, *, as_json: bool) -> None:
    if reason is None:
        for record in records:
            _say_record(record, as_json=as_json)
        return
    for recorded in await revealed(hub, records, f"cli:{getpass.getuser()}", reason):
        _say_recorded(recorded, as_json=as_json)


def envelope(record: Record) -> dict[str, Any]:
    """The envelope as JSON, the data's clear fields with it, what is sealed left out."""
    fields = record._asdict()
    fields["basis"] = record.basis.split()
    data = orjson.loads(fields.pop("data"))
    if record.key_id is not None:
        data["details"] = "sealed"
    return fields | {"data": data}


def _say_record(record: Record, *, as_json: bool) -> None:
    if as_json:
        say_json(envelope(record))
        return
    say(
        f"{record.position:>9}  {record.recorded_at:%Y-%m-%d %H:%M:%S}  {record.type:24} "
        f"{record.stream:45} v{record.stream_version:<4} {record.agency:16} {record.id}"
    )


def _say_recorded(recorded: Recorded, *, as_json: bool) -> None:
    event = recorded.event.model_dump(mode="json", exclude_none=True)
    if as_json:
        say_json(envelope(recorded.record) | {"data": event})
        return
    _say_record(recorded.record, as_json=False)
    for line in orjson.dumps(event, option=orjson.OPT_INDENT_2).decode().splitlines():
        say(f"           {line}")
