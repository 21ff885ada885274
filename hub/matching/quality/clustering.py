"""FEBRL 3: one list with several records of a person, which arrive one after the other.

A record joins every cluster in which somebody is more likely than not the same person: the score reaches the logarithm
of the number of records, which is what it takes to outweigh that most people are somebody else. Counted are pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log2
from typing import Final

from hub.matching.model import Model
from hub.matching.quality.found import Found
from hub.matching.quality.rates import Rate
from hub.matching.quality.report import Report
from hub.matching.quality.told import Dataset, everybody, featured

DECIDED: Final = "a record joins whom it is more likely than not the same as; of pairs"
_BIT: Final = 100


def clustered(dataset: Dataset, model: Model) -> Report:
    """Precision, recall and F1 of pairs of records."""
    truths = [told.truth for told in everybody(dataset.arrivals)]
    clusters = _clusters(dataset, model, round(_BIT * log2(len(truths))))
    right = _pairs(zip(clusters, truths, strict=True))
    return Report(
        dataset.name,
        model.name,
        model.sha256,
        DECIDED,
        Rate(right, _pairs(clusters)),
        Rate(right, _pairs(truths)),
    )


def _clusters(dataset: Dataset, model: Model, least: int) -> list[int]:
    """The cluster of each record, in order."""
    found = Found(model)
    of: list[int] = []
    members: dict[int, list[int]] = {}
    for submission in dataset.arrivals:
        for features in featured(submission):
            joined = {of[each.place] for each in found.candidates(features) if each.total >= least}
            place = found.learn(features)
            of.append(place)
            members[place] = [place]
            for cluster in joined:
                moved = members.pop(cluster)
                members[place] += moved
                for each in moved:
                    of[each] = place
    return of


def _pairs(labels: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())
