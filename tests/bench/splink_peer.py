"""Splink 5 on the same data, with its own comparisons and its own predictions: the peer for quality.

As its documentation advises: names by Jaro-Winkler with term frequencies, dates of birth by its own levels, numbers
exactly; u by random sampling, m by expectation maximisation, no labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa  # type: ignore[import-untyped]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as cl

from hub.matching.features import Features
from hub.matching.quality.told import Submission, featured

_ONE_OF = ("given", "family", "nhs", "upn", "ni")
_PLAIN = ("birth", "postcode", "house", "street", "town")
_BLOCKS = (("given", "family"), ("birth", "given"), ("birth", "family"), ("postcode", "given"), ("postcode", "house"))
_TRAINED = (("given", "family"), ("birth",))
_PAIRS, _SEED, _ARRIVING = 1e6, 1, "arriving"


class Link(NamedTuple):
    """Two records, by their place on each side, and the probability that they are one person."""

    known: int
    arriving: int
    probability: float


def between(register: Sequence[Submission], arrivals: Sequence[Submission], least: float) -> list[Link]:
    """Links between two lists from that probability on."""
    sides = [_table(side) for side in (register, arrivals)]
    return list(_links("link_only", sides, least))


def within(records: Sequence[Submission], least: float) -> list[Link]:
    """Links within one list."""
    return list(_links("dedupe_only", [_table(records)], least))


def _links(kind: Any, sides: Sequence[Any], least: float) -> Iterator[Link]:
    names = [cl.NameComparison(name).configure(term_frequency_adjustments=True) for name in ("given", "family")]
    numbers = [name for name in ("nhs", "upn", "ni") if any(_said(side, name) for side in sides)]
    settings = SettingsCreator(
        kind,
        comparisons=[
            *names,
            cl.DateOfBirthComparison("birth", input_is_string=True),
            cl.LevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.ExactMatch("house"),
            cl.JaroWinklerAtThresholds("town", [0.9]),
            *(cl.ExactMatch(name) for name in numbers),
        ],
        blocking_rules_to_generate_predictions=[
            *(block_on(*rule) for rule in (*_BLOCKS, *((name,) for name in numbers)))
        ],
    )
    api = DuckDBAPI()
    tables = [api.register(side, table_name=name) for side, name in zip(sides, ("known", _ARRIVING), strict=False)]
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match(
        [*(block_on(*rule) for rule in _BLOCKS[:2])], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=_SEED)
    for rule in _TRAINED:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    for row in linker.inference.predict(threshold_match_probability=least).as_record_list():
        left, right = row["unique_id_l"], row["unique_id_r"]
        if row.get("source_dataset_l") == _ARRIVING:  # the two sides come in the order of their names
            left, right = right, left
        yield Link(left, right, row["match_probability"])


def _table(submissions: Sequence[Submission]) -> Any:
    records = [features for submission in submissions for features in featured(submission)]
    columns: dict[str, list[Any]] = {"unique_id": list(range(len(records)))}
    columns |= {name: [_first(record, name) for record in records] for name in _ONE_OF}
    columns |= {name: [getattr(record, name) or None for record in records] for name in _PLAIN}
    columns["birth"] = [value if value and len(value) == len("YYYY-MM-DD") else None for value in columns["birth"]]
    return pa.table(
        columns, schema=pa.schema([("unique_id", pa.int64()), *((name, pa.string()) for name in (*_ONE_OF, *_PLAIN))])
    )


def _first(record: Features, name: str) -> str | None:
    values: tuple[str, ...] = getattr(record, name)
    return values[0] if values else None


def _said(table: Any, name: str) -> bool:
    return bool(table[name].null_count < len(table))
