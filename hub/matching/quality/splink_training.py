"""The one module that imports Splink: u by random sampling, m by expectation maximisation, and no labels anywhere.

Splink runs this project's own comparison functions, registered in DuckDB, so that training and serving agree exactly.
The blocking rules of EM name one column each, `given`, `birth` and so on; a field that a rule blocks on is not trained
by that rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from hub.matching.compare import FIELDS, PLACE_OF
from hub.matching.features import Features

Rules = Sequence[tuple[str, ...]]

_ITERATIONS = 5  # enough where nearly all pairs are of one person; a share that sinks for longer leaves a float's range
NUMBER = "number"  # a rule on this column blocks on the NHS number, the UPN or the NI number, whichever there is

_NUMBERS = ("nhs", "upn", "ni")


class Missing(Exception):
    """Splink is not installed: it is part of the extra `match`."""


class Shares(NamedTuple):
    """By field and level from 1 on: the share among descriptions of one person (m), and of two (u). None: not seen."""

    m: dict[str, tuple[float | None, ...]]
    u: dict[str, tuple[float | None, ...]]


def shares(submissions: Sequence[Sequence[Features]], rules: Rules, pairs: float, seed: int) -> Shares:
    """Learn from unlabelled descriptions. `pairs` at most are sampled for u. Raises `Missing`.

    Two people of one submission are two people, so EM does not see such a pair.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra
        from splink import DuckDBAPI, Linker, SettingsCreator  # noqa: PLC0415
    except ImportError as missing:
        raise Missing from missing
    records = list(chain.from_iterable(submissions))
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # sums in one order, so that a model is the same on every run
        connection.create_function("level", _compared(records), ["BIGINT"] * 3, "BIGINT")
        api = DuckDBAPI(connection)
        settings = SettingsCreator(
            "dedupe_only",
            comparisons=[_comparison(field.name) for field in FIELDS],
            probability_two_random_records_match=1e-4,
            em_convergence=1e-3,
            max_iterations=_ITERATIONS,
        )
        table = api.register(_table(submissions))
        linker = Linker(table, settings)
        linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=seed, min_count_per_level=None)
        for rule in rules:
            linker.training.estimate_parameters_using_expectation_maximisation(_elsewhere(rule))
        return _learnt(linker.misc.save_model_to_json())


def _elsewhere(fields: Sequence[str]) -> str:
    """Equal in these fields, and of two submissions."""
    equal = [f'l."{name}" = r."{name}"' for name in fields]
    if NUMBER in fields:
        equal.append(f"concat({', '.join(f'{side}.{name}' for side in 'lr' for name in _NUMBERS)}) <> ''")
    return " AND ".join([*equal, 'l."submission" <> r."submission"'])


def _table(submissions: Sequence[Sequence[Features]]) -> Any:  # noqa: ANN401 - an Arrow table
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with Splink

    numbered = [(number, record) for number, people in enumerate(submissions) for record in people]
    records = [record for _, record in numbered]
    columns: dict[str, list[Any]] = {"unique_id": list(range(len(records))), "record": list(range(len(records)))}
    columns[NUMBER] = [
        next((f"{name} {own[0]}" for name in _NUMBERS if (own := getattr(each, name))), None) for each in records
    ]
    columns["submission"] = [number for number, _ in numbered]
    for field in FIELDS:
        columns[field.name] = [_blocked(record, field.name) for record in records]
    return pa.table(columns)


def _blocked(record: Features, field: str) -> str | None:
    """What a rule that names the field blocks on."""
    values = {
        "place": f"{record.postcode} {record.house}" if record.postcode and record.house else "",
        "adults": "",
        "children": "",
        "role": str(record.adult),
    }
    value = values[field] if field in values else getattr(record, field)
    if isinstance(value, tuple):
        value = value[0] if value else ""
    return value or None


def _compared(records: Sequence[Features]) -> Callable[[int, int, int], int]:
    @lru_cache(maxsize=8192)  # DuckDB asks for each level in turn, a block of 2,048 pairs at a time
    def level(field: int, left: int, right: int) -> int:
        return FIELDS[field].compare(records[left], records[right])

    return level


def _comparison(name: str) -> dict[str, Any]:
    """Splink's comparison of a field. Naming the field's own column lets EM see what a rule blocks on."""
    field = FIELDS[PLACE_OF[name]]
    found = f'level({PLACE_OF[name]}, "record_l", "record_r")'
    own = f'("{name}_l" IS NULL OR TRUE) AND ("{name}_r" IS NULL OR TRUE)'
    steps = [{"sql_condition": f"{found} = 0 AND {own}", "label_for_charts": "0", "is_null_level": True}]
    steps += [
        {"sql_condition": f"{found} = {level.value}", "label_for_charts": str(level.value)}
        for level in list(field.levels)[:-1]
    ]
    steps.append({"sql_condition": "ELSE", "label_for_charts": str(list(field.levels)[-1].value)})
    return {"output_column_name": name, "comparison_levels": steps}


def _learnt(model: dict[str, Any]) -> Shares:
    found: dict[str, dict[str, tuple[float | None, ...]]] = {"m_probability": {}, "u_probability": {}}
    for comparison in model["comparisons"]:
        told = {level["label_for_charts"]: level for level in comparison["comparison_levels"]}
        for kind, by_field in found.items():
            field = FIELDS[PLACE_OF[comparison["output_column_name"]]]
            by_field[field.name] = tuple(told[str(level.value)].get(kind) for level in field.levels)
    return Shares(found["m_probability"], found["u_probability"])
