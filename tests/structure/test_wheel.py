"""The built wheel holds everything the hub needs to run, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.structure.source import PACKAGES, ROOT, committed

NOT_PACKED = ("hub/web/assets/", "hub/web/screenshot-queue.png")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (made,) = Path(folder).glob("*.whl")
    return zipfile.ZipFile(made)


def test_it_holds_every_committed_file_of_the_four_packages(wheel: zipfile.ZipFile) -> None:
    wanted = {path.relative_to(ROOT).as_posix() for path in committed()}
    ours = {name for name in wanted if name.split("/")[0] in PACKAGES and not name.startswith(NOT_PACKED)}
    assert ours - set(wheel.namelist()) == set()


def test_it_holds_the_style_sheets_without_gov_uks_own_fonts_and_crest(wheel: zipfile.ZipFile) -> None:
    vendor = "hub/web/static/vendor/"
    held = {name.removeprefix(vendor) for name in wheel.namelist() if name.startswith(vendor)}

    assert {"govuk-frontend.min.css", "govuk-frontend.min.js", "moj-frontend.min.css", "NOTICE.txt"} <= held
    assert not {name for name in held if "crest" in name or "crown" in name or name.endswith((".woff", ".woff2"))}
    for sheet in ("govuk-frontend.min.css", "moj-frontend.min.css"):
        css = wheel.read(vendor + sheet).decode()
        assert "GDS Transport" not in css
        assert "@font-face" not in css
        assert "/assets/" not in css


def test_it_holds_nothing_beside_the_four_packages(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert not {name for name in wheel.namelist() if "node_modules" in name or name.startswith(NOT_PACKED)}


def test_it_brings_the_hub_command(wheel: zipfile.ZipFile) -> None:
    (entry,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "hub = consumers.cli:main" in wheel.read(entry).decode()
