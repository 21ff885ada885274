from __future__ import annotations

from pathlib import Path

import pytest

from hub.client.guess import guess
from hub.connectors import CONNECTORS
from tests.client.conftest import BUNDLE
from tests.connectors.bars_messages import a_message, as_xml


def guessed(path: Path) -> str | None:
    found = guess(path, CONNECTORS.values())
    return found.name if found else None


@pytest.mark.parametrize("name", list(CONNECTORS))
def test_the_end_of_the_name_tells_every_format(name: str, tmp_path: Path) -> None:
    [ending] = CONNECTORS[name].suffixes

    assert guessed(tmp_path / f"September{ending.upper()}") == name


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("message.json", BUNDLE, "bars-json"),
        ("message.xml", as_xml(a_message()), "bars-xml"),
        ("notes.xml", b"<notes/>", None),
        ("broken.json", b"{", None),
        ("notes", BUNDLE, None),
        ("notes.docx", BUNDLE, None),
    ],
)
def test_otherwise_the_content_must_leave_no_doubt(
    name: str, content: bytes, expected: str | None, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    assert guessed(file) == expected
