"""`hub send`: the command an agency runs. `hub/cli.py` registers `send`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Send an agency's own files to the hub.")


@app.command()
def send(  # noqa: PLR0913, PLR0917 - Typer reads the signature
    files: Annotated[
        list[Path] | None, typer.Argument(help="files to send; without any, what waits in the spool")
    ] = None,
    agency: Annotated[str, typer.Option("--as", help="code of the sending agency")] = "",
    format_name: Annotated[
        str | None, typer.Option("--format", help="format of the files; guessed if not given")
    ] = None,
    url: Annotated[str | None, typer.Option("--to", envvar="HUB_URL", help="address of the hub")] = None,
    watch: Annotated[Path | None, typer.Option(help="folder to watch for new files, until stopped")] = None,
    spool: Annotated[Path | None, typer.Option(envvar="HUB_SPOOL", help="folder of the durable spool")] = None,
    give_up: Annotated[float, typer.Option(help="seconds to go on trying; then the file stays in the spool")] = 60.0,
    settle: Annotated[float, typer.Option(help="seconds a watched file must rest before it is taken")] = 5.0,
    poll: Annotated[float, typer.Option(help="seconds between looks at the watched folder")] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON lines")] = False,
    names: Annotated[bool, typer.Option(help="print file names too: they may be personal data")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no notices on stderr")] = False,
) -> None:
    """Send files to the hub: kept safe on disk until the hub has answered, and never taken twice.

    Exit codes: 0 all taken; 1 some refused; 2 usage; 3 cannot deliver (left in the spool: run it again).

    Example: hub send september.xml --as SCHOOL-1 --to https://hub.example
    """
    from hub.client.credentials import Unusable, find_credentials, folder, secure_url
    from hub.client.job import Job
    from hub.client.report import Lines
    from hub.client.run import run

    try:
        credentials = find_credentials(agency, os.environ)
        address = secure_url(url or credentials.url or "")
        job = Job(
            agency=agency,
            url=address,
            credentials=credentials,
            spool=(spool or folder("HUB_STATE_DIR", "XDG_STATE_HOME", ".local/state", os.environ)) / agency,
            files=tuple(files or ()),
            format=format_name,
            watch=watch,
            give_up=give_up,
            settle=settle,
            poll=poll,
        )
        lines = Lines(out=_say, notice=_ignore if quiet else _notice, as_json=as_json, show_names=names)
        code = asyncio.run(run(job, lines))
    except Unusable as unusable:
        raise typer.BadParameter(str(unusable)) from None
    raise typer.Exit(code)


def _say(line: str) -> None:
    typer.echo(line)


def _notice(line: str) -> None:
    typer.echo(line, err=True)


def _ignore(_line: str) -> None:
    pass
