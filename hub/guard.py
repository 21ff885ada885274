"""Limits that hold before a body is parsed, and JSON so strict that every parser reads it alike.

Parsers disagree about doubled keys, long integers, `NaN` and lone surrogates (promises.md §0), so none of these gets
in. Depth and nodes are counted over the bytes: what is refused here has cost no tree. Classes 1-6 of promises.md §4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

MAX_DEPTH: Final = 32
MAX_NODES: Final = 10_000
MAX_WHOLE: Final = 2**53
_START: Final = 16_384

# The closing quote is optional: a string that never ends is one match, not one for every quote in it.
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(b"[]{},"))
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class BadInput(Exception):
    """The body is refused: a stable code, a sentence without its content, and where (a JSON Pointer)."""

    def __init__(self, code: str, detail: str, pointer: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.pointer = pointer


def check_json(body: bytes, *, depth: int = MAX_DEPTH, nodes: int = MAX_NODES) -> None:
    """Raises `BadInput` unless the body is strict JSON within the limits.

    A node is a value or a container, as far as commas and brackets tell.
    """
    check_cost(body, depth=depth, nodes=nodes)
    text = _text(body)
    try:
        json.loads(text, object_pairs_hook=_unique, parse_int=_whole, parse_float=_finite, parse_constant=_no_constant)
    except json.JSONDecodeError as failure:
        raise BadInput("not-json", f"The body is not JSON: see byte {_byte(text, failure.pos)}.") from None
    except _Suspect:
        raise _fault(text) from None
    if _SURROGATE.search(text):
        fault = _find(text)
        if fault is not None:
            raise fault


def check_cost(body: bytes, *, depth: int = MAX_DEPTH, nodes: int = MAX_NODES) -> None:
    """Raises `BadInput` if the brackets and commas outside strings say that it is too deep or has too many nodes."""
    if len(body) > _START:  # most bombs show in their first bytes
        _check_part(body[:_START], depth, nodes)
    _check_part(body, depth, nodes)


def step(key: str | int) -> str:
    """One step of a JSON Pointer. A key that does not look like a field's name may be a person's: not repeated."""
    if isinstance(key, int):
        return f"/{key}"
    return f"/{key}" if _FIELD.fullmatch(key) else "/?"


def _check_part(body: bytes, depth: int, nodes: int) -> None:
    bare = _STRING.sub(b"", body).translate(None, _NOT_STRUCTURE)
    openings = bare.count(b"[") + bare.count(b"{")
    if openings > depth and _deepest(bare, depth) > depth:
        raise BadInput("too-deep", f"Nesting is limited to {depth} levels.")
    if openings + bare.count(b",") > nodes:
        raise BadInput("too-many-nodes", f"A message is limited to {nodes} values.")


def _deepest(bare: bytes, enough: int) -> int:
    level = 0
    for byte in bare:
        if byte in b"[{":
            level += 1
            if level > enough:
                return level
        elif byte != ord(","):
            level -= 1
    return enough


def _text(body: bytes) -> str:
    if body.startswith(_BYTE_ORDER_MARKS) or b"\x00" in body[:4]:
        raise BadInput("not-utf8", "The body must be UTF-8 without a byte-order mark.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as failure:
        raise BadInput("not-utf8", f"The body is not UTF-8: see byte {failure.start}.") from None


def _byte(text: str, position: int) -> int:
    return len(text[:position].encode())


class _Suspect(Exception):
    """Something is wrong; `_fault` says what and where."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    node = dict(pairs)
    if len(node) != len(pairs):
        raise _Suspect
    return node


def _whole(digits: str) -> int:
    # Counted first: reading five thousand digits is the cost that is to be avoided.
    if len(digits) > len(str(MAX_WHOLE)) + 1 or abs(int(digits)) > MAX_WHOLE:
        raise _Suspect
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if abs(value) == float("inf"):
        raise _Suspect
    return value


def _no_constant(_: str) -> None:
    raise _Suspect


class _Pairs(list[tuple[str, object]]):
    """An object with all its keys, doubled ones too."""


class _Fault(str):
    """A value that is not allowed: its code."""

    __slots__ = ()


def _fault(text: str) -> BadInput:
    return _find(text) or BadInput("not-json", "The body is not JSON.")


def _find(text: str) -> BadInput | None:
    """The first fault in document order, found at leisure."""
    tree = json.loads(
        text,
        object_pairs_hook=_Pairs,
        parse_int=lambda digits: _judged(_whole, digits, "number-out-of-range"),
        parse_float=lambda digits: _judged(_finite, digits, "number-not-finite"),
        parse_constant=lambda _: _Fault("number-not-finite"),
    )
    return next(_faults(tree, ""), None)


def _judged(read: object, digits: str, code: str) -> object:
    try:
        return read(digits) if callable(read) else digits
    except _Suspect:
        return _Fault(code)


def _faults(value: object, pointer: str) -> Iterator[BadInput]:
    match value:
        case _Fault():
            yield BadInput(str(value), DETAILS[str(value)], pointer)
        case str() if not _encodes(value):
            yield BadInput("lone-surrogate", DETAILS["lone-surrogate"], pointer)
        case _Pairs():
            seen: set[str] = set()
            for key, child in value:
                place = pointer + step(key)
                if key in seen:
                    yield BadInput("duplicate-key", DETAILS["duplicate-key"], place)
                if not _encodes(key):
                    yield BadInput("lone-surrogate", DETAILS["lone-surrogate"], place)
                seen.add(key)
                yield from _faults(child, place)
        case list():
            for index, child in enumerate(value):
                yield from _faults(child, pointer + step(index))
        case _:
            return


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


DETAILS: Final = {
    "duplicate-key": "The same key occurs twice in one object.",
    "lone-surrogate": "A string holds half of a surrogate pair.",
    "number-not-finite": "NaN, Infinity and numbers beyond the range of a double are not numbers here.",
    "number-out-of-range": "Whole numbers are limited to 2^53: send identifiers as strings.",
}
