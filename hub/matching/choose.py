"""Known, new or doubtful: what the scores of all candidates together mean, with rules that stand above any score.

A false link shows one family's life to another, so whatever speaks against one person makes a doubt, which a person
settles; no sum of other evidence outweighs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from hub.matching.features import Features
from hub.matching.rules import DIFFERENT_NUMBERS, may_be_twins, namesakes, numbers_agree, numbers_differ, rule_against
from hub.matching.same_name import shares_the_familys_name
from hub.matching.score import Score
from hub.matching.thresholds import Thresholds

_CLEARLY_BETTER: Final = 664  # hundredths of a bit between the best and the next: odds of 100 to 1
_MOST_DOUBTS: Final = 5  # candidates a person is asked about
_TAKEN: Final = "Somebody else named with them was found to be this person"
_OF_THE_FAMILY: Final = "The name they share may be the family's, written in the given name's place"
_RIVALS: Final = "Two known people match about equally well"


class Outcome(StrEnum):
    """What becomes of a described person."""

    LINKED = "LINKED"
    DOUBTFUL = "DOUBTFUL"
    NEW = "NEW"


class Candidate(NamedTuple):
    """One known description that was scored: the identity block of the person.

    unborn: either is a child not yet born; grown: both are adults
    of_the_family: they may be twins, and the given name they share is one that an adult with them has too
    """

    block: UUID
    score: Score
    unborn: bool = False
    grown: bool = False
    of_the_family: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome. LINKED has one candidate; DOUBTFUL the likeliest first, one for each block; NEW has none.

    `why` is a sentence for the person who settles the doubt.
    """

    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()
    why: str = ""


def candidate(block: UUID, described: Features, known: Features, score: Score) -> Candidate:
    """The candidate that two people's features and their score make."""
    return Candidate(
        block,
        score,
        described.unborn or known.unborn,
        described.adult and known.adult,
        may_be_twins(score.levels) and shares_the_familys_name(described, known),
    )


def choose(candidates: Iterable[Candidate], at: Thresholds, taken: AbstractSet[UUID] = frozenset()) -> Choice:
    """Decide. `taken` are blocks that somebody else of the same submission was linked to already.

    Two people of one submission are two people: a block taken is no candidate, unless it would have been linked. A
    block is not linked to where a valid number differs from that of any description in it.
    """
    described = tuple(candidates)
    barred = {each.block for each in described if numbers_differ(each.score.levels)}
    judged: dict[UUID, tuple[bool, Candidate]] = {}
    for each in described:
        link = each.block not in barred and not why_doubtful(each, at)
        if not link and (each.block in taken or not _may_doubt(each, at)):
            continue
        before = judged.get(each.block)
        if before is None or (link, each.score.total) > (before[0], before[1].score.total):
            judged[each.block] = (link, each)
    if not judged:
        return Choice(Outcome.NEW)
    ordered = sorted(judged.values(), key=lambda each: (-each[0], -each[1].score.total, each[1].block.int))
    sure, best = ordered[0]
    rivals = any(link and best.score.total - each.score.total < _CLEARLY_BETTER for link, each in ordered[1:])
    if sure and not rivals and best.block not in taken:
        return Choice(Outcome.LINKED, (best,))
    why = _TAKEN if best.block in taken else _RIVALS if rivals else why_doubtful(best, at) or DIFFERENT_NUMBERS
    return Choice(Outcome.DOUBTFUL, tuple(each for _, each in ordered[:_MOST_DOUBTS]), why)


def why_doubtful(each: Candidate, at: Thresholds) -> str:
    """Why a person must look at this candidate, in a sentence; empty where nothing speaks against a link."""
    score = each.score
    if rule := rule_against(score.levels, unborn=each.unborn, grown=each.grown, one_family=at.link <= 0):
        return rule
    if each.of_the_family:
        return _OF_THE_FAMILY
    if score.within < at.link_within:
        return "It may be somebody else in the same household"
    return "" if score.total >= at.link else "What matches is not enough to be sure"


def _may_doubt(each: Candidate, at: Thresholds) -> bool:
    """Whoever has the same number is looked at, however unlike: one of the two numbers is wrong."""
    if numbers_agree(each.score.levels):
        return True
    enough = each.score.total >= at.doubt and each.score.within >= at.doubt_within
    return enough and not namesakes(each.score.levels)
