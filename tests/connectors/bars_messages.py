"""BaRS messages for tests: invented people, every part replaceable, as JSON and as the same thing in FHIR XML."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.sax.saxutils import quoteattr

from hub.connectors.bars import read_bundle
from hub.connectors.bars_reader import Node, parse_json, parse_xml
from hub.submission import ForReview, InformationReceipt, Referral, Refusal

SAMPLES = Path(__file__).parents[1] / "samples" / "fhir"
Read = Referral | InformationReceipt | ForReview | Refusal

CHILD: Node = {
    "resourceType": "Patient",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
    "name": [{"use": "official", "family": "Testerly-Moss", "given": ["Orla", "Fern"]}],
    "gender": "female",
    "birthDate": "2016-04-09",
    "address": [{"use": "home", "line": ["4 Invented Row"], "city": "Peterborough", "postalCode": "PE1 9VV"}],
    "telecom": [{"system": "phone", "value": "01632 960001"}],
}
SENDER: Node = {
    "resourceType": "Organization",
    "identifier": [{"system": "https://fhir.nhs.uk/id/ods-organization-code", "value": "RZZ99"}],
    "name": "Invented Community Trust",
}
US: Node = {
    "resourceType": "Organization",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "x00hub"}],
}
REQUESTER: Node = {"resourceType": "Practitioner", "name": [{"family": "Pretend", "given": ["Ada"]}]}


def safeguarding(code: str | None, words: str = "", **more: object) -> Node:
    """A Flag of category SG."""
    coding = [{"system": "https://fhir.nhs.uk/CodeSystem/safeguarding-codes-bars", "code": code}] if code else []
    category = {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/flag-categories-bars", "code": "SG"}]}
    concept = {"coding": coding, "text": words} if words else {"coding": coding}
    return {"resourceType": "Flag", "status": "active", "category": [category], "code": concept} | more


def a_message(
    *others: Node,
    patient: Node | None = None,
    event: str = "servicerequest-request",
    reason: str = "new",
    status: str = "active",
    request: Node | None = None,
) -> Node:
    """A referral of an invented child, with other resources after the usual ones."""
    asked: Node = {
        "resourceType": "ServiceRequest",
        "status": status,
        "intent": "plan",
        "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-00000000000C"},
        "encounter": {"reference": "urn:uuid:00000000-0000-4000-8000-00000000000e"},
        "requester": {"reference": "urn:uuid:00000000-0000-4000-8000-00000000000f"},
        "authoredOn": "2026-09-14T09:30:00+01:00",
        "reasonCode": [{"text": "Orla is often hungry at the clinic."}],
    }
    encounter: Node = {
        "resourceType": "Encounter",
        "status": "triaged",
        "identifier": [{"system": "https://trust.example/Id/case-number", "value": "case-77"}],
    }
    named = {
        "9": _header(event, reason),
        "a": asked | (request or {}),
        "c": CHILD if patient is None else patient,
        "e": encounter,
        "f": REQUESTER,
        "aa": US,
        "bb": SENDER,
    }
    entries = [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{key:0>12}", "resource": each} for key, each in named.items()
    ]
    entries += [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-9000-{number:012}", "resource": each}
        for number, each in enumerate(others)
    ]
    return {
        "resourceType": "Bundle",
        "id": "22222222-0000-4000-8000-000000000000",
        "meta": {"versionId": "1.4.0"},
        "type": "message",
        "timestamp": "2026-09-15T10:00:00+00:00",
        "entry": entries,
    }


def _header(event: str, reason: str) -> Node:
    return {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-events-bars", "code": event},
        "reason": {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/message-reason-bars", "code": reason}]},
        "destination": [
            {
                "endpoint": "http://fhir.nhs.uk/Id/dos-service-id|2000055555",
                "receiver": {"reference": "urn:uuid:00000000-0000-4000-8000-0000000000aa"},
            }
        ],
        "sender": {"reference": "urn:uuid:00000000-0000-4000-8000-0000000000bb"},
        "source": {"software": "Made-up PAS", "endpoint": "http://fhir.nhs.uk/Id/dos-service-id|2000066666"},
        "response": {"identifier": "11111111-0000-4000-8000-000000000000", "code": "ok"},
        "focus": [{"reference": "urn:uuid:00000000-0000-4000-8000-00000000000a"}],
    }


def from_json(message: Node) -> Read:
    """What the connector says to the message as JSON."""
    return read_bundle(parse_json(io.BytesIO(json.dumps(message).encode())))


def from_xml(message: Node) -> Read:
    """What the connector says to the message as XML."""
    return read_bundle(parse_xml(io.BytesIO(as_xml(message))))


def a_referral(read: Read) -> Referral:
    assert isinstance(read, Referral), read
    return read


def a_review(read: Read) -> ForReview:
    assert isinstance(read, ForReview), read
    return read


def as_xml(resource: Node) -> bytes:
    """The FHIR XML of a JSON resource, but for the narrative."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + _resource(resource, ' xmlns="http://hl7.org/fhir"').encode()


def _resource(resource: Node, namespace: str = "") -> str:
    kind = str(resource["resourceType"])
    inner = "".join(_element(key, value) for key, value in resource.items() if key != "resourceType")
    return f"<{kind}{namespace}><!-- a comment -->{inner}</{kind}>"


def _element(key: str, value: object) -> str:
    match value:
        case list():
            return "".join(_element(key, each) for each in value)
        case {"div": _}:
            return ""
        case dict() if "resourceType" in value:
            return f"<{key}>{_resource(value)}</{key}>"
        case dict():
            url = f" url={quoteattr(str(value['url']))}" if key == "extension" else ""
            inner = "".join(_element(name, each) for name, each in value.items() if not (url and name == "url"))
            return f"<{key}{url}>{inner}</{key}>"
        case bool():
            return f'<{key} value="{str(value).lower()}"/>'
        case _:
            # White space inside an attribute survives only as character references.
            escaped = quoteattr(str(value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
            return f"<{key} value={escaped}/>"
