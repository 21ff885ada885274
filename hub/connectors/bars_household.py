"""Who else is in a message: RelatedPerson and Patient.contact, sorted into siblings and adults.

A contact is not a parent unless the code says so, and nobody has parental responsibility unless the words say so.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from events.description import Adult, Answer, Person
from hub.connectors.bars_bundle import Bundle
from hub.connectors.bars_names import full_name
from hub.connectors.bars_nodes import codes, concept, is_false, node, nodes
from hub.connectors.bars_people import person
from hub.connectors.bars_reader import Node
from hub.connectors.bars_times import ended, is_adult
from hub.connectors.bars_whereabouts import SELF, contact_points

_SIBLINGS: Final = frozenset(
    {"SIB", "BRO", "SIS", "HSIB", "HBRO", "HSIS", "NSIB", "NBRO", "NSIS", "STPSIB", "STPBRO", "STPSIS"}
    | {"TWIN", "TWINBRO", "TWINSIS"}
)
# Codes that often come without a display (HL7 v3 RoleCode, v2-0131). A code that is not here is shown as sent.
_WORDS: Final = {
    "MTH": "mother",
    "NMTH": "natural mother",
    "FTH": "father",
    "NFTH": "natural father",
    "PRN": "parent",
    "NPRN": "natural parent",
    "STPMTH": "stepmother",
    "STPFTH": "stepfather",
    "STPPRN": "step-parent",
    "FTHFOST": "foster father",
    "MTHFOST": "foster mother",
    "PRNFOST": "foster parent",
    "GRMTH": "grandmother",
    "GRFTH": "grandfather",
    "GRPRN": "grandparent",
    "AUNT": "aunt",
    "UNCLE": "uncle",
    "GUARD": "guardian",
    "C": "emergency contact",
    "N": "next of kin",
    "U": "relationship not known",
}


def household(bundle: Bundle, patient: Node, on: date, *, hidden: bool) -> tuple[list[Person], list[Adult]]:
    """Siblings and adults around the patient, each once, in the order of the message."""
    siblings: list[Person] = []
    adults: dict[str, Adult] = {}
    for source in (*_related(bundle, patient, on), *_contacts(patient, on)):
        found = person(source, on, hidden=hidden)
        if _is_child(source, found, on):
            siblings.append(found)
            continue
        adult = _adult(source, found)
        # RelatedPerson and Patient.contact often name the same person; two without a name stay two.
        who = full_name(found.name).casefold() or f"#{len(adults)}"
        adults[who] = _joined(adults[who], adult) if who in adults else adult
    return siblings, list(adults.values())


def _related(bundle: Bundle, patient: Node, on: date) -> list[Node]:
    """Those of this patient; one whose patient is not in the bundle is taken to be this one's."""
    return [
        each
        for each in bundle.of_type("RelatedPerson")
        if not is_false(each, "active") and not ended(each, on) and bundle.follow(each, "patient") in ({}, patient)
    ]


def _contacts(patient: Node, on: date) -> list[Node]:
    """Contacts as sources of people: their one name and address read like a list of one."""
    return [
        each
        for each in nodes(patient, "contact")
        if SELF not in _codes(each)
        and not ended(each, on)
        and (node(each, "name") or contact_points(each, on) or _codes(each))
    ]


def _codes(source: Node) -> set[str]:
    return codes(source, "relationship")


def _is_child(source: Node, found: Person, on: date) -> bool:
    if found.birth is not None:
        return not is_adult(found.birth, on)
    return bool(_codes(source) & _SIBLINGS)


def _adult(source: Node, found: Person) -> Adult:
    said = [_WORDS.get(words, words) for each in nodes(source, "relationship") if (words := concept(each))]
    relationship = " ".join(", ".join(dict.fromkeys(said)).split())
    responsible = "parental responsibility" in relationship.casefold()
    return Adult.model_validate(
        {
            **dict(found),
            "relationship": relationship or None,
            "parental_responsibility": Answer.YES if responsible else Answer.NOT_KNOWN,
        }
    )


def _joined(first: Adult, again: Adult) -> Adult:
    relationships = dict.fromkeys(each.relationship for each in (first, again) if each.relationship)
    return Adult.model_validate(
        {
            **dict(first),
            "relationship": ", ".join(relationships) or None,
            "contacts": tuple(dict.fromkeys((*first.contacts, *again.contacts))),
            "address": first.address or again.address,
            "birth": first.birth or again.birth,
        }
    )
