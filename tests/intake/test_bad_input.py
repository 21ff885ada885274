"""What agencies really send as names, addresses and numbers, through the whole intake on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from uuid import UUID

import pytest

from events.description import Address
from hub.arrival import Outcome
from hub.bootstrap import Hub
from tests.deciders.test_whose_family import invented_name
from tests.intake.looking import Watched, watching
from tests.intake.words import TRUST, a_child, a_receipt, a_referral, an_adult, an_arrival, nhs

NAMES = {
    "empty": "",
    "blank": " \u00a0\u2003",
    "700 letters": "x" * 700,
    "700 words": "Sam " * 175,
    "one letter": "S",
    "one letter of another script": "李",
    "emoji": "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "right to left": "שם בדוי",
    "right to left with marks": "\u202eאבג\u202c \u200fSam",
    "percent": "%",
    "underscore": "_",
    "star": "*",
    "wildcards": "%_*?%%",
    "regular expression": ".*(a+)+$",
    "quotes": "'; DROP TABLE decide.person; --",
    "backslash": "\\",
    "400 marks on one letter": "a" + "\u0301" * 400,
    "no name": "Unknown",
}
# Whoever may be one of those compared: 16 that have most in common or 40 of one number, with four descriptions each,
# and once more inside the family.
MOST_SCORED = 4 * (16 + 40)
MOST_READ = 16 + 40 + 40
MOST_ASKED = 6


@pytest.fixture
def watched(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with watching(hub, monkeypatch) as found:
        yield found


async def people(hub: Hub) -> list[UUID]:
    rows = await hub.pool.fetch("SELECT person_id FROM decide.person ORDER BY number")
    return [row["person_id"] for row in rows]


async def homes(hub: Hub) -> int:
    found: int = await hub.pool.fetchval("SELECT count(*) FROM decide.family")
    return found


async def doubts(hub: Hub) -> int:
    found: int = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'person.doubted'")
    return found


def assert_no_more_work_for_later_ones(watched: Watched, at_once: int = 1) -> None:
    looked = watched.looked
    assert max(looked.scored) <= at_once * MOST_SCORED
    assert max(looked.people) <= at_once * MOST_READ
    assert max(looked.statements) <= MOST_ASKED, "however many arrive together and whoever is known"


@pytest.mark.parametrize("field", ["given", "family"])
async def test_any_name_is_taken_and_makes_nobody_another(watched: Watched, field: str) -> None:
    ordinary = [a_receipt(a_child(given, family)) for given, family in (("Sam", "Madeup"), ("Xan", "Percent"))]
    await watched.told([an_arrival(told) for told in ordinary])
    told = [
        a_referral(a_child(**{field: name}, born=f"2012-03-{day + 1:02}", postcode=f"CB{day + 1} 7CK"))
        for day, name in enumerate(NAMES.values())
    ]

    answers = await watched.told([an_arrival(each) for each in told])
    again = await watched.told([an_arrival(each) for each in told])

    ends = {name: answer.outcome for name, answer in zip(NAMES, answers, strict=True)}
    assert set(ends.values()) <= {Outcome.ACCEPTED, Outcome.REVIEW}
    assert ends["700 letters"] is ends["emoji"] is ends["percent"] is Outcome.ACCEPTED
    assert [each.outcome for each in again] == [each.outcome for each in answers]
    assert await homes(watched.hub) == 2 + sum(each is Outcome.ACCEPTED for each in ends.values())
    assert_no_more_work_for_later_ones(watched)


async def test_a_wildcard_finds_nobody(watched: Watched) -> None:
    await watched.told(
        [an_arrival(a_referral(a_child(*invented_name(n), f"2015-{n % 12 + 1:02}-{n % 28 + 1:02}"))) for n in range(60)]
    )
    known, asked = await people(watched.hub), await doubts(watched.hub)

    wild = [a_child(sign, sign, born=None, postcode=None) for sign in ("%", "_", "*", "%%", "____", ".*")]
    answers = await watched.told([an_arrival(a_receipt(child), TRUST) for child in wild])

    accepted = sum(answer.outcome is Outcome.ACCEPTED for answer in answers)
    assert len(await people(watched.hub)) == len(known) + accepted, "each is new"
    assert await doubts(watched.hub) == asked
    assert watched.looked.people[-len(wild) :] == [0] * len(wild)


async def test_a_thousand_people_at_one_hostel_cost_no_more_than_a_hundred(watched: Watched) -> None:
    hostel = Address(lines=("1 Hostel Road",), postcode="PE1 9VV")
    born = [f"{2_009 + n % 10}-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(1_000)]
    guests = [a_child(*invented_name(n), born[n]).model_copy(update={"address": hostel}) for n in range(1_000)]

    await watched.told([an_arrival(a_referral(guest)) for guest in guests], at_once=50)

    assert_no_more_work_for_later_ones(watched, at_once=50)
    scored = watched.looked.scored
    assert sum(scored[10:]) <= 2 * sum(scored[:10]) + 1_000, "the second half of the house costs what the first did"
    assert await homes(watched.hub) >= 990
    assert len(await people(watched.hub)) == 1_000

    before = await doubts(watched.hub)
    again = Random(1).sample(guests, 40)
    await watched.told([an_arrival(a_receipt(guest, summary="Seen."), TRUST) for guest in again])

    asked = await doubts(watched.hub) - before
    assert len(await people(watched.hub)) == 1_000 + asked, "each is known again, or somebody is asked"
    assert max(watched.looked.scored[-40:]) <= MOST_SCORED


async def test_a_school_whose_pupils_all_have_one_birthday_are_as_many_children(watched: Watched) -> None:
    pupils = [
        a_child(*invented_name(n), "2015-01-01", postcode=f"PE{n % 20 + 1} {n % 9 + 1}VV", school="Invented Primary")
        for n in range(300)
    ]
    await watched.told([an_arrival(a_receipt(pupil)) for pupil in pupils], at_once=30)
    assert len(await people(watched.hub)) == 300
    before = await doubts(watched.hub)

    told = [an_arrival(a_receipt(pupil, summary="Seen in clinic."), TRUST) for pupil in pupils[:60]]
    await watched.told(told)

    asked = await doubts(watched.hub) - before
    assert len(await people(watched.hub)) == 300 + asked, "each is known again, or somebody is asked"
    assert_no_more_work_for_later_ones(watched, at_once=30)


async def test_a_number_that_sixty_records_share_identifies_nobody(watched: Watched) -> None:
    shared = (nhs("9000000009"),)
    children = [
        a_child(
            *invented_name(n), f"20{n % 10 + 10}-03-{n % 28 + 1:02}", postcode=f"CB{n % 20 + 1} 7CK", identifiers=shared
        )
        for n in range(60)
    ]
    told = [a_referral(child, adults=(an_adult(*invented_name(n + 500)),)) for n, child in enumerate(children)]

    await watched.told([an_arrival(each) for each in told])

    assert await homes(watched.hub) == 60, "nobody is put into another's family by the number alone"
    assert await doubts(watched.hub) >= 39, "as long as the number tells anything, somebody is asked"
    assert_no_more_work_for_later_ones(watched)
    assert max(watched.looked.scored[-15:]) <= MOST_SCORED / 4, "a number that too many have is not looked by"
