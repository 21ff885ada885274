"""FHIR bytes to one tree, the same from JSON and from XML: every value a string or a boolean.

Hardened: at most 1 MiB, and depth and nodes as everywhere (`hub.guard`), counted before anything is built; JSON is
strict (`hub.guard`); XML may hold comments but no DTD and no entity.
"""

from __future__ import annotations

import json
from typing import BinaryIO, Final

from defusedxml.ElementTree import DefusedXMLParser, ParseError

from hub.connectors.bars_outcome import bars_refusal
from hub.guard import MAX_DEPTH, MAX_NODES, BadInput, check_json
from hub.submission import FileRefused

MAX_BYTES: Final = 1_048_576
FHIR: Final = "{http://hl7.org/fhir}"

Node = dict[str, object]

_ISSUES: Final = {"too-deep": "too-costly", "too-many-nodes": "too-costly"}


def parse_json(stream: BinaryIO) -> Node:
    """The tree of a FHIR JSON resource; `FileRefused` if it cannot be read."""
    raw = _bounded(stream)
    try:
        check_json(raw, depth=MAX_DEPTH, nodes=MAX_NODES)
    except BadInput as fault:
        raise _refused(_ISSUES.get(fault.code, "structure"), fault.detail, fault.pointer) from None
    return _resource(json.loads(raw, parse_int=str, parse_float=str))


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


def _within(depth: int, nodes: int) -> None:
    if depth > MAX_DEPTH or nodes > MAX_NODES:
        raise _refused("too-costly", f"the body is deeper than {MAX_DEPTH} or has over {MAX_NODES} nodes")


def _resource(tree: object) -> Node:
    if not isinstance(tree, dict) or not isinstance(tree.get("resourceType"), str):
        raise _refused("structure", "the body is not a FHIR resource")
    return tree


def _refused(issue: str, detail: str, pointer: str = "") -> FileRefused:
    return FileRefused(bars_refusal("REC_BAD_REQUEST", issue, detail, pointer))


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
