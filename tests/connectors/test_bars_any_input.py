from __future__ import annotations

import copy
import io
import json
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.connectors.bars import CONNECTOR_JSON, CONNECTOR_XML
from hub.connectors.contract import Connector
from hub.submission import FileRefused, ForReview, InformationReceipt, Referral, Refusal
from tests.connectors.bars_messages import SAMPLES, a_message, as_xml, safeguarding

CHILDS: Final = a_message(safeguarding("702953007"))
PUBLISHED: Final = json.loads((SAMPLES / "bars/servicerequest-request_referral_111-to-ED.json").read_bytes())

STRANGE = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=80)
    | st.sampled_from(["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2016-13", "x" * 800, "\x00", "-"])
)
VALUES = st.recursive(
    STRANGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["code", "value", "x"]), inner),
    max_leaves=6,
)


def places(tree: object) -> list[tuple[object, object]]:
    """Every (holder, key) of a tree."""
    match tree:
        case dict():
            return [(tree, key) for key in tree] + [place for each in tree.values() for place in places(each)]
        case list():
            return [(tree, at) for at in range(len(tree))] + [place for each in tree for place in places(each)]
        case _:
            return []


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, object]:
    """A message in which some places hold something else, or nothing."""
    tree: dict[str, object] = copy.deepcopy(draw(st.sampled_from([CHILDS, PUBLISHED])))
    for _ in range(draw(st.integers(1, 4))):
        holder, key = draw(st.sampled_from(places(tree)))
        if draw(st.booleans()):
            holder[key] = draw(VALUES)  # type: ignore[index]
        else:
            del holder[key]  # type: ignore[attr-defined]
    return tree


def ends_as_it_should(connector: Connector, raw: bytes) -> None:
    try:
        connector.check(io.BytesIO(raw))
    except FileRefused as refused:
        assert refused.refusal.code  # noqa: PT017 - both ways of ending are right
        return
    [item] = connector.read(io.BytesIO(raw))
    assert isinstance(item.read, Referral | InformationReceipt | ForReview | Refusal)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt())
def test_a_spoilt_message_ends_in_one_of_the_outcomes(message: dict[str, object]) -> None:
    ends_as_it_should(CONNECTOR_JSON, json.dumps(message).encode())


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([CONNECTOR_JSON, CONNECTOR_XML]))
def test_spoilt_bytes_end_in_one_of_the_outcomes(data: st.DataObject, connector: Connector) -> None:
    raw = bytearray(json.dumps(CHILDS).encode() if connector is CONNECTOR_JSON else as_xml(CHILDS))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))

    ends_as_it_should(connector, bytes(raw))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([CONNECTOR_JSON, CONNECTOR_XML]))
def test_any_bytes_end_in_one_of_the_outcomes(raw: bytes, connector: Connector) -> None:
    ends_as_it_should(connector, raw)
