"""NHS Booking and Referral Standard: one FHIR R4 message Bundle is one submission (standards.md §§3, 4).

A strict model never stands between a sender and a safeguarding concern: what the hub needs in order to act is asked
for, everything else is read if it is there. A file holds one bundle and is one `Item`; the FHIR door calls
`read_bundle` itself, with the correlation id of its header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final

from pydantic import ValidationError

from events.basis import LawfulBasis, Purpose
from events.description import Answer
from hub.connectors.bars_bundle import Bundle
from hub.connectors.bars_concern import Told, told
from hub.connectors.bars_household import household
from hub.connectors.bars_names import full_name
from hub.connectors.bars_nodes import concept, line, node
from hub.connectors.bars_outcome import bars_refusal
from hub.connectors.bars_people import is_restricted, person
from hub.connectors.bars_reader import Node, parse_json, parse_xml
from hub.connectors.bars_review import found_in, names_of
from hub.connectors.bars_source import source_of
from hub.connectors.bars_times import is_adult
from hub.connectors.bars_workflow import Workflow, workflow
from hub.connectors.contract import Connector
from hub.submission import (
    Change,
    FileRefused,
    ForReview,
    InformationKind,
    InformationReceipt,
    Item,
    Referral,
    Refusal,
    Submission,
    Urgency,
)

LAWFUL_BASIS: Final = (LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H, LawfulBasis.CA2004_S10)
"""BaRS has no field for it: the sharing agreement with NHS partners declares it (public task, care, co-operation)."""

_URGENCY: Final = {"urgent": Urgency.URGENT, "asap": Urgency.URGENT, "stat": Urgency.URGENT}


def read_bundle(
    root: Node, correlation_id: str | None = None, ours: frozenset[str] = frozenset()
) -> Submission | ForReview | Refusal:
    """What a bundle (a tree of `bars_reader`) says.

    `correlation_id` is the door's `X-Correlation-ID`; without it the case is known by its encounter or request.
    `ours` are the ODS codes and service ids, in capitals, that the message may be addressed to; empty takes all.
    """
    bundle = Bundle.of(root)
    flow = workflow(bundle, ours)
    if isinstance(flow, Refusal):
        return flow
    patient, occurred_at = bundle.follow(flow.focus, "subject"), flow.occurred_at(bundle)
    if patient.get("resourceType") != "Patient" or occurred_at is None:
        return ForReview("unknown-shape", found_in(bundle, flow, patient), occurred_at)
    try:
        return _read(bundle, flow, patient, occurred_at, correlation_id)
    except ValidationError:
        # Something is larger than our words allow (a code of a thousand letters): a person looks, nothing is cut.
        return ForReview("unknown-shape", found_in(bundle, flow, patient), occurred_at)


def _read(
    bundle: Bundle, flow: Workflow, patient: Node, occurred_at: datetime, correlation_id: str | None
) -> Submission | ForReview:
    on = occurred_at.date()
    # One restricted person hides the address of all: they may live together.
    hidden = any(map(is_restricted, (bundle.root, patient, *bundle.of_type("RelatedPerson"))))
    subject = person(patient, on, hidden=hidden)
    siblings, adults = household(bundle, patient, on, hidden=hidden)
    said = told(bundle, flow.focus, patient, on)
    if is_adult(subject.birth, on):
        found = found_in(bundle, flow, patient) | {
            "adults": names_of(subject, *adults),
            "children": names_of(*siblings),
        }
        return ForReview("only-adult", found | {"concern": said.words("")}, occurred_at)
    nameless = not full_name(subject.name) and not subject.identifiers
    if nameless and flow.change in (None, Change.NEW):  # a later message is tied to its child by the case
        found = found_in(bundle, flow, patient) | {"adults": names_of(*adults), "children": names_of(*siblings)}
        return ForReview("no-name", found | {"concern": said.words("")}, occurred_at)
    said.know("birth-date-as-sent", None if subject.birth else line(patient, "birthDate"))
    said.know("reply-address", line(node(flow.header, "source"), "endpoint"))
    shared = Referral if flow.change else InformationReceipt
    common = {
        "source": source_of(bundle, flow, correlation_id),
        "lawful_basis": LAWFUL_BASIS,
        "purpose": Purpose.EARLY_HELP,
        "occurred_at": occurred_at,
        "subject": subject,
        "siblings": tuple(siblings),
        "adults": tuple(adults),
    }
    return shared.model_validate(common | (_asked(bundle, flow, said) if flow.change else _answered(flow, said)))


def _asked(bundle: Bundle, flow: Workflow, said: Told) -> dict[str, object]:
    """The fields of a referral. Agreement is not known: a Consent to direct care is not an agreement to early help."""
    service = bundle.of_type("HealthcareService")
    return {
        "change": flow.change,
        "concerns": tuple(said.concerns),
        "concern": said.words("The message gives no reason."),
        "request": concept(node(flow.focus, "code")) or (line(service[0], "name") if len(service) == 1 else None),
        "family_agreement": Answer.NOT_KNOWN,
        "urgency": _URGENCY.get(line(flow.focus, "priority") or "", Urgency.ROUTINE),
        "facts": tuple(said.facts),
    }


def _answered(flow: Workflow, said: Told) -> dict[str, object]:
    """The fields of an information receipt: the answer of a service to a request that it had been sent."""
    response = node(flow.header, "response")
    said.know("in-reply-to", line(response, "identifier"))
    said.know("response", line(response, "code"))
    said.know("status", line(flow.focus, "status"))
    for code in said.concerns:
        said.know("concern", code.text or code.code, code)
    return {
        "information": InformationKind.EVENT,
        "summary": said.words("A health service answered a request."),
        "facts": tuple(said.facts),
    }


Parse = Callable[[BinaryIO], Node]


def _check(parse: Parse, stream: BinaryIO) -> None:
    if parse(stream).get("resourceType") != "Bundle":
        detail = "the body is not a FHIR Bundle"
        raise FileRefused(bars_refusal("REC_BAD_REQUEST", "structure", detail, "/resourceType"))


def _read_file(parse: Parse, stream: BinaryIO) -> Iterator[Item]:
    yield Item(1, read_bundle(parse(stream)))


def _connector(name: str, title: str, media_type: str, suffix: str, parse: Parse) -> Connector:
    check, read = partial(_check, parse), partial(_read_file, parse)
    return Connector(name, title, media_type, (suffix,), check, read)


CONNECTOR_JSON: Final = _connector(
    "bars-json", "NHS referral (BaRS, FHIR R4 JSON)", "application/fhir+json", ".bars.json", parse_json
)
CONNECTOR_XML: Final = _connector(
    "bars-xml", "NHS referral (BaRS, FHIR R4 XML)", "application/fhir+xml", ".bars.xml", parse_xml
)
