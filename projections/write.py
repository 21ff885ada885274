"""Reads and writes the rows of a batch with set-based SQL: each table is read once and written once.

Rows go in by COPY: straight into the table where no former row can be in the way, else into a temporary table of the
same shape and from there by one `INSERT ... ON CONFLICT DO UPDATE`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache

from events.database import Connection
from projections.fold import Former
from projections.projection import Key, Projection, Row, Table


async def create_schema(connection: Connection, projection: Projection, schema: str, *, bare: bool = False) -> None:
    """Make the schema and its tables. `bare`: without what `finish_schema` adds, for filling them fast."""
    await connection.execute(f'CREATE SCHEMA "{schema}"')
    for table in projection.tables:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.columns)
        await connection.execute(f'CREATE TABLE "{schema}"."{table.name}" ({columns})')
        # A table whose rows may be met again needs its key from the start.
        if not (bare and table.append_only):
            await _add_key(connection, schema, table)
    if not bare:
        await _add_indexes(connection, projection, schema)


async def finish_schema(connection: Connection, projection: Projection, schema: str) -> None:
    """What a bare schema lacks, and the planner's statistics: rough ones, autovacuum makes better ones in its time."""
    await connection.execute("SET default_statistics_target = 10; SET maintenance_work_mem = '128MB'")
    for table in projection.tables:
        if table.append_only:
            await _add_key(connection, schema, table)
    await _add_indexes(connection, projection, schema)
    for table in projection.tables:
        await connection.execute(f'ANALYZE "{schema}"."{table.name}"')


async def _add_key(connection: Connection, schema: str, table: Table) -> None:
    await connection.execute(f'ALTER TABLE "{schema}"."{table.name}" ADD PRIMARY KEY ({_names(table.key_names)})')


async def _add_indexes(connection: Connection, projection: Projection, schema: str) -> None:
    for table in projection.tables:
        for index in table.indexes:
            await connection.execute(f'CREATE INDEX ON "{schema}"."{table.name}" {index}')


async def load(
    connection: Connection, projection: Projection, schema: str, wanted: Mapping[str, Collection[Key]]
) -> Former:
    """The rows of these keys, by table name and key."""
    found: dict[str, dict[Key, Row]] = {}
    for table in projection.tables:
        keys = wanted.get(table.name)
        if keys:
            rows = await connection.fetch(_select(table, schema), *zip(*keys, strict=True))
            found[table.name] = {row[: table.key]: row for row in map(_as_row(table), rows)}
    return found


async def write(
    connection: Connection,
    projection: Projection,
    schema: str,
    rows: Mapping[str, Mapping[Key, Row | None]],
    former: Former,
    loaded: Mapping[str, Collection[Key]],
) -> None:
    """Bring the tables to `rows`. `loaded` are the keys that `former` was asked for; of others it knows nothing."""
    for table in projection.tables:
        before, known = former.get(table.name, {}), loaded.get(table.name, ())
        fresh: list[Row] = []
        merged: list[Row] = []
        removed: list[Key] = []
        for key, row in rows[table.name].items():
            if row is None:
                if key in before or key not in known:
                    removed.append(key)
            elif table.append_only or (key in known and key not in before):
                fresh.append(row)
            elif before.get(key) != row:
                merged.append(row)
        if fresh:
            await _copy(connection, table, schema, table.name, fresh)
        if merged:
            await _merge(connection, table, schema, merged)
        if removed:
            await connection.execute(_delete(table, schema), *zip(*removed, strict=True))


async def _merge(connection: Connection, table: Table, schema: str, rows: Sequence[Row]) -> None:
    stage = f"stage_{schema}_{table.name}"
    # Kept for the life of the connection: making one for each batch would bloat the catalogue.
    await connection.execute(
        f'CREATE TEMP TABLE IF NOT EXISTS "{stage}" (LIKE "{schema}"."{table.name}") ON COMMIT DELETE ROWS'
    )
    await _copy(connection, table, "pg_temp", stage, rows)
    await connection.execute(_upsert(table, schema, stage))


async def _copy(connection: Connection, table: Table, schema: str, name: str, rows: Sequence[Row]) -> None:
    await connection.copy_records_to_table(name, schema_name=schema, columns=table.column_names, records=rows)


def _names(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{name}"' for name in names)


def _keys(table: Table) -> str:
    """The keys handed over as one array for each key column."""
    arrays = ", ".join(f"${at}::{kind}[]" for at, (_, kind) in enumerate(table.columns[: table.key], start=1))
    return f"unnest({arrays}) AS k ({_names(table.key_names)})"


@cache
def _select(table: Table, schema: str) -> str:
    # LATERAL with LIMIT keeps the planner to one index look-up a key, whatever its statistics say of a growing table.
    same = " AND ".join(f't."{name}" = k."{name}"' for name in table.key_names)
    return f"""SELECT r.* FROM {_keys(table)},
        LATERAL (SELECT {_names(table.column_names, "t.")} FROM "{schema}"."{table.name}" AS t
                 WHERE {same} LIMIT 1) AS r"""  # noqa: S608 - names from our own code


@cache
def _upsert(table: Table, schema: str, stage: str) -> str:
    rest = [name for name in table.column_names if name not in table.key_names]
    change = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
    action = f"UPDATE SET {change}" if rest else "NOTHING"
    columns = _names(table.column_names)
    return f"""INSERT INTO "{schema}"."{table.name}" ({columns}) SELECT {columns} FROM pg_temp."{stage}"
        ON CONFLICT ({_names(table.key_names)}) DO {action}"""  # noqa: S608 - names from our own code


@cache
def _delete(table: Table, schema: str) -> str:
    same = " AND ".join(f't."{name}" = k."{name}"' for name in table.key_names)
    return f'DELETE FROM "{schema}"."{table.name}" AS t USING {_keys(table)} WHERE {same}'  # noqa: S608


def _as_row(table: Table) -> Callable[[Iterable[object]], Row]:
    """How a fetched row becomes the tuple that a handler once gave: arrays are tuples there."""
    return _with_tuples if any(kind.endswith("[]") for _, kind in table.columns) else tuple


def _with_tuples(values: Iterable[object]) -> Row:
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)
