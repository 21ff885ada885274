"""The straight import line, and nothing that could be mistaken for another package."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.structure.source import PACKAGES, ROOT, modules

GRAB_BAGS = {"utils", "util", "core", "common", "shared", "helpers", "misc", "base"}


def test_the_import_contracts_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


def test_no_module_is_a_grab_bag() -> None:
    named = {each.path for each in modules(*PACKAGES, "tests") if GRAB_BAGS & set(each.path[:-3].split("/"))}
    assert named == set()


@pytest.mark.parametrize("name", PACKAGES)
def test_the_imported_package_is_ours(name: str) -> None:
    """A package called `events` is published by others; installed beside us it must not win."""
    found = import_module(name).__file__
    assert found is not None
    assert Path(found).resolve() == ROOT / name / "__init__.py"


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {each.path.rsplit("/", 1)[0] for each in modules("tests")}
    packages = {
        each.path.removesuffix("/__init__.py") for each in modules("tests") if each.path.endswith("__init__.py")
    }
    assert folders == packages


def test_tests_live_in_classes_of_the_contract_suites_or_are_functions_with_a_sentence_for_a_name() -> None:
    """`test_1` or `test_it` says nothing when it fails."""
    short = {
        f"{each.path}:{function.lineno} {function.name}"
        for each in modules("tests")
        for function in each.functions()
        if function.name.startswith("test_") and function.name.count("_") < 2
    }
    assert short == set()


def test_no_type_check_is_switched_off_for_a_whole_file() -> None:
    off = {
        each.path
        for each in modules(*PACKAGES, "tests")
        for line in each.lines
        if line.strip().startswith(("# mypy:", "# type: ignore", "# ruff: noqa"))
    }
    assert off == set()


def test_only_the_composition_root_builds_adapters() -> None:
    """Whoever needs a log or a key ring is given one; the choice of engine stands in one file."""
    built = {
        f"{each.path}:{node.lineno} {node.func.id}"
        for each in modules(*PACKAGES)
        if each.path != "hub/bootstrap.py"
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ADAPTERS
    }
    assert built == set()


ADAPTERS = {
    node.name
    for each in modules("events")
    if each.path.endswith(("memory_log.py", "postgres_log.py", "kafka_log.py"))
    for node in ast.walk(each.tree)
    if isinstance(node, ast.ClassDef) and node.name.endswith("Log")
}


def test_the_adapters_are_known_to_this_test() -> None:
    assert {"MemoryLog", "PostgresLog"} <= ADAPTERS
