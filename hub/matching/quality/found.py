"""Who is found by keys and score alone: descriptions without families, as in the public data sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.matching.features import Features
from hub.matching.keys import blocking_keys
from hub.matching.known import MOST_OWNERS
from hub.matching.model import Model
from hub.matching.score import score


class Likely(NamedTuple):
    """A known description and its score, hundredths of a bit."""

    place: int
    total: int


@dataclass(slots=True)
class Found:
    """Known descriptions, by the order they became known, and their keys."""

    model: Model
    known: list[Features] = field(default_factory=list)
    _by_key: defaultdict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, features: Features) -> int:
        """Keep a description; its place."""
        place = len(self.known)
        self.known.append(features)
        for key in blocking_keys(features):
            self._by_key[key].append(place)
        return place

    def candidates(self, features: Features) -> Iterator[Likely]:
        """Everybody with a key in common, scored."""
        places: set[int] = set()
        for key in blocking_keys(features):
            owners = self._by_key.get(key, ())
            if len(owners) <= MOST_OWNERS:
                places.update(owners)
        return (Likely(place, score(features, self.known[place], self.model).total) for place in sorted(places))


def best(candidates: Iterable[Likely], least: int) -> Likely | None:
    """The likeliest of those that reach the score; the one known longest where two are equal."""
    return max(
        (each for each in candidates if each.total >= least), key=lambda each: (each.total, -each.place), default=None
    )
