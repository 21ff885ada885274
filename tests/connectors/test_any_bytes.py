"""Whatever bytes arrive, a connector answers: items, or the refusal of the file. Never another exception."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.connectors import CONNECTORS, dwp, form, school_attendance, school_referral
from hub.connectors.police_forces import FORCES
from hub.submission import REVIEW_REASONS, FileRefused, ForReview, Item, Refusal
from tests.connectors.reading import SAMPLES, table

NAMES = [name for name in CONNECTORS if not name.startswith("bars")]
TABLES = {
    "school-referral": school_referral.COLUMNS,
    "school-attendance": school_attendance.COLUMNS,
    "dwp": dwp.COLUMNS,
    "form-csv": form.COLUMNS,
    **{f"police-ppn-{force.force}": force.ppn.columns() for force in FORCES},
    **{f"police-encompass-{force.force}": force.encompass.columns() for force in FORCES},
}
VALID = [path.read_bytes() for pattern in ("*.xml", "*.csv") for path in sorted(SAMPLES.glob(pattern))]
SOMEBODY = "Invented Person"
CELLS = st.one_of(
    st.just(SOMEBODY),
    st.text(max_size=20),
    st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
    st.dates().map(lambda day: f"{day:%m/%Y}"),
    st.sampled_from(
        ["yes", "no", "attendance", "suspension", "2016", "1.1.16", "00:59", "N1;N2", ";", "GREEN", "/ \\"]
    ),
)


def answered(name: str, body: bytes) -> list[Item]:
    connector = CONNECTORS[name]
    try:
        connector.check(BytesIO(body))
        read = list(connector.read(BytesIO(body)))
    except FileRefused:
        return []
    assert [item.number for item in read] == sorted({item.number for item in read})
    for item in read:
        assert not isinstance(item.read, ForReview) or item.read.reason in REVIEW_REASONS
    return read


@pytest.mark.parametrize("name", NAMES)
@given(body=st.binary(max_size=400))
def test_any_bytes(name: str, body: bytes) -> None:
    assert answered(name, body) == []


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=50)
def test_a_real_file_with_a_few_bytes_changed(name: str, data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(VALID)))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    answered(name, bytes(body))


@pytest.mark.parametrize("name", [*TABLES])
@given(data=st.data())
@settings(max_examples=50)
def test_any_cells_under_the_right_header(name: str, data: st.DataObject) -> None:
    columns = TABLES[name]
    row = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(columns, CELLS)))
    for item in answered(name, table(columns, row)):
        if isinstance(item.read, Refusal):
            assert item.read.pointer
            assert SOMEBODY not in f"{item.read.code} {item.read.detail}"


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
NAMED = st.sampled_from(form.COLUMNS) | st.text(max_size=9)


@given(st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMED, inner, max_size=9)))
def test_any_json(value: object) -> None:
    answered("form-json", json.dumps(value).encode())
