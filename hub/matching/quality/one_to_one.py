"""FEBRL 4: two lists, each of which has every person once.

A record that arrives and one that is known are one person if each is the other's best and the evidence speaks for one
person rather than two (a score above 0). That each list has a person only once is told with the data set, and is used.
"""

from __future__ import annotations

from hub.matching.model import Model
from hub.matching.quality.found import Found, Likely, best
from hub.matching.quality.rates import Rate
from hub.matching.quality.report import Report
from hub.matching.quality.told import Dataset, everybody, featured
from hub.matching.thresholds import Thresholds

DECIDED = "each is the other's best match, and the evidence is for one person"


def one_to_one(dataset: Dataset, model: Model, at: Thresholds) -> Report:
    """Precision, recall and F1; `automatic` is what reaches the score from which intake links."""
    known = [told.truth for told in everybody(dataset.register)]
    arriving = [told.truth for told in everybody(dataset.arrivals)]
    pairs = _mutual(dataset, model)
    right = {place: known[likely.place] == arriving[place] for place, likely in pairs.items()}
    sure = [place for place, likely in pairs.items() if likely.total >= at.link]
    there = len(set(known) & set(arriving))
    return Report(
        dataset.name,
        model.name,
        model.sha256,
        DECIDED,
        Rate(sum(right.values()), len(pairs)),
        Rate(sum(right.values()), there),
        automatic=(
            Rate(sum(right[place] for place in sure), len(sure)),
            Rate(sum(right[place] for place in sure), there),
        ),
        false_links=tuple(
            f"{arriving[place]} and {known[likely.place]}, score {likely.total}"
            for place, likely in pairs.items()
            if not right[place]
        ),
    )


def _mutual(dataset: Dataset, model: Model) -> dict[int, Likely]:
    """By place of the arrival, its best match, where it is that one's best as well."""
    found = Found(model)
    for submission in dataset.register:
        for features in featured(submission):
            found.learn(features)
    theirs: dict[int, Likely] = {}
    backwards: dict[int, Likely] = {}
    arriving = (features for submission in dataset.arrivals for features in featured(submission))
    for place, features in enumerate(arriving):
        candidates = list(found.candidates(features))
        if (likely := best(candidates, 1)) is not None:
            theirs[place] = likely
        for each in candidates:
            before = backwards.get(each.place)
            if before is None or each.total > before.total:
                backwards[each.place] = Likely(place, each.total)
    return {place: likely for place, likely in theirs.items() if backwards[likely.place].place == place}
