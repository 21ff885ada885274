from __future__ import annotations

import io
import json
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from hub.connectors.bars_nodes import line, node
from hub.connectors.bars_outcome import STATUS, Outcome, bars_refusal, outcome_of
from hub.connectors.bars_reader import parse_xml
from hub.submission import Refusal
from tests.connectors.bars_messages import SAMPLES

ID = UUID("00000000-0000-4000-8000-000000000001")


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("operation_outcome/*-REC_*.json")), ids=lambda path: path.stem)
def test_an_outcome_has_the_published_shape_and_status(sample: Path) -> None:
    published = json.loads(sample.read_bytes())
    status, code, issue = sample.stem.split("-", 2)

    outcome = Outcome(UUID(published["id"]), code, issue, published["issue"][0]["diagnostics"])

    assert outcome.status == int(status)
    assert orjson.loads(outcome.json()) == published


def test_the_xml_says_the_same_as_the_json() -> None:
    outcome = Outcome(ID, "REC_CONFLICT", "duplicate", 'already "processed" & <done>')

    tree = parse_xml(io.BytesIO(outcome.xml()))

    issue = node(tree, "issue")
    assert tree["resourceType"] == "OperationOutcome"
    assert line(tree, "id") == str(ID)
    assert line(issue, "diagnostics") == 'already "processed" & <done>'
    assert (line(issue, "severity"), line(issue, "code")) == ("error", "duplicate")
    assert line(node(node(issue, "details"), "coding"), "code") == "REC_CONFLICT"


def test_a_refusal_is_answered_in_its_own_code_with_its_place() -> None:
    outcome = outcome_of(bars_refusal("REC_FORBIDDEN", "forbidden", "not for us", "/entry/0"), ID)

    assert (outcome.status, outcome.code, outcome.issue) == (403, "REC_FORBIDDEN", "forbidden")
    assert outcome.diagnostics == "not for us (/entry/0)"


@pytest.mark.parametrize("code", ["not-a-child", "REC_BAD_REQUEST:x:y", "REC_CONFLICT", ""])
def test_any_refusal_at_all_has_an_answer(code: str) -> None:
    outcome = outcome_of(Refusal(code, "why"), ID)

    assert outcome.code in STATUS
    assert outcome.issue
