"""What a person is shown who has to look at a message."""

from __future__ import annotations

from events.description import Person
from hub.connectors.bars_bundle import Bundle
from hub.connectors.bars_names import full_name
from hub.connectors.bars_nodes import line, node, nodes, texts
from hub.connectors.bars_reader import Node
from hub.connectors.bars_workflow import Workflow


def found_in(bundle: Bundle, flow: Workflow, patient: Node) -> dict[str, str]:
    """For a person to look at: who and which message, as sent; the rest is in the original."""
    name = node(patient, "name")
    words = {
        "patient": " ".join((*texts(name, "given"), *texts(name, "family"))) or line(name, "text"),
        "born": line(patient, "birthDate"),
        "identifiers": ", ".join(value for each in nodes(patient, "identifier") for value in texts(each, "value")),
        "message": line(bundle.root, "id"),
        "change": flow.change.value if flow.change else "ANSWER",
    }
    return {key: value for key, value in words.items() if value}


def names_of(*people: Person) -> str:
    """Their names, parted by commas."""
    return ", ".join(filter(None, (full_name(each.name) for each in people)))
