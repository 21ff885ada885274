"""Words for tests of connectors: what a file says, what became of it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from hub.connectors import CONNECTORS
from hub.submission import FileRefused, ForReview, InformationReceipt, Item, Referral, Refusal

SAMPLES = Path(__file__).parent.parent / "samples" / "agencies"


def items(name: str, body: bytes) -> list[Item]:
    """The items of a file that passes its check."""
    connector = CONNECTORS[name]
    connector.check(BytesIO(body))
    return list(connector.read(BytesIO(body)))


def sample(name: str, file: str) -> list[Item]:
    return items(name, (SAMPLES / file).read_bytes())


def file_refused(name: str, body: bytes) -> Refusal:
    """Why a file is refused as a whole, by `check` and by `read` alike."""
    connector = CONNECTORS[name]
    with pytest.raises(FileRefused) as checked:
        connector.check(BytesIO(body))
    with pytest.raises(FileRefused) as read:
        list(connector.read(BytesIO(body)))
    assert checked.value.refusal == read.value.refusal
    return checked.value.refusal


def table(columns: Sequence[str], *rows: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def referral(item: Item) -> Referral:
    assert isinstance(item.read, Referral), item.read
    return item.read


def receipt(item: Item) -> InformationReceipt:
    assert isinstance(item.read, InformationReceipt), item.read
    return item.read


def review(item: Item) -> ForReview:
    assert isinstance(item.read, ForReview), item.read
    return item.read


def refusal(item: Item) -> Refusal:
    assert isinstance(item.read, Refusal), item.read
    return item.read


def facts(told: Referral | InformationReceipt, name: str) -> list[str]:
    return [fact.value for fact in told.facts if fact.name == name]
