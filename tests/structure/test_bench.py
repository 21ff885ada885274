"""Every program of the benchmark can start: a missing library shows here and not in the middle of a measurement."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

import tests.bench


@pytest.mark.parametrize("name", sorted(module.name for module in iter_modules(tests.bench.__path__)))
def test_what_it_imports_is_installed(name: str) -> None:
    assert import_module(f"tests.bench.{name}").__doc__
