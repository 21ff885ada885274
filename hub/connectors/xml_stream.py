"""XML read as a stream, hardened: no document type, no entity, no network, no deep nest, nothing kept that was read.

What stands before the root element is read here, without a parser, so that a document type or a foreign root is refused
before a parser sees a byte.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from lxml import etree

from hub.submission import FileRefused, Refusal

MAX_DEPTH: Final = 16
MAX_PART_BYTES: Final = 1_048_576
MAX_PART_ELEMENTS: Final = 10_000

Element: Final = etree._Element  # noqa: SLF001 - lxml has no other name for it

_PIECE: Final = 65_536
_MAX_PROLOGUE: Final = 65_536
_ROOT: Final = re.compile(rb"<([A-Za-z_][A-Za-z0-9_.:-]{0,99})[\s/>]")
_ENCODING: Final = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS: Final = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\x00<", b"<\x00", b"\x00\x00")


class Branch:
    """An element read to its end: its own text with single blanks, and its children by name."""

    __slots__ = ("parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: dict[str, list[Branch]] = {}

    def all(self, path: str) -> list[Branch]:
        """The elements at a path such as `Phones/Phone`, in the order of the file."""
        found = [self]
        for name in path.split("/"):
            found = [part for branch in found for part in branch.parts.get(name, ())]
        return found

    def get(self, path: str) -> str | None:
        """The text of the first element at a path; None where it is missing or blank."""
        branch = self
        for name in path.split("/"):
            parts = branch.parts.get(name)
            if not parts:
                return None
            branch = parts[0]
        return branch.text or None

    def leaves(self, above: str = "") -> Iterator[tuple[str, str]]:
        """Path and text of every element that has one."""
        for name, parts in self.parts.items():
            for part in parts:
                if part.text:
                    yield f"{above}{name}", part.text
                yield from part.leaves(f"{above}{name}/")


def root_of(stream: BinaryIO) -> tuple[str, bytes]:
    """The name of the root element and the bytes read to find it. Raises `FileRefused`."""
    head = stream.read(_MAX_PROLOGUE)
    if any(head.startswith(sign) for sign in _WIDE):
        raise refused("encoding", "Send the file as UTF-8")
    at = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    declared = False
    while True:
        while head[at : at + 1].isspace():
            at += 1
        if head.startswith(b"<?xml ", at) or head.startswith(b"<?xml\t", at):
            if declared:
                raise refused("doubled-declaration", "The XML declaration is there twice: remove the second")
            declared = True
            _check_encoding(head[at : at + 200])
        end = _end_of(head, at)
        if end is None:
            break
        at = end
    if head.startswith(b"<!", at):
        raise refused("document-type", "Remove the document type (DOCTYPE): none is read")
    root = _ROOT.match(head, at)
    if root is None:
        raise refused("not-xml", "The file does not begin as XML")
    return root[1].decode(), head


def elements(stream: BinaryIO, head: bytes, wanted: Mapping[str, int]) -> Iterator[tuple[str, Branch]]:
    """The elements wanted by name at their depth (the root's is 0), in order, each complete; what is read is freed.

    Raises `FileRefused` at the first fault.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag=tuple(wanted),
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    pending = 0
    try:
        for piece in _pieces(stream, head):
            pending += len(piece)
            if pending > MAX_PART_BYTES:
                raise refused("part-too-large", f"One part of the file has more than {MAX_PART_BYTES} bytes")
            parser.feed(piece)
            for _, element in parser.read_events():
                if not isinstance(element, Element) or _depth(element) != wanted[str(element.tag)]:
                    continue
                pending = 0
                yield str(element.tag), _branch(element, MAX_DEPTH, [MAX_PART_ELEMENTS])
                _free(element)
        parser.close()
    except etree.LxmlError:
        raise refused("not-well-formed", "The file is not well-formed XML") from None


def refused(code: str, detail: str, pointer: str = "") -> FileRefused:
    """The refusal of a whole file."""
    return FileRefused(Refusal(code, detail, pointer))


def _pieces(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    piece = head
    while piece:
        yield piece
        piece = stream.read(_PIECE)


def _end_of(head: bytes, at: int) -> int | None:
    """Where the comment or processing instruction that begins here ends; None if none begins here."""
    for opening, closing in ((b"<?", b"?>"), (b"<!--", b"-->")):
        if head.startswith(opening, at):
            end = head.find(closing, at + len(opening))
            if end < 0:
                raise refused("not-xml", "What stands before the root element does not end")
            return end + len(closing)
    return None


def _check_encoding(declaration: bytes) -> None:
    said = _ENCODING.search(declaration.partition(b"?>")[0])
    if said and said[1].decode().lower() not in _ENCODINGS:
        raise refused("encoding", "Send the file as UTF-8")


def _branch(element: etree._Element, depth: int, left: list[int]) -> Branch:
    """A copy without the parser's memory; `left` counts down the elements a part may have."""
    left[0] -= 1
    if depth == 0 or left[0] < 0:
        raise refused("too-deep", f"Deeper than {MAX_DEPTH} elements, or more than {MAX_PART_ELEMENTS} in one part")
    branch = Branch(" ".join((element.text or "").split()))
    parts = branch.parts
    for child in element:
        parts.setdefault(str(child.tag), []).append(_branch(child, depth - 1, left))
    return branch


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _free(element: etree._Element) -> None:
    """Drops the element's children and all its earlier siblings, so that the tree never grows."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        for earlier in element.itersiblings(preceding=True):
            parent.remove(earlier)
