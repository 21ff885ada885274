"""Where somebody lives and lived: several homes at once, each with who told it and since when."""

from __future__ import annotations

from datetime import timedelta

from events.database import Pool
from events.description import Address, Person
from projections.homes import Home
from projections.household import household
from tests.builders import (
    CHILD,
    SCHOOL,
    TUESDAY,
    Story,
    a_family,
    a_referral,
    described_again,
    told,
)
from tests.projections.decisions import people_merged, taken_out
from tests.projections.delivery import shown

PIP = a_family()
DAY = timedelta(days=1)
FIRST = CHILD.address or Address()
SECOND = Address(lines=("2 Elsewhere Row",), town="Quillmere", postcode="PE15 0WW")


def moved(to: Address, agency: str, days: int) -> Story:
    """Told that Pip lives there, so many days later, after the school's first word."""
    story = told(a_referral(PIP))
    return story.tell(described_again(PIP.child_id, Person(address=to), agency=agency, at=TUESDAY + days * DAY))


async def pips_homes(pool: Pool, story: Story) -> tuple[Home, ...]:
    await shown(pool, story.recorded())
    async with pool.acquire() as connection:
        return (await household(connection, PIP.id))[0].homes


async def test_an_agencys_newer_address_ends_its_older_one(pool: Pool) -> None:
    found = await pips_homes(pool, moved(SECOND, SCHOOL, 3))

    assert found == (
        Home(SECOND, TUESDAY + 3 * DAY, None, (SCHOOL,)),
        Home(FIRST, TUESDAY, TUESDAY + 3 * DAY, (SCHOOL,)),
    )


async def test_two_agencies_may_hold_two_homes_at_once(pool: Pool) -> None:
    found = await pips_homes(pool, moved(SECOND, "health.fen", 3))

    assert found == (Home(SECOND, TUESDAY + 3 * DAY, None, ("health.fen",)), Home(FIRST, TUESDAY, None, (SCHOOL,)))


async def test_one_home_told_by_two_stays_while_one_of_them_holds_it(pool: Pool) -> None:
    written = Address(lines=("1, NOWHERE LANE",), postcode="pe15 0vv")
    story = moved(written, "health.fen", 1)
    story.tell(described_again(PIP.child_id, Person(address=SECOND), agency="health.fen", at=TUESDAY + 5 * DAY))

    assert [(home.address.postcode, home.until, home.told_by) for home in await pips_homes(pool, story)] == [
        ("PE15 0WW", None, ("health.fen",)),
        ("PE15 0VV", None, (SCHOOL,)),
    ]


async def test_who_moved_back_lives_there_since_then(pool: Pool) -> None:
    story = moved(SECOND, SCHOOL, 3)
    story.tell(described_again(PIP.child_id, Person(address=FIRST), at=TUESDAY + 9 * DAY))

    assert [(home.address, home.since, home.until) for home in await pips_homes(pool, story)] == [
        (FIRST, TUESDAY + 9 * DAY, None),
        (SECOND, TUESDAY + 3 * DAY, TUESDAY + 9 * DAY),
    ]


async def test_a_merge_brings_the_homes_of_both_and_a_taken_out_one_is_gone(pool: Pool) -> None:
    other = a_family(2, child=CHILD.model_copy(update={"address": SECOND}))
    story = told(a_referral(PIP), a_referral(other, "other", agency="health.fen"))
    story.tell(people_merged(PIP.child_id, other.child_id))
    both = await pips_homes(pool, story)
    left = await pips_homes(pool, story.tell(taken_out(other, "other", a_family(3))))

    assert {home.address for home in both} == {FIRST, SECOND}
    assert [home.address for home in left] == [FIRST]
