"""What an event's sealed part said, as lines with labels: the same on the timeline, in a pack and in its PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hub import veil as of_events
from hub.veil_words import Veil
from hub.web import dates, words

PROTECTED: Final = of_events.PROTECTED


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what is said under it."""

    label: str
    text: str


def lines(details: Mapping[str, Any], veil: Veil | None) -> tuple[Line, ...]:
    """Lines of a referral, a receipt of information, a withdrawal or a routing.

    `veil`: a protected family's, so neither facts that can give an address away nor what looks like one in the words of
    others are shown.
    """
    found = tuple(line for line in _lines(details, hide_places=veil is not None) if line.text)
    return veiled(found, veil)


def veiled(found: Iterable[Line], veil: Veil | None) -> tuple[Line, ...]:
    """The lines without the places that are to be hidden in them."""
    return tuple(Line(line.label, veil.over(line.text)) if veil else line for line in found)


def reasons(details: Mapping[str, Any], veil: Veil | None) -> tuple[str, ...]:
    """How it was decided, as the event itself says it: how a person was linked, why a matter went to a queue.

    `veil`: a protected family's, and a queue is chosen by where somebody lives.
    """
    if "queue" in details and veil:
        return (PROTECTED,)
    if "queue" in details:
        return (f"{details['reason']} (rules of {details['rules']})",)
    return tuple(details.get("reasons", ())) + tuple(
        each for pair in details.get("pairs", ()) for each in pair["reasons"]
    )


def erased(since: datetime) -> Line:
    """What stands where something was."""
    return Line("Erased", f"What was told here was erased on {dates.day(since)}")


def _lines(details: Mapping[str, Any], *, hide_places: bool) -> Iterator[Line]:
    if "concern" in details:
        yield Line("Concern", details["concern"])
        concerns = [concern.get("text") or concern["code"] for concern in details.get("concerns", ())]
        yield Line("Concerns named", "; ".join(concerns))
        yield Line("What is asked for", details.get("request") or "Not said")
        yield Line("Does the family agree?", words.say(words.ANSWER, details.get("family_agreement")))
        yield Line("Urgency", words.say(words.URGENCY, details.get("urgency")))
    if "summary" in details:
        yield Line("What was told", details["summary"])
        yield Line("Kind of information", words.say(words.INFORMATION, details.get("information")))
    if "reason" in details and "queue" not in details:
        yield Line("Reason", details["reason"])
    for fact in details.get("facts", ()):
        name = fact["name"]
        hidden = hide_places and name in of_events.PLACES
        yield Line(words.say(words.FACT, name), PROTECTED if hidden else words.fact(name, fact["value"]))
    source = details.get("source", {})
    yield Line("Told by", ", ".join(source[part] for part in ("practitioner", "organisation") if source.get(part)))
