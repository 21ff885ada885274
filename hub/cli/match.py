"""`hub match evaluate` and `hub match train`: how good the matching is, and how its weights are learnt."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.running import AsJson, Exit, end, notice, say, say_json, settings

if TYPE_CHECKING:
    from hub.matching.model import Model
    from hub.matching.quality.told import Dataset

app = typer.Typer(help="Measure who is taken for whom, and learn the weights that decide it.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(metavar="DATASET", help="febrl3, febrl4, hard-uk, or a CSV file with a truth column.")
]
Seed = Annotated[int, typer.Option(help="The same seed invents the same people (hard-uk).")]
Size = Annotated[int, typer.Option(min=10, help="How many invented families (hard-uk).")]


class For(StrEnum):
    """Which rules of EM fit the data set."""

    UK = "uk"
    FEBRL = "febrl"


@app.command()
def evaluate(
    name: Name,
    model: Annotated[
        str | None, typer.Option(help="uk, febrl or a file; the one made for the data set if not given.")
    ] = None,
    seed: Seed = 1,
    size: Size = 2_000,
    as_json: AsJson = False,
) -> None:
    """Precision, recall and F1 with 95 % intervals, by subgroup, against the truth of a data set.

    FEBRL sets are decided by score alone, hard-uk and CSV files as intake decides. Example: hub match evaluate hard-uk
    """
    from hub.deciders.recognising import Rules
    from hub.matching.quality.evaluation import evaluate as measured

    asked = settings()
    rules = Rules(
        _model(model or ("febrl" if name.startswith("febrl") else "uk")),
        asked.match_false_links,
        asked.match_missed_links,
    )
    report = measured(_dataset(name, seed, size), rules)
    if as_json:
        say_json(report.as_json())
    else:
        say("\n".join(report.lines()))


@app.command()
def train(
    name: Name,
    out: Annotated[Path, typer.Option(help="The file to write the model to.")],
    rules: Annotated[
        For, typer.Option(help="uk where people have numbers and households, febrl where they have none.")
    ] = For.UK,
    seed: Seed = 1_001,
    size: Size = 8_000,
) -> None:
    """Learn weights by expectation maximisation from descriptions alone; the truth column is not looked at.

    Needs Splink (the extra `match`). Use other seeds than those you evaluate with.

    Example: hub match train hard-uk --out uk.json
    """
    from hub.matching.quality.splink_training import Missing
    from hub.matching.quality.training import RULES
    from hub.matching.quality.training import train as learnt

    people = _dataset(name, seed, size)
    try:
        packed = learnt(people, out.stem, RULES[rules], seed)
    except Missing as missing:
        end(Exit.NOT_WELL, str(missing.__doc__))
    out.write_bytes(packed)
    notice(f"{out}: {len(packed):,} bytes")


def _dataset(name: str, seed: int, size: int) -> Dataset:
    from hub.matching.quality.csv_people import BadFile
    from hub.matching.quality.datasets import dataset
    from hub.matching.quality.febrl import Missing

    try:
        return dataset(name, seed, size)
    except Missing as missing:
        end(Exit.NOT_WELL, str(missing.__doc__))
    except (BadFile, OSError, UnicodeDecodeError) as fault:
        end(Exit.USAGE, f"{name}: {fault if isinstance(fault, BadFile) else 'it cannot be read as UTF-8 text'}")


def _model(name: str) -> Model:
    from hub.matching.model import BadModel, Model, shipped

    try:
        return Model.of_bytes(Path(name).read_bytes()) if Path(name).suffix == ".json" else shipped(name)
    except (OSError, ValueError, KeyError, BadModel) as fault:
        end(Exit.USAGE, f"{name} is no model that fits this version: {type(fault).__name__}")
