"""An invented week through connectors and decisions, held against the truth about who is in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from events.doubt import DoubtDetails
from events.referral import Channel
from hub.arrival import Agency, Arrival
from hub.connectors import CONNECTORS
from hub.matching.known import Known
from hub.submission import Item
from hub.synth.week import AgencyFile, Week, content
from tests.deciders.deciding import decided, doubts
from tests.intake.words import INDEX


@dataclass
class Judged:
    """Which true families stand in each of the hub's, the other way round, and where somebody has to look."""

    parts: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    true_families: defaultdict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    true_children: defaultdict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    families: defaultdict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    doubtful: set[UUID] = field(default_factory=set)
    doubts: int = 0
    whys: Counter[str | None] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def judged() -> Judged:
    found, known = Judged(), Known()
    for file in Week(300, 2, date(2026, 11, 23)):
        if not file.again:
            truth = {each.item: each for each in file.truth}
            for item in CONNECTORS[file.format].read(BytesIO(content(file))):
                decision = decided(arrival(file, item), known)
                found.parts += 1
                found.outcomes[decision.outcome.value] += 1
                if (household := decision.household) is not None:
                    family, told = household.family_id, truth[item.number]
                    found.true_families[family].add(told.family)
                    found.true_children[household.people[0]].add(told.person)
                    found.families[told.family].add(family)
                    found.doubts += len(doubts(household))
                    found.whys.update(
                        each.details.why for each in doubts(household) if isinstance(each.details, DoubtDetails)
                    )
                    found.doubtful |= {doubt.family_id for doubt in doubts(household)}
    return found


def arrival(file: AgencyFile, item: Item) -> Arrival:
    agency = file.agency
    registered = Agency(
        agency.code, agency.kind, agency.name, agency.identifier, frozenset(agency.purposes), frozenset(agency.bases)
    )
    submission_id = uuid4()
    return Arrival(
        agency=registered,
        actor="test",
        channel=Channel.FILE,
        format=file.format,
        submission_id=submission_id,
        correlation_id=submission_id,
        received_at=file.at,
        idempotency=INDEX.hex("test", submission_id.bytes),
        fingerprint="",
        read=item.read,
        part=item.number,
    )


def test_whoever_is_asked_is_told_why(judged: Judged) -> None:
    assert judged.whys.total() == judged.doubts > 0
    assert all(judged.whys), "a doubt without a sentence"


def test_no_two_families_are_taken_for_one_and_no_two_children(judged: Judged) -> None:
    assert [families for families in judged.true_families.values() if len(families) > 1] == []
    assert [children for children in judged.true_children.values() if len(children) > 1] == []


def test_a_family_that_stands_twice_is_one_that_somebody_is_asked_about(judged: Judged) -> None:
    twice = [families for families in judged.families.values() if len(families) > 1]
    unasked = [families for families in twice if families.isdisjoint(judged.doubtful)]
    assert len(twice) <= 0.035 * len(judged.families)
    assert len(unasked) <= 1


def test_few_are_doubted_and_few_go_to_review(judged: Judged) -> None:
    assert judged.doubts <= 0.08 * judged.parts
    assert judged.outcomes["review"] <= 0.04 * judged.parts
    assert judged.outcomes["accepted"] > 0.94 * judged.parts
