"""UK Core Patient, RelatedPerson and Patient.contact as people (standards.md §4)."""

from __future__ import annotations

from datetime import date
from typing import Final

from events.description import Address, CodedValue, Identifier, IdentifierScheme, Person, Sex
from hub.connectors.bars_names import name_of
from hub.connectors.bars_nodes import coded, codes, concept, extension, line, node, nodes
from hub.connectors.bars_reader import Node
from hub.connectors.bars_times import birth_of
from hub.connectors.bars_whereabouts import contact_points, home_of

_SEX: Final = {"female": Sex.FEMALE, "male": Sex.MALE, "other": Sex.OTHER}
_VERIFIED: Final = frozenset({"01", "number-present-and-verified"})


def person(source: Node, on: date, *, hidden: bool) -> Person:
    """One person as described on a day. `hidden`: of address and contacts only that they are restricted is taken."""
    birth = birth_of(source, on)
    return Person(
        name=name_of(source, on),
        birth=birth,
        sex=_SEX.get(line(source, "gender") or "", Sex.NOT_KNOWN),
        unborn=birth is not None and birth.expected,
        ethnicity=_ethnicity(source),
        language=_language(source),
        address=Address(restricted=True) if hidden else home_of(source, on),
        contacts=() if hidden else contact_points(source, on),
        identifiers=_identifiers(source),
        restricted=hidden,
    )


def is_restricted(resource: Node) -> bool:
    """PDS marks a person whose address and contacts are hidden by `meta.security` R; V is stricter still."""
    return any(line(each, "code") in ("R", "V") for each in nodes(node(resource, "meta"), "security"))


def _identifiers(source: Node) -> tuple[Identifier, ...]:
    found = []
    for each in nodes(source, "identifier"):
        value = line(each, "value")
        if value is None:
            continue
        national = (line(each, "system") or "").lower().endswith("/id/nhs-number")
        status = codes(extension(each, "Extension-UKCore-NHSNumberVerificationStatus"), "valueCodeableConcept")
        found.append(
            Identifier(
                scheme=IdentifierScheme.NHS_NUMBER if national else IdentifierScheme.LOCAL,
                value=value,
                verified=bool(status & _VERIFIED) if national and status else None,
            )
        )
    return tuple(found)


def _ethnicity(source: Node) -> CodedValue | None:
    """Both addresses of the NHS list of ethnic categories hold the same codes, so they are one scheme here."""
    category = extension(source, "Extension-UKCore-EthnicCategory")
    found = next(coded(node(category, "valueCodeableConcept")), None)
    if found is None or "EthnicCategory" not in found.scheme:
        return found
    return found.model_copy(update={"scheme": "NHS-ethnic-category"})


def _language(source: Node) -> str | None:
    spoken = nodes(source, "communication")
    spoken.sort(key=lambda each: line(each, "preferred") != "true" and each.get("preferred") is not True)
    asked = extension(extension(source, "Extension-UKCore-NHSCommunication"), "language")
    for language in (*(node(each, "language") for each in spoken), node(asked, "valueCodeableConcept")):
        if (said := concept(language)) is not None:
            return said
    return None
