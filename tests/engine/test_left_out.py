"""A server that cannot be had: left out loudly here, a failure where CI=true."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.structure.source import ROOT

ASKED = "tests/engine/test_kafka.py::test_a_misspelt_topic_is_an_error"


def run_without_java(ci: str, *processes: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"JAVA_HOME", "HUB_TEST_KAFKA"}}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *processes, ASKED],
        cwd=ROOT, check=False, capture_output=True, text=True, env=environment | {"PATH": "/nowhere", "CI": ci},
    )  # fmt: skip


@pytest.mark.parametrize("processes", [(), ("-n", "1")], ids=["in this process", "in another"])
def test_on_a_developers_machine_the_summary_says_what_was_left_out(processes: tuple[str, ...]) -> None:
    told = run_without_java("", *processes)

    assert told.returncode == 0
    assert "1 skipped" in told.stdout
    assert "LEFT OUT, tests that need Kafka from its own jars: Java 17 or newer is missing" in told.stdout


@pytest.mark.parametrize("ci", ["true", "1"])
def test_in_ci_nothing_may_be_left_out(ci: str) -> None:
    told = run_without_java(ci)

    assert told.returncode == 1
    assert "1 error" in told.stdout
    assert "with CI=true no test may be left out" in told.stdout
