"""What a BaRS message is for: its event, reason and status decide, and a combination we do not know is refused.

Only these are taken (standards.md §2); everything else is `400 REC_BAD_REQUEST`, issue `invariant`:

| event | reason | ServiceRequest.status | becomes |
| --- | --- | --- | --- |
| servicerequest-request | new | active | NEW |
| servicerequest-request | update | active | UPDATE |
| servicerequest-request | update, delete | revoked | WITHDRAW |
| servicerequest-request | delete | active | WITHDRAW |
| servicerequest-request | update, delete | entered-in-error | VOID |
| servicerequest-response | new, update | any | an information receipt |

The code systems of event and reason changed between releases, so they are read by code alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.connectors.bars_bundle import Bundle
from hub.connectors.bars_nodes import codes, line, node, nodes, texts
from hub.connectors.bars_outcome import bars_refusal
from hub.connectors.bars_reader import Node
from hub.connectors.bars_times import instant
from hub.submission import Change, Refusal

_CHANGES: Final = {
    ("new", "active"): Change.NEW,
    ("update", "active"): Change.UPDATE,
    ("update", "revoked"): Change.WITHDRAW,
    ("delete", "revoked"): Change.WITHDRAW,
    ("delete", "active"): Change.WITHDRAW,
    ("update", "entered-in-error"): Change.VOID,
    ("delete", "entered-in-error"): Change.VOID,
}
_HEADER: Final = "/entry/0/resource"
_LATER_MAJOR_VERSION: Final = re.compile(r"(?!0\d*\.|1\.)\d+\.\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A message that is for us: `change` is None for an answer (`servicerequest-response`)."""

    header: Node
    focus: Node
    change: Change | None

    def occurred_at(self, bundle: Bundle) -> datetime | None:
        """When it happened: a new request when it was written, any other message when it was sent."""
        written, sent = line(self.focus, "authoredOn"), line(bundle.root, "timestamp")
        order = (written, sent) if self.change is Change.NEW else (sent, written)
        stamps = (*order, line(node(bundle.root, "meta"), "lastUpdated"))
        return next((moment for stamp in stamps if (moment := instant(stamp))), None)


def workflow(bundle: Bundle, ours: frozenset[str]) -> Workflow | Refusal:
    """What the message asks of us. `ours`: our ODS codes and service ids in capitals; empty takes every destination."""
    header = bundle.entries[0][1] if bundle.entries else {}
    refusal = _not_for_us(bundle, header, ours)
    if refusal is not None:
        return refusal
    reasons, focus = codes(header, "reason"), bundle.follow(header, "focus")
    match line(node(header, "eventCoding"), "code"):
        case "servicerequest-request":
            return _request(header, focus, reasons)
        case "servicerequest-response" if focus and reasons & {"new", "update"}:
            return Workflow(header, focus, None)
    return _invariant("the event and reason are not a workflow of this service", f"{_HEADER}/eventCoding")


def _not_for_us(bundle: Bundle, header: Node, ours: frozenset[str]) -> Refusal | None:
    if bundle.root.get("type") != "message" or header.get("resourceType") != "MessageHeader":
        return _invariant("a message Bundle must begin with its MessageHeader", _HEADER)
    if _LATER_MAJOR_VERSION.match(line(node(bundle.root, "meta"), "versionId") or ""):
        detail = "the versioning specified is not supported"
        return bars_refusal("REC_UNPROCESSABLE_ENTITY", "not-supported", detail, "/meta/versionId")
    if ours and not ours & _addressed_to(bundle, header):
        return bars_refusal("REC_FORBIDDEN", "forbidden", "the message is not addressed to this service", _HEADER)
    for key in ("eventCoding", "reason"):
        if not node(header, key):
            return bars_refusal("REC_BAD_REQUEST", "required", f"the header has no {key}", f"{_HEADER}/{key}")
    return None


def _request(header: Node, focus: Node, reasons: set[str]) -> Workflow | Refusal:
    if focus.get("resourceType") != "ServiceRequest":
        return _invariant("the focus of a request must be a ServiceRequest in the bundle", f"{_HEADER}/focus")
    kinds = codes(focus, "category")
    if "validation" in kinds and "referral" not in kinds:
        return _invariant("a request to validate a triage is not a workflow of this service", f"{_HEADER}/focus")
    status = line(focus, "status") or ""
    change = next((found for reason in sorted(reasons) if (found := _CHANGES.get((reason, status)))), None)
    if change is None:
        return _invariant("the reason and request status are not a workflow of this service", f"{_HEADER}/reason")
    return Workflow(header, focus, change)


def _invariant(detail: str, pointer: str) -> Refusal:
    return bars_refusal("REC_BAD_REQUEST", "invariant", detail, pointer)


def _addressed_to(bundle: Bundle, header: Node) -> set[str]:
    """ODS codes of the receivers and service ids of the endpoints (`…dos-service-id|111` or `:111`), in capitals."""
    found: set[str] = set()
    for destination in nodes(header, "destination"):
        receiver = bundle.follow(destination, "receiver")
        found.update(value.upper() for each in nodes(receiver, "identifier") for value in texts(each, "value"))
        found.add(re.split(r"[|:]", line(destination, "endpoint") or "")[-1].upper())
    return found
