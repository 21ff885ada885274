"""Measures the matching on a data set, by the rules that fit the data set's kind."""

from __future__ import annotations

from hub.deciders.recognising import Rules
from hub.matching.quality.at_intake import at_intake
from hub.matching.quality.clustering import clustered
from hub.matching.quality.one_to_one import one_to_one
from hub.matching.quality.report import Report
from hub.matching.quality.told import Dataset


def evaluate(dataset: Dataset, rules: Rules) -> Report:
    """The report; each module says how it decides."""
    match dataset.name:
        case "febrl3":
            return clustered(dataset, rules.model)
        case "febrl4":
            return one_to_one(dataset, rules.model, rules.matching(len(dataset.register)).at)
        case _:
            return at_intake(dataset, rules)
