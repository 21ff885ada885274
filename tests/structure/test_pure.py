"""What a replay runs again must give the same again: no clock, no chance, no environment, no network in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.structure.source import Module, modules

PURE = ("events/upcasts.py", "hub/deciders/", "hub/matching/", "hub/connectors/", "hub/routing.py")
OUTSIDE = {"time", "random", "secrets", "os", "socket", "subprocess", "httpx", "urllib.request", "asyncio", "sys"}
# A decision is taken once and its random ids are in the event: deciding may name things, replaying may not.
DECIDING = "hub/deciders/"
NAMING = {"uuid4", "uuid7"}
CHANGING = {"now", "today", "utcnow", "urandom", "monotonic"}


def pure_modules() -> list[Module]:
    """The folders of pure code, and every file that registers a read model's handlers."""
    named = [each for each in modules("events", "hub") if each.path.startswith(PURE)]
    models = [each for each in modules("projections") if re.search(r"^@\w+\.on\(", "\n".join(each.lines), re.MULTILINE)]
    return named + models


def impurities(module: Module) -> Iterator[str]:
    changing = CHANGING if module.path.startswith(DECIDING) else CHANGING | NAMING
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name in OUTSIDE)
            case ast.ImportFrom(module=str(name)) if name in OUTSIDE:
                yield name
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in changing:
                yield f"{name}() in line {node.lineno}"


@pytest.mark.parametrize("module", pure_modules(), ids=lambda module: module.path)
def test_it_sees_nothing_but_its_arguments(module: Module) -> None:
    assert list(impurities(module)) == []


def test_a_clock_in_pure_code_would_be_noticed() -> None:
    text = "import os\nfrom random import choice\nfrom datetime import datetime\ndatetime.now()\nuuid4()\n"
    found = list(impurities(Module("made-up", (), ast.parse(text))))
    assert found == ["os", "random", "now() in line 4", "uuid4() in line 5"]


def test_handlers_and_deciders_are_among_the_files_looked_at() -> None:
    paths = {each.path for each in pure_modules()}
    assert {"projections/timeline.py", "projections/people.py", "hub/routing.py", "events/upcasts.py"} <= paths
