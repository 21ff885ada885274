from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from events.description import Address, Adult, Answer, Birth, ContactPoint, Name
from events.envelope import stream
from hub.submission import Fact, Source
from projections.fold import Unapplied
from projections.parking import Caps, park
from projections.timeline import TIMELINE
from tests.web.world import SCHOOL, TRUST, WEDNESDAY, World, child, lines_in_order, receipt, referral

SECRET = "9 Hidden Court"


async def only_family(world: World) -> str:
    (family,) = await world.families()
    return f"/families/{family}"


async def test_the_page_says_who_what_by_whom_and_on_which_law(world: World) -> None:
    source = Source(practitioner="A. Pretend, designated lead")
    await world.tell(SCHOOL, referral(child(year_group="5", school="199001"), source=source))

    text = await world.read(await only_family(world))

    assert "Family of Sam Madeup" in text
    assert "In the queue of Fenland district team" in text
    assert "Sam Madeup, Child Born 9 April 2016 (10 years) Address 1 Storybook Lane, Marchless, PE13 1VV" in text
    assert "School or setting Elm Pretend School Year group 5" in text
    assert "Referral received by Elm Pretend School, about Sam Madeup" in text
    assert "Concern Sam is missing lessons. Concerns named Behaviour What is asked for A family worker." in text
    assert "Does the family agree? Yes Urgency Routine Told by A. Pretend, designated lead" in text
    assert "UK GDPR Article 6(1)(e): public task; Children Act 2004, section 10" in text
    assert "Purpose Early help for the family" in text
    assert "How this was decided Nobody who is known is like this person" in text
    assert "How this was decided Lives in PE13 (rules of" in text
    assert "Source event " in text


async def test_both_clocks_are_told(world: World) -> None:
    happened = WEDNESDAY - timedelta(days=22)
    await world.tell(SCHOOL, referral(child(), occurred_at=happened))
    await world.tell(SCHOOL, receipt(child(), "Sam came late today."))

    text = await world.read(await only_family(world))

    assert "Happened 3 November 2026; the hub learnt of it 25 November 2026 Learnt later" in text
    assert "Happened 25 November 2026; the hub learnt of it the same day" in text


async def test_days_stand_apart_the_newest_first(world: World) -> None:
    for days, said in ((3, "first"), (1, "third"), (2, "second")):
        await world.tell(SCHOOL, receipt(child(), f"The {said} thing.", occurred_at=WEDNESDAY - timedelta(days=days)))

    text = await world.read(await only_family(world))

    assert lines_in_order(text, ["24 November 2026", "The third thing.", "23 November 2026", "The second thing."])
    assert lines_in_order(text, ["The second thing.", "22 November 2026", "The first thing."])


async def test_the_timeline_is_filtered_by_agency_and_kind(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    await world.tell(TRUST, receipt(child(), "Sam grows well."))
    address = await only_family(world)

    by_trust, referrals = await world.read(f"{address}?agency=trust"), await world.read(f"{address}?kind=REFERRAL")

    assert "Sam grows well." in by_trust
    assert "Sam is missing lessons." not in by_trust
    assert "Remove this filter Agency: Madeup NHS Trust" in by_trust
    assert "Sam is missing lessons." in referrals
    assert "Sam grows well." not in referrals
    assert "There is nothing on this timeline with these filters." in await world.read(
        f"{address}?agency=trust&kind=REFERRAL"
    )


async def test_an_unknown_filter_is_no_filter(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    assert "Sam is missing lessons." in await world.read(f"{await only_family(world)}?agency=x&kind=y&entries=z")


async def test_a_protected_household_shows_no_place_and_no_number(world: World) -> None:
    mother = Adult(
        name=Name(given="Ann", family="Madeup"),
        relationship="mother",
        parental_responsibility=Answer.YES,
        address=Address(lines=(SECRET,), town="Marchless", postcode="PE13 1VV", restricted=True),
        contacts=(ContactPoint(kind="phone", value="07700 900001"),),
    )
    place = (Fact(name="incident-place", value=SECRET),)
    await world.tell(SCHOOL, referral(child(), adults=(mother,), facts=place))
    await world.tell(TRUST, receipt(child(), "Police were called.", facts=place))
    address = await only_family(world)

    page, text = await world.page(address), await world.read(address)

    assert SECRET not in page
    assert "1 Storybook Lane" not in page
    assert "07700 900001" not in page
    assert "Ann Madeup, Mother Address Address protected Contacts Address protected Relationships Mother of Sam" in text
    assert "Parental responsibility Yes for Sam Madeup, told by Elm Pretend School on 25 November 2026" in text
    assert "Where it happened Address protected" in text


async def test_events_that_could_not_be_shown_yet_are_counted(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    (family,) = await world.families()
    assert "Timeline incomplete" not in await world.read(f"/families/{family}")
    records = (await world.hub.log.read_stream(stream("family", family)))[-2:]

    async with world.hub.pool.acquire() as connection:
        await park(connection, TIMELINE.schema, [Unapplied(record, ValueError()) for record in records], Caps())

    assert "Timeline incomplete: 2 events waiting" in await world.read(f"/families/{family}")


async def test_a_family_of_which_nothing_is_known_is_not_found(world: World) -> None:
    assert "Page not found" in await world.read(f"/families/{uuid4()}", 404)
    assert "Page not found" in await world.read("/families/Sam-Madeup", 404)


async def test_a_long_timeline_comes_in_parts(world: World) -> None:
    await world.tell(SCHOOL, *(receipt(child(), f"Thing {number}.") for number in range(203)))
    address = await only_family(world)

    first, all_of_it = await world.page(address), await world.page(f"{address}?entries=400")

    assert f'href="{address}?entries=400"' in first
    assert first.count("moj-timeline__item") == 200
    assert "Show older entries" not in all_of_it
    assert all_of_it.count("Information received</h4>") == 203


async def test_agencies_that_say_different_things_stand_side_by_side(world: World) -> None:
    def mother(answer: Answer, street: str) -> Adult:
        return Adult(
            name=Name(given="Ann", family="Madeup"),
            birth=Birth(date="1988-01-30"),
            relationship="mother",
            parental_responsibility=answer,
            address=Address(lines=(street,), town="Marchless", postcode="PE13 1VV"),
        )

    await world.tell(SCHOOL, referral(child(), adults=(mother(Answer.YES, "1 Storybook Lane"),)))
    world.pass_days(1)
    moved = receipt(child(), "Seen.", adults=(mother(Answer.NO, "2 Fable Row"),), occurred_at=world.now)
    await world.tell(TRUST, moved)

    text = await world.read(await only_family(world))

    assert "Yes for Sam Madeup, told by Elm Pretend School on 25 November 2026" in text
    assert "No for Sam Madeup, told by Madeup NHS Trust on 26 November 2026" in text
    assert "Mother of Sam Madeup, told by Madeup NHS Trust, Elm Pretend School" in text
    assert "Child of Ann Madeup" in text
    assert "Address 2 Fable Row, Marchless, PE13 1VV Told by Madeup NHS Trust, 26 November 2026" in text
    assert "Address 1 Storybook Lane, Marchless, PE13 1VV Told by Elm Pretend School, 25 November 2026" in text


async def test_where_a_family_lived_before_is_told_with_the_day_it_ended(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    world.pass_days(3)
    there = Address(lines=("2 Fable Row",), town="Marchless", postcode="PE13 1VV")
    await world.tell(SCHOOL, receipt(child(address=there), "Moved.", occurred_at=world.now))

    text = await world.read(await only_family(world))

    assert "Address 2 Fable Row, Marchless, PE13 1VV Told by Elm Pretend School, 28 November 2026" in text
    assert "Former address 1 Storybook Lane, Marchless, PE13 1VV" in text
    assert "25 November 2026 to 28 November 2026" in text
