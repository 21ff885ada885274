"""Where somebody lives and how to reach them."""

from __future__ import annotations

from datetime import date
from typing import Final

from events.description import Address, ContactPoint
from hub.connectors.bars_nodes import codes, extension, line, node, nodes, texts
from hub.connectors.bars_reader import Node
from hub.connectors.bars_times import ended

SELF: Final = "ONESELF"
_NOT_HOME: Final = frozenset({"temp", "old", "billing"})
_CONTACT_KINDS: Final = {"phone": "phone", "sms": "phone", "email": "email"}


def home_of(source: Node, on: date) -> Address | None:
    """The home address, else any that has not ended."""
    current = [each for each in nodes(source, "address") if not ended(each, on)]
    homes = [each for each in current if line(each, "use") not in _NOT_HOME] or current
    homes.sort(key=lambda each: line(each, "use") != "home")
    if not homes:
        return None
    home = homes[0]
    lines = [" ".join(each.split()) for each in texts(home, "line")]
    if not lines and (whole := line(home, "text")):
        lines = [whole]
    district = line(home, "district")
    return Address(
        lines=(*lines, district) if district else tuple(lines),
        town=line(home, "city"),
        postcode=line(home, "postalCode"),
        uprn=_uprn(home),
    )


def _uprn(address: Node) -> str | None:
    for each in nodes(address, "extension"):
        if line(node(extension(each, "type"), "valueCoding"), "code") == "UPRN":
            value = line(extension(each, "value"), "valueString") or ""
            return value if value.isascii() and value.isdigit() and len(value) <= len("123456789012") else None
    return None


def contact_points(source: Node, on: date) -> tuple[ContactPoint, ...]:
    """Telephone numbers and e-mail addresses that have not ended; a contact that is the person's self is their own."""
    found: dict[ContactPoint, None] = {}
    selves = (each for each in nodes(source, "contact") if SELF in codes(each, "relationship") and not ended(each, on))
    for each in (number for holder in (source, *selves) for number in nodes(holder, "telecom")):
        kind, value = _CONTACT_KINDS.get(line(each, "system") or ""), line(each, "value")
        if kind and value and not ended(each, on):
            found[ContactPoint(kind=kind, value=value)] = None
    return tuple(found)
