"""The people of a BaRS message: UK Core Patient and RelatedPerson (standards.md §4)."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from hub.synth.people import Child, Family, Grownup
from hub.synth.places import Home

Fhir: TypeAlias = "dict[str, Any]"
_UKCORE: Final = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
_NHS_NUMBER: Final = "https://fhir.nhs.uk/Id/nhs-number"
_STATUS: Final = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
_ETHNICITY: Final = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland"
_CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_ROLE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_ROLES: Final = {"mother": "MTH", "father": "FTH", "step-father": "STPFTH", "grandmother": "GRMTH"}
_GENDERS: Final = {"F": "female", "M": "male", "": "unknown"}


def coding(system: str, code: str, display: str = "") -> Fhir:
    """A Coding."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def codes(system: str, code: str) -> Fhir:
    """A CodeableConcept with one coding."""
    return {"coding": [coding(system, code)]}


def patient(family: Family, child: Child) -> Fhir:
    """The child. A safe address carries PDS's restricted marker, and the address all the same: the hub must hide it."""
    security = {"security": [coding(_CONFIDENTIALITY, "R", "restricted")]} if family.home.restricted else {}
    return {
        "resourceType": "Patient",
        "meta": {"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]} | security,
        "extension": [
            {"url": f"{_UKCORE}EthnicCategory", "valueCodeableConcept": codes(_ETHNICITY, family.origin.nhs)}
        ],
        **_identified(child),
        "name": [_name(child.surname, child.given)],
        "gender": _GENDERS[child.sex],
        "birthDate": child.born.isoformat(),
        "address": [_address(family.home)],
    }


def related(adult: Grownup, subject: str) -> Fhir:
    """An adult around the child."""
    called = {"telecom": [{"system": "phone", "value": adult.phone, "use": "mobile"}]} if adult.phone else {}
    return {
        "resourceType": "RelatedPerson",
        "patient": {"reference": subject},
        "relationship": [{"coding": [coding(_ROLE, _ROLES[adult.relationship], adult.relationship)]}],
        "name": [_name(adult.surname, adult.given)],
        **called,
        "gender": _GENDERS[adult.sex],
        "birthDate": adult.born.isoformat(),
    }


def sibling(child: Child, subject: str) -> Fhir:
    """Another child of the household."""
    return {
        "resourceType": "RelatedPerson",
        **_identified(child),
        "patient": {"reference": subject},
        "relationship": [{"coding": [coding(_ROLE, "SIB", "sibling")]}],
        "name": [_name(child.surname, child.given)],
        "gender": _GENDERS[child.sex],
        "birthDate": child.born.isoformat(),
    }


def _identified(child: Child) -> Fhir:
    if child.nhs is None:
        return {}
    verified = {"url": f"{_UKCORE}NHSNumberVerificationStatus", "valueCodeableConcept": codes(_STATUS, "01")}
    return {"identifier": [{"extension": [verified], "system": _NHS_NUMBER, "value": child.nhs}]}


def _name(family: str, given: str) -> Fhir:
    written: Fhir = {"use": "official"}
    if family:
        written["family"] = family
    if given:
        written["given"] = [given]
    return written


def _address(home: Home) -> Fhir:
    written: Fhir = {"use": "home"}
    if home.line:
        written |= {"line": [home.line], "city": home.town}
    return written | {"postalCode": home.postcode}
