"""promises.md §4, classes 1-4 and 6: what is refused before a message is parsed, and where the fault lies."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.guard import MAX_DEPTH, MAX_NODES, BadInput, check_json

MIB = 1 << 20


def refused(body: bytes) -> tuple[str, str]:
    """Code and pointer of the refusal."""
    with pytest.raises(BadInput) as caught:
        check_json(body)
    return caught.value.code, caught.value.pointer


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (b"[" * 33 + b"]" * 33, "too-deep", ""),
        (b"[" * 100_000, "too-deep", ""),
        (b'{"a":' * 100_000, "too-deep", ""),
        (b"[" + b"1," * MAX_NODES + b"1]", "too-many-nodes", ""),
        (b"[" + b"{}," * MAX_NODES + b"1]", "too-many-nodes", ""),
        (b'{"n":' + b"9" * 30 + b"}", "number-out-of-range", "/n"),
        (b'{"n":' + b"9" * 5_000 + b"}", "number-out-of-range", "/n"),
        (b'{"n":9007199254740993}', "number-out-of-range", "/n"),
        (b'{"a":[{"n":-9007199254740993}]}', "number-out-of-range", "/a/0/n"),
        (b'{"n":NaN}', "number-not-finite", "/n"),
        (b'{"n":-Infinity}', "number-not-finite", "/n"),
        (b'{"n":[0,1e400]}', "number-not-finite", "/n/1"),
        (b'{"a":1,"a":1}', "duplicate-key", "/a"),
        (rb'{"x":{"a":1,"\u0061":2}}', "duplicate-key", "/x/a"),
        (rb'{"s":"\ud800"}', "lone-surrogate", "/s"),
        (rb'{"s":["fine","\udc00\ud800"]}', "lone-surrogate", "/s/1"),
        (rb'{"\ud800":1}', "lone-surrogate", "/?"),
        (b"\xef\xbb\xbf{}", "not-utf8", ""),
        (b'{"s":"\xff"}', "not-utf8", ""),
        (b'{"s":"\xc0\xaf"}', "not-utf8", ""),
        (b'{"s":"\xed\xa0\x80"}', "not-utf8", ""),
        ('{"s":"e"}'.encode("utf-16"), "not-utf8", ""),
        ('{"s":"e"}'.encode("utf-16-be"), "not-utf8", ""),
        (b"", "not-json", ""),
        (b"{} {}", "not-json", ""),
        (b'{"a":1', "not-json", ""),
        (b'{"s":"\x07"}', "not-json", ""),
    ],
)
def test_a_body_that_parsers_may_read_differently_is_refused(body: bytes, code: str, pointer: str) -> None:
    assert refused(body) == (code, pointer)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
        b"[" + b"1," * (MAX_NODES - 2) + b"1]",
        b'{"n":9007199254740992,"z":-0,"e":1e300}',
        rb'{"s":"\ud83d\ude00 [[[[ {{{{ ,,,, \" \\"}',
        b"\n{}\t",
    ],
)
def test_a_body_within_the_limits_passes(body: bytes) -> None:
    check_json(body)


def test_a_key_that_may_be_a_name_is_not_repeated() -> None:
    with pytest.raises(BadInput) as caught:
        check_json(b'{"Testa Exampleby":{"a":1,"a":2}}')
    assert "Testa" not in f"{caught.value.pointer}{caught.value.detail}{caught.value}"
    assert caught.value.pointer == "/?/a"


@pytest.mark.parametrize(
    "body",
    [
        b'"' + rb"\"" * (MIB // 2),
        b'"' * MIB,
        b"[" + b'"",' * (MIB // 3),
        b"\\" * MIB,
        b'{"a":' * (MIB // 5),
        b'"' + b"\\" * MIB,
    ],
)
@pytest.mark.timeout(30)  # quadratic reading of these bytes takes hours
def test_a_body_made_to_be_slow_is_refused(body: bytes) -> None:
    refused(body)


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=30,
)


@given(_json, st.booleans())
@settings(max_examples=150, deadline=None)
def test_whatever_json_libraries_write_passes(value: object, ascii_only: bool) -> None:  # noqa: FBT001
    try:
        text = json.dumps(value, ensure_ascii=ascii_only).encode()
    except UnicodeEncodeError:
        return
    check_json(text)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_either_strict_json_or_refused_by_name(body: bytes) -> None:
    try:
        check_json(body)
    except BadInput:
        return
    json.loads(body)
