"""The school roll: any number of pupils, flat memory."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from io import BytesIO

from lxml import etree

from hub.connectors import ctf as connector
from hub.submission import InformationReceipt
from hub.synth.ctf import roll_name, write_roll

START = date(2026, 11, 23)
PEAK = """
import resource
from datetime import date
from pathlib import Path
from hub.synth.ctf import write_roll
with Path("/dev/null").open("wb") as out:
    write_roll(out, {count}, 1, date(2026, 11, 23))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def roll(count: int, seed: int = 1) -> bytes:
    out = BytesIO()
    write_roll(out, count, seed, START)
    return out.getvalue()


def peak(count: int) -> int:
    """Peak memory in KiB of a process that writes so many pupils."""
    run = subprocess.run([sys.executable, "-c", PEAK.format(count=count)], capture_output=True, check=True, text=True)
    return int(run.stdout)


def test_the_same_seed_writes_the_same_bytes() -> None:
    assert roll(50) == roll(50)
    assert roll(50) != roll(50, seed=2)


def test_a_roll_has_exactly_the_pupils_asked_for() -> None:
    tree = etree.fromstring(roll(137))
    assert tree.tag == "CTfile"
    assert len(tree.findall("CTFpupilData/Pupil")) == 137
    assert len({upn.text for upn in tree.iterfind("CTFpupilData/Pupil/UPN")}) == 137


def test_the_connector_reads_every_pupil() -> None:
    items = list(connector.CONNECTOR.read(BytesIO(roll(200))))
    assert len(items) == 200
    assert all(isinstance(item.read, InformationReceipt) for item in items)


def test_the_name_is_built_as_schools_build_it_and_the_sender_can_tell_it() -> None:
    assert roll_name() == "8749001_CTF_874LLLL_999.ctf.xml"
    assert roll_name().lower().endswith(connector.CONNECTOR.suffixes)


def test_memory_does_not_grow_with_the_roll() -> None:
    assert peak(12_000) - peak(500) < 4_096  # 12,000 pupils are 21 MB of file
