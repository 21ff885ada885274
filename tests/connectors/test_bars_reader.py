from __future__ import annotations

import io
import json

import pytest

from hub.connectors.bars_reader import MAX_BYTES, parse_json, parse_xml
from hub.submission import FileRefused
from tests.connectors.bars_messages import SAMPLES, a_message, as_xml

XMLNS = b'xmlns="http://hl7.org/fhir"'


def refused_json(raw: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        parse_json(io.BytesIO(raw))
    return refused.value.refusal.code.removeprefix("REC_BAD_REQUEST:")


def refused_xml(raw: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        parse_xml(io.BytesIO(raw))
    return refused.value.refusal.code.removeprefix("REC_BAD_REQUEST:")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id": "no type"}',
        b'{"resourceType": ["Bundle"]}',
        b'{"resourceType": "Bundle", "a": 1, "a": 2}',
        b'{"resourceType": "Bundle", "a": 1, "\\u0061": 2}',
        b'{"resourceType": "Bundle", "a": NaN}',
        b'{"resourceType": "Bundle", "a": 1e400}',
        b'{"resourceType": "Bundle", "a": "\\ud800"}',
        b'{"resourceType": "Bundle", "a": "\xc0\xaf"}',
        b'\xef\xbb\xbf{"resourceType": "Bundle"}',
        '{"resourceType": "Bundle"}'.encode("utf-16"),
        b'{"resourceType": "Bundle"} trailing',
        b'{"resourceType": "Bundle", "a": 123456789012345678901234567890}',
    ],
)
def test_json_that_parsers_disagree_about_is_refused(raw: bytes) -> None:
    assert refused_json(raw) == "structure"


@pytest.mark.parametrize("depth", [33, 100_000])
@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_json_that_is_too_deep_is_refused_before_it_is_parsed(depth: int, opening: bytes) -> None:
    assert refused_json(b'{"resourceType": "Bundle", "a":' + opening * depth) == "too-costly"


def test_brackets_inside_words_are_not_depth() -> None:
    tree = parse_json(io.BytesIO(json.dumps({"resourceType": "Bundle", "a": '[{"\\' * 50}).encode()))

    assert tree["a"] == '[{"\\' * 50


def test_too_many_nodes_and_too_many_bytes_are_refused_in_both() -> None:
    assert refused_json(b'{"resourceType": "Bundle", "a": [' + b"1," * 10_001 + b"1]}") == "too-costly"
    assert refused_json(b" " * (MAX_BYTES + 1)) == "too-long"
    assert refused_xml(b"<Bundle " + XMLNS + b">" + b"<a/>" * 10_001 + b"</Bundle>") == "too-costly"
    assert refused_xml(b"<Bundle " + XMLNS + b">" + b"<a>" * 33) == "too-costly"
    assert refused_xml(b" " * (MAX_BYTES + 1)) == "too-long"


def test_numbers_are_kept_as_written() -> None:
    assert parse_json(io.BytesIO(b'{"resourceType": "B", "n": [7, 1.50]}'))["n"] == ["7", "1.50"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<Bundle",
        b"<Bundle/>",
        b'<Bundle xmlns="urn:else"/>',
        b"<!DOCTYPE Bundle><Bundle " + XMLNS + b"/>",
        b'<!DOCTYPE Bundle SYSTEM "http://127.0.0.1:9/x.dtd"><Bundle ' + XMLNS + b"/>",
        b'<!DOCTYPE B [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Bundle ' + XMLNS + b'><id value="&b;"/></Bundle>',
        b'<!DOCTYPE B [<!ENTITY x SYSTEM "file:///etc/passwd">]><Bundle ' + XMLNS + b'><id value="&x;"/></Bundle>',
        b'<?xml version="1.0" encoding="made-up"?><Bundle ' + XMLNS + b"/>",
        b'<?xml version="1.0"?><?xml version="1.0"?><Bundle ' + XMLNS + b"/>",
        b"<Bundle " + XMLNS + b'><id value="\xff"/></Bundle>',
        b"<lowercase " + XMLNS + b"/>",
    ],
)
def test_xml_that_is_broken_or_brings_a_dtd_is_refused(raw: bytes) -> None:
    assert refused_xml(raw) == "structure"


def test_comments_narrative_and_foreign_elements_are_passed_over() -> None:
    sample = (SAMPLES / "ukcore" / "UKCore-ServiceRequest-ColonoscopyRequest-Example.xml").read_bytes()

    tree = parse_xml(io.BytesIO(sample))

    assert tree["resourceType"] == "ServiceRequest"
    assert tree["reasonCode"] == {
        "coding": {"system": "http://snomed.info/sct", "code": "271835004", "display": "Abdominal distension, gaseous"},
        "text": "Swollen abdomen",
    }
    assert tree["text"] == {"status": "additional"}


def test_repeated_elements_are_lists_and_an_element_called_value_is_no_attribute() -> None:
    raw = (
        b"<Patient "
        + XMLNS
        + b'><identifier><value value="1"/></identifier><given value="A"/><given value="B"/></Patient>'
    )

    assert parse_xml(io.BytesIO(raw)) == {
        "resourceType": "Patient",
        "identifier": {"value": "1"},
        "given": ["A", "B"],
    }


def test_a_refusal_never_quotes_what_it_refuses() -> None:
    with pytest.raises(FileRefused) as refused:
        parse_xml(io.BytesIO(as_xml(a_message()).replace(b"</Bundle>", b"")))

    assert "Testerly" not in refused.value.refusal.detail
