"""NHS Booking and Referral Standard messages: FHIR R4 Bundles, as JSON or XML (standards.md §3).

References resolve by `fullUrl`; every id comes from the seeded generator.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import orjson

from hub.synth.bars_parts import Fhir, codes, coding, patient, related, sibling
from hub.synth.identifiers import message_id
from hub.synth.people import Child
from hub.synth.telling import Telling
from hub.synth.words import NHS_FLAGS, said
from hub.synth.xml import fhir_xml

LONDON: Final = ZoneInfo("Europe/London")
_BARS: Final = "https://fhir.nhs.uk/CodeSystem/"
_ODS: Final = "https://fhir.nhs.uk/Id/ods-organization-code"
_SERVICE: Final = "https://fhir.nhs.uk/Id/dos-service-id"
# The council's early help service, as the message addresses it.
RECEIVER: Final = "X9HUB"
RECEIVER_SERVICE: Final = "2000099999"
_FLAGGED: Final = 0.5

Entries: TypeAlias = "dict[str, Fhir]"


def message(telling: Telling, child: Child, rng: Random, *, xml: bool) -> bytes:
    """The body of one `POST /$process-message`."""
    bundle = referral(telling, child, rng)
    return fhir_xml(bundle) if xml else orjson.dumps(bundle, option=orjson.OPT_INDENT_2)


def referral(telling: Telling, child: Child, rng: Random) -> Fhir:
    """A `servicerequest-request`: new, an update of an earlier one, or its withdrawal."""
    sent = telling.sent.replace(tzinfo=LONDON).isoformat()
    entries: Entries = {}
    refs = {name: f"urn:uuid:{message_id(rng)}" for name in _RESOURCES}
    entries[refs["header"]] = _header(telling, refs)
    entries[refs["request"]] = _request(telling, child, refs)
    entries[refs["patient"]] = patient(telling.known, child)
    for adult in telling.known.adults:
        entries[f"urn:uuid:{message_id(rng)}"] = related(adult, refs["patient"])
    for child_too in telling.siblings:
        entries[f"urn:uuid:{message_id(rng)}"] = sibling(child_too, refs["patient"])
    entries |= _surroundings(telling, refs)
    if rng.random() < _FLAGGED:
        entries[f"urn:uuid:{message_id(rng)}"] = _flag(rng, refs["patient"])
    return {
        "resourceType": "Bundle",
        "id": message_id(rng),
        "meta": {"versionId": "1.4.0", "lastUpdated": sent, "profile": [_profile("BARSBundleMessage")]},
        "type": "message",
        "timestamp": sent,
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in entries.items()],
    }


_RESOURCES: Final = (
    "header", "request", "patient", "encounter", "plan", "service", "sender", "receiver", "practitioner", "role",
    "consent",
)  # fmt: skip


def _ref(url: str) -> Fhir:
    return {"reference": url}


def _profile(name: str) -> str:
    return f"https://fhir.nhs.uk/StructureDefinition/{name}"


def _header(telling: Telling, refs: Mapping[str, str]) -> Fhir:
    return {
        "resourceType": "MessageHeader",
        "meta": {"profile": [_profile("BARSMessageHeader-servicerequest-request")]},
        "eventCoding": coding(f"{_BARS}message-events-bars", "servicerequest-request"),
        "destination": [{"endpoint": f"{_SERVICE}|{RECEIVER_SERVICE}", "receiver": _ref(refs["receiver"])}],
        "sender": _ref(refs["sender"]),
        "source": {
            "name": telling.agency.name,
            "software": "Invented Patient Manager",
            "version": "1.0",
            "endpoint": f"{_SERVICE}|2000088888",
        },
        "reason": codes(f"{_BARS}message-reason-bars", "new" if telling.change == "new" else "update"),
        "focus": [_ref(refs["request"])],
        "definition": "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral",
    }


def _request(telling: Telling, child: Child, refs: Mapping[str, str]) -> Fhir:
    occurred = telling.occurred.replace(tzinfo=LONDON).isoformat()
    concern, carer = telling.concern, telling.known.adults[0]
    return {
        "resourceType": "ServiceRequest",
        "id": refs["request"].removeprefix("urn:uuid:"),
        "meta": {"profile": [_profile("BARSServiceRequest-request-referral")]},
        "identifier": [
            {"system": "https://example.org/invented-nhs/referral", "value": telling.case or telling.reference}
        ],
        "basedOn": [_ref(refs["plan"])],
        "status": "revoked" if telling.change == "revoked" else "active",
        "intent": "plan",
        "category": [
            {
                "coding": [
                    coding(f"{_BARS}message-category-servicerequest", "referral"),
                    coding(f"{_BARS}usecases-categories-bars", "a1t1"),
                ]
            }
        ],
        "subject": _ref(refs["patient"]),
        "encounter": _ref(refs["encounter"]),
        "occurrencePeriod": {"start": occurred},
        "authoredOn": occurred,
        "requester": _ref(refs["practitioner"]),
        "performer": [_ref(refs["receiver"])],
        "reasonCode": [{"text": said(concern.text, child.given, carer.relationship)}],
        "note": [{"text": said(concern.ask, child.given, carer.relationship)}],
    }


def _surroundings(telling: Telling, refs: Mapping[str, str]) -> Entries:
    subject = _ref(refs["patient"])
    act = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    return {
        refs["encounter"]: {
            "resourceType": "Encounter",
            "status": "in-progress",
            "class": coding(act, "AMB"),
            "subject": subject,
        },
        refs["plan"]: {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": subject},
        refs["service"]: {
            "resourceType": "HealthcareService",
            "identifier": [{"system": _SERVICE, "value": RECEIVER_SERVICE}],
            "providedBy": _ref(refs["receiver"]),
            "name": "Early Help (invented)",
        },
        refs["sender"]: _organisation(telling.agency.identifier, telling.agency.name),
        refs["receiver"]: _organisation(RECEIVER, "Early Help hub (invented)"),
        refs["practitioner"]: {
            "resourceType": "Practitioner",
            "name": [{"family": "Fauxworth", "given": ["Health-Visitor"]}],
        },
        refs["role"]: {
            "resourceType": "PractitionerRole",
            "practitioner": _ref(refs["practitioner"]),
            "organization": _ref(refs["sender"]),
        },
        refs["consent"]: {
            "resourceType": "Consent",
            "status": "active",
            "scope": codes("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
            "category": [codes(f"{_BARS}consent-categories-bars", "DRC")],
            "patient": subject,
            "policyRule": codes(act, "IMPLIED"),
        },
    }


def _organisation(ods: str, name: str) -> Fhir:
    return {"resourceType": "Organization", "identifier": [{"system": _ODS, "value": ods}], "name": name}


def _flag(rng: Random, subject: str) -> Fhir:
    code, meaning = rng.choice(NHS_FLAGS)
    return {
        "resourceType": "Flag",
        "status": "active",
        "category": [codes(f"{_BARS}flag-categories-bars", "SG")],
        "code": {"coding": [coding(f"{_BARS}safeguarding-codes-bars", code, meaning)]},
        "subject": _ref(subject),
    }
