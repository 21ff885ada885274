"""FHIR bytes to one tree, the same from JSON and from XML: every value a string or a boolean.

Hardened: at most 1 MiB, depth 32 and 10,000 nodes, counted before anything is built; JSON with doubled keys, numbers
out of range, byte-order mark or bad UTF-8 is refused; XML may hold comments but no DTD and no entity.
"""

from __future__ import annotations

import json
import re
from typing import BinaryIO, Final

import orjson
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from hub.connectors.bars_outcome import bars_refusal
from hub.submission import FileRefused

MAX_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 32
MAX_NODES: Final = 10_000
FHIR: Final = "{http://hl7.org/fhir}"

Node = dict[str, object]

# Strings are skipped whole, so that a bracket inside a sentence does not count.
_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)


def parse_json(stream: BinaryIO) -> Node:
    """The tree of a FHIR JSON resource; `FileRefused` if it cannot be read."""
    raw = _bounded(stream)
    _count(raw)
    try:
        orjson.loads(raw)  # strict about UTF-8, surrogates, NaN and range; but it keeps the last of doubled keys
        tree = json.loads(raw, object_pairs_hook=_no_doubles, parse_int=str, parse_float=str)
    except ValueError:
        raise _refused("structure", "the body is not well-formed JSON with unique keys") from None
    return _resource(tree)


def parse_xml(stream: BinaryIO) -> Node:
    """The tree of a FHIR XML resource in the shape of its JSON; `FileRefused` if it cannot be read."""
    raw = _bounded(stream)
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(raw)
        tree = parser.close()
    except (ParseError, ValueError, LookupError):  # ValueError: DTD, entity or unknown encoding
        raise _refused("structure", "the body is not well-formed XML, or holds a DTD or entity") from None
    return _resource(tree)


def _bounded(stream: BinaryIO) -> bytes:
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _refused("too-long", f"the body is over {MAX_BYTES} bytes")
    return raw


def _count(raw: bytes) -> None:
    depth = nodes = 0
    for found in _STRUCTURE.finditer(raw):
        match found[0]:
            case b"[" | b"{":
                depth, nodes = depth + 1, nodes + 1
            case b"]" | b"}":
                depth -= 1
            case b",":
                nodes += 1
        _within(depth, nodes)


def _within(depth: int, nodes: int) -> None:
    if depth > MAX_DEPTH or nodes > MAX_NODES:
        raise _refused("too-costly", f"the body is deeper than {MAX_DEPTH} or has over {MAX_NODES} nodes")


def _no_doubles(pairs: list[tuple[str, object]]) -> Node:
    node = dict(pairs)
    if len(node) != len(pairs):
        raise ValueError
    return node


def _resource(tree: object) -> Node:
    if not isinstance(tree, dict) or not isinstance(tree.get("resourceType"), str):
        raise _refused("structure", "the body is not a FHIR resource")
    return tree


def _refused(issue: str, detail: str) -> FileRefused:
    return FileRefused(bars_refusal("REC_BAD_REQUEST", issue, detail))


class _Builder:
    """A parser target: attribute `value` is the value, a repeated element a list, a wrapped resource says its type.

    An element that occurs once stays single where JSON has a list of one; `bars_bundle` reads both alike.
    """

    def __init__(self) -> None:
        self._open: list[tuple[str, str | None, Node]] = []
        self._foreign = 0
        self._nodes = 0
        self._root: Node | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._foreign or not tag.startswith(FHIR):  # the narrative's XHTML stays in the raw copy
            self._foreign += 1
        else:
            node: Node = {"url": attributes["url"]} if "url" in attributes else {}
            self._open.append((tag.removeprefix(FHIR), attributes.get("value"), node))
        _within(len(self._open) + self._foreign, self._nodes)

    def end(self, _tag: str) -> None:
        if self._foreign:
            self._foreign -= 1
            return
        name, value, node = self._open.pop()
        parent = self._open[-1][2] if self._open else None
        if name[:1].isupper():
            node["resourceType"] = name
            if parent is None:
                self._root = node
            else:
                parent.update(node)
        elif parent is not None:
            _add(parent, name, node if value is None else value)

    def close(self) -> Node | None:
        return self._root


def _add(parent: Node, name: str, value: object) -> None:
    match parent.get(name):
        case None:
            parent[name] = value
        case list() as already:
            already.append(value)
        case first:
            parent[name] = [first, value]
