"""Which format a file is in, when the agency does not say."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from hub.connectors import Connector
from hub.submission import FileRefused


def guess(path: Path, connectors: Collection[Connector]) -> Connector | None:
    """The format that the end of the name tells (`july.dwp.csv`), else the only one of its kind that can read the file.

    None if the name tells nothing and no connector of the same last suffix, or more than one, can read it.
    """
    name = path.name.lower()
    told = {len(ending): each for each in connectors for ending in each.suffixes if name.endswith(ending)}
    if told:
        return told[max(told)]
    alike = (each for each in connectors if any(ending.endswith(path.suffix.lower()) for ending in each.suffixes))
    able = [each for each in alike if path.suffix and _reads(each, path)]
    return able[0] if len(able) == 1 else None


def _reads(connector: Connector, path: Path) -> bool:
    with path.open("rb") as stream:
        try:
            connector.check(stream)
        except FileRefused:
            return False
    return True
