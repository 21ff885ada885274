"""Every statement written in the packages fits the schema: PostgreSQL itself is asked, without running one."""

from __future__ import annotations

import ast
import pkgutil
import re
import string
from collections.abc import Iterator
from importlib import import_module

import asyncpg
import pytest

import projections
from events.database import Pool
from projections.projection import Projection
from projections.write import create_schema
from tests.structure.source import PACKAGES, modules

STATEMENT = re.compile(r"\s*(SELECT\s|INSERT INTO\s|UPDATE\s+\w+\.\w+|DELETE FROM\s|WITH\s+\w+.*\sAS\s)", re.DOTALL)


def read_models() -> dict[str, Projection]:
    found: dict[str, Projection] = {}
    for told in pkgutil.iter_modules(projections.__path__, "projections."):
        for value in vars(import_module(told.name)).values():
            if isinstance(value, Projection):
                found[value.name] = value
    return found


def statements(names: set[str]) -> Iterator[tuple[str, str]]:
    """Place and text of each literal statement; those put together at run time are their own tests' business."""
    for each in modules(*PACKAGES):
        parts = {id(part) for node in ast.walk(each.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        for node in ast.walk(each.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in parts:
                continue
            text = node.value
            if STATEMENT.match(text) and placeholders(text) <= names:
                yield f"{each.path}:{node.lineno}", text


def placeholders(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:  # braces that are PostgreSQL's own
        return set()


async def test_every_statement_can_be_prepared(pool: Pool) -> None:
    models = read_models()
    schemas = {name: model.schema for name, model in models.items()}
    wrong: dict[str, str] = {}
    async with pool.acquire() as connection:
        for model in models.values():
            await create_schema(connection, model, model.schema)
        for place, text in statements(set(models)):
            try:
                await connection.prepare(text.format_map(schemas) if placeholders(text) else text)
            except asyncpg.PostgresError as failure:
                wrong[place] = str(failure)
    assert wrong == {}


def test_the_search_finds_statements_of_each_kind() -> None:
    texts = [text.split()[0] for _, text in statements(set(read_models()))]
    assert len(texts) > 20
    assert {"SELECT", "INSERT", "UPDATE", "DELETE"} <= set(texts)


async def test_a_misspelt_column_would_be_noticed(pool: Pool) -> None:
    with pytest.raises(asyncpg.UndefinedColumnError):
        async with pool.acquire() as connection:
            await connection.prepare("SELECT parttion FROM log.head")
