"""Who wrote a message, and the case it belongs to."""

from __future__ import annotations

from hub.connectors.bars_bundle import Bundle
from hub.connectors.bars_nodes import line, node, nodes, texts
from hub.connectors.bars_reader import Node
from hub.connectors.bars_workflow import Workflow
from hub.submission import Source


def source_of(bundle: Bundle, flow: Workflow, correlation_id: str | None) -> Source:
    """Who wrote it, and the case it belongs to."""
    software = node(flow.header, "source")
    return Source(
        system=line(software, "software") or line(software, "name"),
        message_id=line(bundle.root, "id"),
        case_reference=correlation_id.lower() if correlation_id else _case_in(bundle, flow.focus),
        organisation=_organisation(bundle.follow(flow.header, "sender")),
        practitioner=_practitioner(bundle, bundle.follow(flow.focus, "requester")),
    )


def _case_in(bundle: Bundle, focus: Node) -> str:
    """Without a correlation id: the case number of the encounter, else the request's own identifier, id or address."""
    for holder in (bundle.follow(focus, "encounter"), focus):
        for each in nodes(holder, "identifier"):
            if value := line(each, "value"):
                return f"{line(each, 'system') or ''}|{value}"
    return line(focus, "id") or bundle.address(focus)


def _organisation(sender: Node) -> str | None:
    known = nodes(sender, "identifier")
    ods = (each for each in known if (line(each, "system") or "").lower().endswith("/id/ods-organization-code"))
    code, name = line(next(ods, {}), "value"), line(sender, "name")
    return f"{name} ({code})" if name and code else name or code


def _practitioner(bundle: Bundle, requester: Node) -> str | None:
    """The requester may be a Practitioner or a PractitionerRole that points at one."""
    name = node(bundle.follow(requester, "practitioner") or requester, "name")
    return " ".join((*texts(name, "given"), *texts(name, "family"))) or line(name, "text")
