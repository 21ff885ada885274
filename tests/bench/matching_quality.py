"""How well people are recognised: FEBRL 3 and 4 and the hard UK set, beside Splink's predictions on the same."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hub.deciders.recognising import Rules
from hub.matching.model import shipped
from hub.matching.quality.at_intake import at_intake
from hub.matching.quality.clustering import clustered
from hub.matching.quality.datasets import dataset
from hub.matching.quality.one_to_one import one_to_one
from hub.matching.quality.rates import f1
from hub.matching.quality.told import Dataset, everybody
from tests.bench.figures import Figure
from tests.bench.size import Size
from tests.bench.splink_peer import Link, between, within

_FALSE, _MISSED = 10, 500  # the settings' defaults
_SURE = 0.999  # the probability that the first of them stands for
_MORE_LIKELY = 0.5
_SEED = 11  # another than any that a model was trained with
_PEER = "Splink 5"


def quality_figures(size: Size) -> list[Figure]:
    """Shares from 0 to 1; review in percent of arrivals, the gap in points of 100 below the whole."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    rules, febrl = Rules(shipped("uk"), _FALSE, _MISSED), Rules(shipped("febrl"), _FALSE, _MISSED)
    return [*_febrl4(febrl), *_febrl3(febrl), *_hard_uk(rules, size)]


def _febrl4(rules: Rules) -> list[Figure]:
    made = dataset("febrl4", 1, 1)
    report = one_to_one(made, rules.model, rules.matching(len(made.register)).at)
    right, links, there = _judged(made, _mutual(between(made.register, made.arrivals, _MORE_LIKELY)))
    return [
        _beside(Figure("match.febrl4.f1", "", 0.998, (report.f1,)), f1(right / links, right / there)),
        _beside(Figure("match.febrl4.precision", "", 0.9999, (report.precision.value,)), right / links),
    ]


def _febrl3(rules: Rules) -> list[Figure]:
    made = dataset("febrl3", 1, 1)
    report = clustered(made, rules.model)
    truths = [told.truth for told in everybody(made.arrivals)]
    clusters = _joined(len(truths), within(made.arrivals, _MORE_LIKELY))
    right, links, there = (_pairs(each) for each in (list(zip(clusters, truths, strict=True)), clusters, truths))
    return [_beside(Figure("match.febrl3.f1", "", 0.99, (report.f1,)), f1(right / links, right / there))]


def _hard_uk(rules: Rules, size: Size) -> list[Figure]:
    made = dataset("hard-uk", _SEED, size.families)
    report = at_intake(made, rules)
    right, links, there = _judged(made, _best(between(made.register, made.arrivals, _SURE)))
    figures = [
        _beside(Figure("match.hard_uk.precision", "", 0.9995, (report.precision.value,)), right / links),
        _beside(Figure("match.hard_uk.recall", "", None, (report.recall.value,)), right / there),
    ]
    if report.found and report.review and report.doubtful and report.twin_merges is not None:
        figures += [
            Figure("match.hard_uk.recall_with_review", "", 0.99, (report.found.value,)),
            Figure("match.hard_uk.review", "%", 3, (100 * report.review.value,), at_most=True),
            Figure("match.hard_uk.doubtful", "%", None, (100 * report.doubtful.value,), at_most=True),
            Figure("match.hard_uk.twin_merges", "", 0, (report.twin_merges,), at_most=True),
            Figure("match.hard_uk.ethnicity_gap", "points", 1, (report.gap("ethnicity"),), at_most=True),
        ]
    return figures


def _beside(figure: Figure, peer: float) -> Figure:
    return replace(figure, peer=peer, peer_name=_PEER)


def _judged(made: Dataset, links: Sequence[Link]) -> tuple[int, int, int]:
    """Right links, links, and how many arrivals are of somebody known."""
    known = [told.truth for told in everybody(made.register)]
    arriving = [told.truth for told in everybody(made.arrivals)]
    right = sum(known[link.known] == arriving[link.arriving] for link in links)
    of_known = set(known)
    return right, len(links), sum(truth in of_known for truth in arriving)


def _best(links: Sequence[Link]) -> list[Link]:
    """The likeliest known record of each arrival."""
    return list({link.arriving: link for link in sorted(links, key=lambda each: each.probability)}.values())


def _mutual(links: Sequence[Link]) -> list[Link]:
    """Those that are each other's best, as ours are decided."""
    theirs = {link.known: link for link in sorted(links, key=lambda each: each.probability)}
    return [link for link in _best(links) if theirs[link.known] == link]


def _joined(count: int, links: Sequence[Link]) -> list[int]:
    """The connected component of each record."""
    of = list(range(count))

    def root(place: int) -> int:
        while of[place] != place:
            place = of[place]
        return place

    for link in links:
        of[root(link.known)] = root(link.arriving)
    return [root(place) for place in range(count)]


def _pairs(labels: Sequence[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())
