"""Who people are: many descriptions of one person, households, and what protected people keep to themselves."""

from __future__ import annotations

from datetime import timedelta

from events.database import Pool
from events.description import Address, Birth, ContactPoint, Identifier, IdentifierScheme, Name, Person
from projections.household import Member, found_of, household, names
from projections.people import DESCRIPTION, MEMBER, PEOPLE, DescriptionRow
from projections.reading import sql
from tests.builders import (
    CHILD,
    ERASED_ON,
    MOTHER,
    SCHOOL,
    TUESDAY,
    Family,
    Story,
    a_family,
    a_referral,
    a_review,
    an_agency,
    an_id,
    an_information_receipt,
    described_again,
    told,
)
from tests.projections.delivery import rows, shown

PIP = a_family()
LATER = TUESDAY + timedelta(days=7)
EARLIER = TUESDAY - timedelta(days=7)


async def the_child(pool: Pool, story: Story, family: Family = PIP) -> Member:
    """The child, as all that was told makes them."""
    await shown(pool, story.recorded())
    async with pool.acquire() as connection:
        return next(each for each in await household(connection, family.id) if each.person_id == family.child_id)


async def test_a_later_description_updates_and_leaves_what_it_does_not_say(pool: Pool) -> None:
    moved = Person(
        name=Name(given="Pip", family="Thistlewick"),
        address=Address(town="Marchwick"),
        identifiers=(Identifier(scheme=IdentifierScheme.NHS_NUMBER, value="9434765919", valid=True),),
    )

    story = told(a_referral(PIP), described_again(PIP.child_id, moved, agency="health.fen", at=LATER))
    pip = await the_child(pool, story)

    said = pip.person
    assert (said.name.given, said.name.family, said.school) == ("Pip", "Thistlewick", CHILD.school)
    assert said.address == Address(town="Marchwick")
    assert {found.scheme.value for found in said.identifiers} == {"UPN", "NHS_NUMBER"}
    assert pip.former_names == (Name(given="Pip", family="Quillmere"),)
    assert (pip.recorded_by, pip.described_at) == ("health.fen", LATER)


async def test_a_description_that_arrives_late_only_fills_in(pool: Pool) -> None:
    earlier = Person(name=Name(given="Philip", family="Quillmere", middle="Rowan"), year_group="4", language="Welsh")

    story = told(a_referral(PIP), described_again(PIP.child_id, earlier, agency="health.fen", at=EARLIER))
    pip = await the_child(pool, story)

    said = pip.person
    assert (said.name.given, said.name.middle, said.year_group, said.language) == ("Pip", "Rowan", "5", "Welsh")
    assert pip.former_names == (Name(given="Philip", family="Quillmere"),)
    assert (pip.recorded_by, pip.described_at) == (SCHOOL, TUESDAY)


async def test_a_child_once_unborn_is_born(pool: Pool) -> None:
    unborn = a_family(child=Person(unborn=True, birth=Birth(date="2026-12-20", expected=True)))
    born = Person(name=Name(given="Wren", family="Quillmere"), birth=Birth(date="2026-12-12"))

    story = told(a_referral(unborn), described_again(unborn.child_id, born, at=LATER))
    wren = await the_child(pool, story)

    assert (wren.person.unborn, wren.person.birth) == (False, Birth(date="2026-12-12"))


async def test_who_names_somebody_without_a_new_description_told_the_last_one(pool: Pool) -> None:
    """Intake records a description only where it differs from the one before."""
    story = told(a_referral(PIP), an_information_receipt(PIP, agency="health.fen", at=LATER))

    pip = await the_child(pool, story)

    assert (pip.recorded_by, pip.described_at, pip.person.name) == ("health.fen", LATER, CHILD.name)
    assert [(home.since, home.told_by) for home in pip.homes] == [(TUESDAY, (SCHOOL, "health.fen"))]


def test_an_erased_person_is_an_id_and_a_date() -> None:
    story = told(a_referral(PIP), described_again(PIP.child_id, CHILD, at=LATER))

    found = [DescriptionRow(*row) for row in rows(PEOPLE, story.recorded(erased={PIP.child_id}), DESCRIPTION)]

    erased = [row for row in found if row.person_id == PIP.child_id]
    assert [(row.kind, row.described, row.erased_since) for row in erased] == [(None, None, ERASED_ON)] * 2
    assert [row.person_id for row in found if row.erased_since is None] == [PIP.adult_id]


def test_an_erased_matter_leaves_who_belongs_together_and_not_why() -> None:
    found = rows(PEOPLE, told(a_referral(PIP)).recorded(erased={PIP.matter_id}), MEMBER)

    assert [(row[1], row[6:]) for row in found] == [
        (person_id, (None, None, None, ERASED_ON))
        for person_id in sorted((PIP.child_id, PIP.adult_id), key=lambda i: repr((PIP.id, i)))
    ]


async def test_a_household_has_the_children_first_with_names_and_how_they_are_known(pool: Pool) -> None:
    await shown(pool, told(an_agency(), a_referral(PIP), a_referral(a_family(2), "other")).recorded())

    async with pool.acquire() as connection:
        child, mother = await household(connection, PIP.id)

    assert (child.display_name, mother.display_name) == ("Pip Quillmere", "Odette Quillmere")
    assert child.person.address == CHILD.address
    assert mother.person.contacts == MOTHER.contacts
    assert mother.person.relationship == "mother"
    assert (child.method, child.reasons) == ("NEW", ("No identifier is known",))
    assert child.recorded_by_title == "Quillmere Primary School (invented)"


async def test_where_one_is_protected_nobodys_address_or_telephone_is_shown(pool: Pool) -> None:
    refuge = Address(lines=("9 Hidden Row",), town="Marchwick", restricted=True)
    fled = a_family(adult=MOTHER.model_copy(update={"address": refuge}))
    await shown(pool, told(a_referral(fled)).recorded())

    async with pool.acquire() as connection:
        members = await household(connection, fled.id)

    assert [(member.hidden, member.person.address, member.person.contacts) for member in members] == [
        (True, None, ())
    ] * 2


async def test_who_was_erased_or_is_not_carried_yet_may_have_been_protected(pool: Pool) -> None:
    erased, early = a_family(1), a_family(2)
    story = told(a_referral(erased), a_referral(early, "early"))
    await shown(pool, story.recorded(erased={erased.adult_id}))

    async with pool.acquire() as connection:
        await connection.execute(sql("DELETE FROM {people}.description WHERE person_id = $1", PEOPLE), early.adult_id)
        found = [await household(connection, family.id) for family in (erased, early)]

    assert [(member.hidden, member.person.address) for members in found for member in members] == [(True, None)] * 4


async def test_a_protected_telephone_is_left_out_and_the_other_one_shown(pool: Pool) -> None:
    safe = ContactPoint(kind="phone", value="01632 960002")
    contacts = (ContactPoint(kind="phone", value="01632 960001", restricted=True), safe)
    family = a_family(adult=MOTHER.model_copy(update={"contacts": contacts}))
    again = described_again(family.adult_id, MOTHER, at=LATER)  # tells the first one as if it were harmless
    await shown(pool, told(a_referral(family), again).recorded())

    async with pool.acquire() as connection:
        _, mother = await household(connection, family.id)

    assert mother.person.contacts == (safe,)


async def test_everybody_asked_for_has_words_to_be_called_by(pool: Pool) -> None:
    unborn = a_family(2, child=Person(unborn=True))
    story = told(a_referral(PIP), a_referral(unborn, "other"))
    await shown(pool, story.recorded(erased={PIP.adult_id}))
    asked = {
        PIP.child_id: "Pip Quillmere",
        PIP.adult_id: "Erased",
        unborn.child_id: "Unborn child",
        an_id("nobody"): "Name not known",
    }

    async with pool.acquire() as connection:
        found = await names(connection, list(asked))

    assert {person_id: named.display_name for person_id, named in found.items()} == asked


async def test_what_could_be_read_of_somebody_not_placed_stands_with_the_people(pool: Pool) -> None:
    story = told(a_review("first"), a_review("second"))
    await shown(pool, story.recorded(erased={an_id("second")}))

    async with pool.acquire() as connection:
        found = await found_of(connection, [an_id("first"), an_id("second")])

    assert found == {an_id("first"): {"family name": "Quillmere"}}
