"""An invented week on disk: a folder for each agency, a manifest in the order of sending, and the truth apart."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from hub.synth.agencies import Agency, agencies
from hub.synth.truth import Truth
from hub.synth.week import AgencyFile, Week

MANIFEST = "manifest.json"
TRUTH = "truth.csv"


def write_week(out: Path, families: int, seed: int, start: date, faults: float = 0.03) -> dict[str, Any]:
    """Write everything under `out` and return the manifest.

    `truth.csv` says which part of which file is about which invented person: for judging matching, never for the hub.
    """
    out.mkdir(parents=True, exist_ok=True)
    week = Week(families, seed, start, faults)
    files: list[dict[str, Any]] = []
    with (out / TRUTH).open("w", newline="", encoding="utf-8") as truth:
        columns = csv.writer(truth)
        columns.writerow(("file", "item", "family", "person", "expected", "fault", "slips"))
        for file in week:
            path = f"{file.agency.code}/{file.name}"
            if not file.again:
                (out / file.agency.code).mkdir(exist_ok=True)
                with (out / path).open("wb") as stream:
                    _write(file, stream)
                columns.writerows(_rows(path, file.truth))
            files.append(_entry(path, file))
    manifest = {
        "families": families,
        "seed": seed,
        "monday": week.monday.isoformat(),
        "agencies": [_agency(agency) for agency in agencies()],
        "files": files,
    }
    (out / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def _write(file: AgencyFile, stream: BinaryIO) -> None:
    file.write(stream)


def _rows(path: str, truth: Iterable[Truth]) -> Iterable[tuple[object, ...]]:
    return (
        (path, part.item, part.family, part.person, part.expected, part.fault, " ".join(part.slips)) for part in truth
    )


def _entry(path: str, file: AgencyFile) -> dict[str, Any]:
    return {
        "path": path,
        "agency": file.agency.code,
        "format": file.format,
        "at": file.at.isoformat(),
        "items": len(file.truth),
        "again": file.again,
    }


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "code": agency.code,
        "kind": agency.kind,
        "name": agency.name,
        "identifier": agency.identifier,
        "purposes": agency.purposes,
        "bases": agency.bases,
    }
