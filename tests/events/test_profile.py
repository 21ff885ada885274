"""What may stand in an event: the canonical JSON profile, and nothing personal in clear."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from events.catalogue import CATALOGUE
from events.codec import canonical
from events.envelope import Event

# Clear text fields: codes, keyed hashes and what is public about an agency. Adding one is a decision about privacy.
CLEAR_TEXT = {
    "access.revealed": {"stream_seen"},
    "agency.registered": {"code", "title", "identifier"},
    "agency.suspended": {"code"},
    "submission.accepted": {"idempotency", "fingerprint", "channel", "format"},
    "submission.refused": {"idempotency", "fingerprint", "channel", "format", "code"},
}
CLEAR_TYPES = (UUID, datetime, int, bool)

keys = st.text(st.characters(codec="ascii", exclude_characters="\x00"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_inside_the_profile_our_bytes_are_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


def leaves(annotation: Any) -> Iterator[Any]:
    """The types a field may hold in the end, models opened."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from leaves(get_args(annotation)[0])
    elif origin in (Union, types.UnionType, tuple, list, dict, frozenset):
        for part in get_args(annotation):
            if part is not Ellipsis:
                yield from leaves(part)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field in annotation.model_fields.values():
            yield from leaves(field.annotation)
    else:
        yield annotation


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=lambda event: event.event_name)
def test_no_event_holds_a_number_with_a_fraction(event: type[Event]) -> None:
    assert float not in set(leaves(event))


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=lambda event: event.event_name)
def test_clear_fields_hold_ids_codes_times_and_counts_alone(event: type[Event]) -> None:
    for name, field in event.model_fields.items():
        if name == "details":
            continue
        for kind in set(leaves(field.annotation)) - {type(None)}:
            code = isinstance(kind, type) and (issubclass(kind, StrEnum) or kind in CLEAR_TYPES)
            assert code or name in CLEAR_TEXT.get(event.event_name, set()), f"{event.event_name}.{name}"


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=lambda event: event.event_name)
def test_leaving_out_what_is_none_changes_nothing(event: type[Event]) -> None:
    """The codec writes no nulls, so a field that may be None must be None by default."""
    models: list[type[BaseModel]] = [event]
    while models:
        for field in models.pop().model_fields.values():
            kinds = get_args(field.annotation) or (field.annotation,)
            if type(None) in kinds:
                assert field.default is None
            models += [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
