"""How people compare, in words that tell nobody where a protected family lives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from events.doubt import DoubtedPair
from hub.identity.likeness import Alike
from hub.matching.compare import FIELDS
from hub.web import dates, evidence
from projections.household import Named

_PLACES: Final = tuple(
    words for field in FIELDS if field.name in {"place", "contacts"} for words in field.words if words
)
_MOST: Final = 3
_APART: Final = "Somebody decided before that they are two people."


def without_places(pair: DoubtedPair) -> DoubtedPair:
    """The pair without the reasons that say whether homes or contacts agree: one of the two may be known."""
    return pair.model_copy(update={"reasons": _without(pair.reasons), "within_reasons": _without(pair.within_reasons)})


def against(found: Alike) -> list[str]:
    """What speaks against their being one, above any score."""
    return [f"{found.against}."] * bool(found.against) + [_APART] * found.apart


def hint(found: Alike, *, hidden: bool) -> str:
    """The strongest reasons, for somebody who is to choose among many. `hidden`: a family is protected."""
    pair = without_places(found.pair) if hidden else found.pair
    said = [reason.rpartition(":")[0] for reason in pair.reasons[:_MOST]]
    told = f"{'. '.join(said)}. " if said else ""
    strength = evidence.not_strangers(found.pair.score)
    return " ".join((f"{told}Evidence: {strength[:1].lower()}{strength[1:]}.", *against(found)))


def named(person: Named) -> str:
    """`Sam Madeup, born 9 April 2016`."""
    return f"{person.display_name}, {dates.born(person.birth)}"


def _without(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(reason for reason in reasons if not reason.startswith(_PLACES))
