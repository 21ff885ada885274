"""Data sets by name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hub.matching.quality.csv_people import BadFile, csv_people
from hub.matching.quality.febrl import febrl3, febrl4
from hub.matching.quality.told import Dataset
from hub.synth.hard_uk import hard_uk

NAMES: Final = ("febrl3", "febrl4", "hard-uk")


def dataset(name: str, seed: int, size: int) -> Dataset:
    """One of `NAMES`, or the CSV file of that path. Seed and size (families) are for `hard-uk`.

    Raises `csv_people.BadFile`, and `febrl.Missing` where the package with the data is not installed.
    """
    match name:
        case "febrl3":
            return febrl3()
        case "febrl4":
            return febrl4()
        case "hard-uk":
            return hard_uk(size, seed)
    if not Path(name).is_file():
        raise BadFile(f"neither a file nor one of {', '.join(NAMES)}")
    return csv_people(Path(name))
