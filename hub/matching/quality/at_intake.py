"""The figures of a replay: people who arrive with their households at a register, decided as intake decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hub.deciders.recognising import Rules
from hub.matching.choose import Outcome
from hub.matching.quality.rates import Rate
from hub.matching.quality.replay import Decided, Replay
from hub.matching.quality.report import Report
from hub.matching.quality.told import Dataset
from hub.matching.reasons import reasons

DECIDED = "as intake decides, one submission after the other; doubts are settled rightly at once"


def at_intake(dataset: Dataset, rules: Rules) -> Report:
    """Precision and recall are of links that nobody looked at, or that followed from an answer about somebody else.

    Subgroups are of recall with review.
    """
    replay = Replay(rules)
    for submission in dataset.register:
        replay.load(submission)
    decided = [each for submission in dataset.arrivals for each in replay.arrive(submission)]
    links = [each for each in decided if each.found.outcome is Outcome.LINKED or each.follows]
    known = [each for each in decided if each.known]
    right = sum(each.right for each in links)
    return Report(
        dataset.name,
        rules.model.name,
        rules.model.sha256,
        DECIDED,
        Rate(right, len(links)),
        Rate(right, len(known)),
        found=Rate(sum(each.right for each in known), len(known)),
        review=Rate(sum(each.asked for each in decided), len(decided)),
        doubtful=Rate(sum(each.found.outcome is Outcome.DOUBTFUL for each in decided), len(decided)),
        twin_merges=sum(each.twin for each in decided),
        subgroups=_subgroups(known),
        false_links=tuple(_told(each) for each in links if not each.right) if dataset.invented else (),
    )


def _subgroups(known: Sequence[Decided]) -> dict[str, dict[str, Rate]]:
    counts, hits = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in known:
        for group in each.told.groups.items():
            counts[group] += 1
            hits[group] += each.right
    found: dict[str, dict[str, Rate]] = {}
    for (kind, value), count in sorted(counts.items()):
        found.setdefault(kind, {})[value] = Rate(hits[kind, value], count)
    return found


def _told(each: Decided) -> str:
    """Who was linked, what was written wrong, and why they were taken for one; of invented people."""
    name = each.told.person.name
    why = reasons(each.found.hits[0].candidate.score)
    return f"{name.given} {name.family} ({', '.join(each.told.slips)}), {each.found.method}: {'; '.join(why)}"
