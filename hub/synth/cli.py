"""`hub synth`: an invented week of agencies' files on disk."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer


def synth(
    out: Annotated[Path, typer.Option(help="Folder to write into; one folder for each agency appears in it.")],
    families: Annotated[int, typer.Option(min=1, help="How many invented families.")] = 50,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 1,
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day of the week to invent.")] = datetime(  # noqa: DTZ001 - a day
        2026, 11, 23
    ),
    faults: Annotated[float, typer.Option(min=0, max=1, help="Share of parts that are wrong on purpose.")] = 0.03,
    pupils: Annotated[int, typer.Option(min=0, help="Write one school roll (CTF) with so many pupils instead.")] = 0,
) -> None:
    """Write an invented week of agencies' own files, with a manifest and the truth about who is in them."""
    from hub.synth.ctf import roll_name, write_roll
    from hub.synth.writing import write_week

    day: date = start.date()
    if pupils:
        out.mkdir(parents=True, exist_ok=True)
        path = out / roll_name()
        with path.open("wb") as stream:
            write_roll(stream, pupils, seed, day)
        typer.echo(f"{pupils} pupils in {path}")
        return
    manifest = write_week(out, families, seed, day, faults)
    parts = sum(file["items"] for file in manifest["files"])
    typer.echo(f"{len(manifest['files'])} files, {parts} parts, {len(manifest['agencies'])} agencies in {out}")
