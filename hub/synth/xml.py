"""Elements from nested pairs, so that a writer reads like the file it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, TypeAlias

from lxml import etree

FHIR: Final = "http://hl7.org/fhir"
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


def fhir_xml(resource: Mapping[str, object]) -> bytes:
    """A FHIR resource as XML, from its JSON shape with keys in FHIR's order."""
    root = etree.Element(f"{{{FHIR}}}{resource['resourceType']}", nsmap={None: FHIR})  # type: ignore[dict-item]  # stubs forget the default namespace
    _fill_fhir(root, resource)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _fill_fhir(parent: etree._Element, node: Mapping[str, object]) -> None:
    for key, value in node.items():
        if key == "url":
            parent.set("url", str(value))
        elif key != "resourceType":
            for each in value if isinstance(value, list) else [value]:
                _add_fhir(etree.SubElement(parent, f"{{{FHIR}}}{key}"), each)


def _add_fhir(child: etree._Element, value: object) -> None:
    if not isinstance(value, dict):
        child.set("value", str(value))
    elif "resourceType" in value:
        _fill_fhir(etree.SubElement(child, f"{{{FHIR}}}{value['resourceType']}"), value)
    else:
        _fill_fhir(child, value)
