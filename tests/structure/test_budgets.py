"""Small files and short functions: what a change touches stays readable in one sitting."""

from __future__ import annotations

import statistics

from tests.structure.source import PACKAGES, modules

FILE_LINES = 400
FUNCTION_LINES = 60
MEDIAN_LINES = 80
CONFTEST_LINES = 150


def test_no_file_is_longer_than_its_cap() -> None:
    long = {each.path: len(each.lines) for each in modules(*PACKAGES, "tests") if len(each.lines) > FILE_LINES}
    assert long == {}


def test_no_function_is_longer_than_its_cap() -> None:
    long = {
        f"{each.path}:{function.lineno} {function.name}": length
        for each in modules(*PACKAGES, "tests")
        for function in each.functions()
        if (length := (function.end_lineno or function.lineno) - function.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def test_half_of_the_files_fit_on_one_screen_or_two() -> None:
    lengths = [each.written_lines for each in modules(*PACKAGES) if not each.path.endswith("__init__.py")]
    assert statistics.median(lengths) <= MEDIAN_LINES


def test_fixtures_are_few() -> None:
    (conftest,) = [each for each in modules("tests") if each.path == "tests/conftest.py"]
    assert len(conftest.lines) < CONFTEST_LINES
