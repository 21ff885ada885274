"""Reading a FHIR tree without trusting its shape: a wrong type reads as absent, one and a list of one read alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from events.description import CodedValue
from hub.connectors.bars_reader import Node

# Control characters cannot be stored or shown; each is replaced visibly, the raw copy keeps it.
_UNSHOWABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CODE_LENGTH: Final = 64


def nodes(parent: Node, key: str) -> list[Node]:
    """The objects under a key."""
    return [child for child in _many(parent, key) if isinstance(child, dict)]


def node(parent: Node, key: str) -> Node:
    """The first object under a key, or an empty one."""
    return next(iter(nodes(parent, key)), {})


def texts(parent: Node, key: str) -> list[str]:
    """The strings under a key, cleaned of control characters and outer white space, without empty ones."""
    found = (_UNSHOWABLE.sub("\ufffd", child).strip() for child in _many(parent, key) if isinstance(child, str))
    return [text for text in found if text]


def text(parent: Node, key: str) -> str | None:
    """The first string under a key."""
    return next(iter(texts(parent, key)), None)


def line(parent: Node, key: str) -> str | None:
    """The first string under a key, on one line."""
    found = text(parent, key)
    return " ".join(found.split()) if found else None


def is_false(parent: Node, key: str) -> bool:
    """Whether a boolean is there and false."""
    return parent.get(key) is False or parent.get(key) == "false"


def extension(parent: Node, name: str) -> Node:
    """The extension whose address ends in that name."""
    found = (each for each in nodes(parent, "extension") if (line(each, "url") or "").rpartition("/")[2] == name)
    return next(found, {})


def concept(parent: Node) -> str | None:
    """A CodeableConcept in words: its text and what its codings display, else the bare code."""
    coding = nodes(parent, "coding")
    shown = (line(each, "display") or line(each, "code") for each in coding)
    return ": ".join(dict.fromkeys(filter(None, (text(parent, "text"), *shown)))) or None


def coded(parent: Node) -> Iterator[CodedValue]:
    """The codings of a CodeableConcept, each with its scheme; one too long to be a code stays in the words alone."""
    for each in nodes(parent, "coding"):
        code = line(each, "code")
        if code and len(code) <= _CODE_LENGTH:
            scheme = line(each, "system") or "not-stated"
            if len(scheme) > _CODE_LENGTH:
                scheme = scheme.rpartition("/")[2][-_CODE_LENGTH:] or "not-stated"
            yield CodedValue(scheme=scheme, code=code, text=line(each, "display") or text(parent, "text"))


def codes(parent: Node, key: str) -> set[str]:
    """All codes of the CodeableConcepts under a key."""
    return {code for each in nodes(parent, key) for coding in nodes(each, "coding") for code in texts(coding, "code")}


def _many(parent: Node, key: str) -> list[object]:
    match parent.get(key):
        case None:
            return []
        case list() as several:
            return several
        case one:
            return [one]
