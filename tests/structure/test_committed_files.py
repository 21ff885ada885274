"""What is in the repository is the project's own, and says nothing of the machine it was written on."""

from __future__ import annotations

import json
import re

import pytest

from tests.structure.source import ROOT, committed

LOCKS = sorted((ROOT / ".ci" / "requirements").glob("*.txt"))
TOP = {
    *("pyproject.toml", "hub", "events", "projections", "consumers", "tests"),
    *("docker-compose.yml", "README.md", "Makefile", "Dockerfile", "LICENSE", ".ci"),
}
# Put together here so that this file does not find itself.
REGISTRY = re.compile(
    "|".join([r"pythonhosted\." + "org", r"registry\.npm" + "js", r"repo1?\.maven\." + "(org|apache)"])
)
HOME = re.compile(r"(?<![\w./:}-])/(?:" + "work|root|home" + r")/[\w.]")
SECRET = re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----")


def texts() -> list[tuple[str, str]]:
    found = []
    for path in committed():
        try:
            found.append((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_the_top_folder_holds_only_what_it_may() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in committed()}
    assert {top for top in tops if not top.startswith(".")} <= TOP


@pytest.mark.parametrize("pattern", [REGISTRY, HOME, SECRET], ids=["registry", "home folder", "private key"])
def test_no_file_names_a_registry_a_home_folder_or_holds_a_key(pattern: re.Pattern[str]) -> None:
    found = {name for name, text in texts() if pattern.search(text)}
    assert found == set()


def test_other_peoples_files_are_not_committed() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in committed()}
    assert not {name for name in names if "node_modules/" in name or name.startswith("hub/web/static/vendor/")}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_locked_requirement_has_hashes_and_no_address(lock: object) -> None:
    text = (ROOT / str(lock)).read_text("utf-8")
    requirements = re.split(r"\n(?=[a-z0-9])", text.strip())

    assert requirements
    assert all("==" in each and "--hash=sha256:" in each for each in requirements)
    assert not re.search(r"://|file:|--(?:index|extra|find|trusted)", text)


def test_the_npm_lock_has_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "hub/web/assets/package-lock.json").read_text("utf-8"))
    fetched = {path: told for path, told in lock["packages"].items() if path}

    assert set(fetched) == {"node_modules/govuk-frontend", "node_modules/@ministryofjustice/frontend"}
    assert all(told["integrity"].startswith("sha512-") and "resolved" not in told for told in fetched.values())


def test_the_build_server_calls_what_the_readme_calls() -> None:
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make test" in run
    assert "make test" in (ROOT / "README.md").read_text("utf-8")
