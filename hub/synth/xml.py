"""Elements from nested pairs, so that a writer reads like the file it writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from lxml import etree

Content: TypeAlias = "str | Sequence[Part] | None"
Part: TypeAlias = tuple[str, Content]


class Output(Protocol):
    """Anything bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


def element(tag: str, content: Content) -> etree._Element:
    """An element with text, or with children in order; parts that are None or empty are left out."""
    made = etree.Element(tag)
    _fill(made, content)
    return made


def _fill(parent: etree._Element, content: Content) -> None:
    if isinstance(content, str):
        parent.text = content
        return
    for tag, inner in content or ():
        if inner:
            _fill(etree.SubElement(parent, tag), inner)
