"""Which ids are one, what is in doubt, and what was decided: right at once, undone at any time, nothing rewritten."""

from __future__ import annotations

from datetime import date, timedelta

from events.database import Pool
from events.doubt import DoubtOutcome
from projections.belonging import Block, block_of_family, blocks_of_people
from projections.doubts import DoubtCount, count_open, doubt, open_doubts, open_doubts_of
from projections.identity import (
    DECISION,
    DOUBT,
    FAMILY_ALIAS,
    IDENTITY,
    PERSON_ALIAS,
    TAKEN_OUT,
    TAKEN_OUT_PERSON,
    DecisionKind,
    DecisionRow,
    DoubtRow,
)
from projections.identity_history import decision, identity_history
from tests.builders import ERASED_ON, TUESDAY, Story, a_family, a_referral, an_agency, an_id, told
from tests.projections.decisions import (
    REVIEWER,
    WHY,
    a_doubt,
    a_pair,
    doubt_id,
    families_merged,
    families_split,
    people_merged,
    people_split,
    settled,
    taken_out,
    together,
)
from tests.projections.delivery import rows, shown

ONE, TWO, THREE = a_family(1), a_family(2), a_family(3)
DAY = timedelta(days=1)


def three_families() -> Story:
    """Three families that nobody has looked at yet."""
    return told(an_agency(), a_referral(ONE, "one"), a_referral(TWO, "two"), a_referral(THREE, "three"))


def merged_and_split() -> Story:
    """Two and three were found to be one; then three was found not to be."""
    return (
        three_families()
        .tell(together(people_merged(ONE.child_id, TWO.child_id), families_merged(ONE, TWO)), at=TUESDAY + DAY)
        .tell(families_merged(ONE, THREE, decision="second merge"), at=TUESDAY + 2 * DAY)
        .tell(families_split(THREE, THREE, undoes="second merge"), at=TUESDAY + 3 * DAY)
    )


def test_the_newest_word_on_an_ids_own_stream_is_where_it_belongs() -> None:
    story = merged_and_split().recorded()

    assert [row[:2] for row in rows(IDENTITY, story, FAMILY_ALIAS)] == sorted(
        [(TWO.id, ONE.id), (THREE.id, THREE.id)], key=lambda row: repr(row[:1])
    )
    assert [row[:2] for row in rows(IDENTITY, story, PERSON_ALIAS)] == [(TWO.child_id, ONE.child_id)]


def test_what_was_taken_out_is_void_of_the_family_and_of_each_of_its_people() -> None:
    story = three_families().tell(taken_out(ONE, "one", TWO)).recorded()

    assert rows(IDENTITY, story, TAKEN_OUT) == [(an_id("one"), ONE.id)]
    assert {row[1] for row in rows(IDENTITY, story, TAKEN_OUT_PERSON)} == {ONE.child_id, ONE.adult_id}


def test_the_first_word_settles_a_doubt() -> None:
    story = three_families().tell(a_doubt(TWO, ONE.child_id, of="two"), settled(TWO.child_id, ONE.child_id))
    story.tell(settled(TWO.child_id, decision="too late"), at=TUESDAY + DAY)

    (row,) = (DoubtRow(*row) for row in rows(IDENTITY, story.recorded(), DOUBT))

    assert (row.outcome, row.same_as, row.decision_id) == ("SAME", ONE.child_id, an_id("settled"))


def test_erasure_leaves_that_it_was_decided_and_not_why() -> None:
    story = merged_and_split().tell(a_doubt(TWO, ONE.child_id, of="two"), settled(TWO.child_id))
    erased = story.recorded(erased={TWO.child_id, TWO.matter_id, THREE.matter_id})

    (row,) = (DoubtRow(*row) for row in rows(IDENTITY, erased, DOUBT))
    decisions = [DecisionRow(*row) for row in rows(IDENTITY, erased, DECISION)]

    assert (row.details, row.reason, row.erased_since, row.outcome) == (None, None, ERASED_ON, "DIFFERENT")
    assert {(each.reason, each.erased_since) for each in decisions} == {(None, ERASED_ON)}
    assert rows(IDENTITY, erased, FAMILY_ALIAS) == rows(IDENTITY, story.recorded(), FAMILY_ALIAS)


async def test_every_id_of_an_identity_finds_all_of_it(pool: Pool) -> None:
    await shown(pool, merged_and_split().recorded())

    async with pool.acquire() as connection:
        families = [await block_of_family(connection, family.id) for family in (ONE, TWO, THREE)]
        people = await blocks_of_people(connection, [ONE.child_id, TWO.child_id, THREE.child_id, an_id("nobody")])

    one = Block(ONE.id, (ONE.id, TWO.id))
    assert families == [one, one, Block(THREE.id, (THREE.id,))]
    assert people == {
        ONE.child_id: Block(ONE.child_id, (ONE.child_id, TWO.child_id)),
        TWO.child_id: Block(ONE.child_id, (ONE.child_id, TWO.child_id)),
        THREE.child_id: Block(THREE.child_id, (THREE.child_id,)),
        an_id("nobody"): Block(an_id("nobody"), (an_id("nobody"),)),
    }


async def test_a_doubt_waits_with_its_candidates_and_where_they_belong_now(pool: Pool) -> None:
    story = three_families().tell(a_doubt(THREE, ONE.child_id, TWO.child_id, of="three"))
    story.tell(families_merged(ONE, TWO), at=TUESDAY + DAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        page = await open_doubts(connection, TUESDAY + 2 * DAY)
        count = await count_open(connection, TUESDAY + 2 * DAY)
        of_family = await open_doubts_of(connection, TUESDAY + 2 * DAY, [THREE.id])

    (found,) = page.doubts
    assert (page.number, page.pages, page.total, count) == (1, 1, 1, DoubtCount(1, 1))
    assert (found.person_id, found.family_id, found.submission_id) == (THREE.child_id, THREE.id, an_id("three"))
    assert (found.agency_title, found.raised_at) == ("Quillmere Primary School (invented)", TUESDAY)
    assert (found.due_on, found.overdue, found.settled, found.model) == (date(2026, 11, 25), True, None, "ab" * 32)
    assert (found.why, found.reopened) == ("Only names match", None)
    assert [(each.person_id, each.family_ids, each.pair) for each in found.candidates] == [
        (ONE.child_id, (ONE.id,), a_pair(ONE.child_id, 1240)),
        (TWO.child_id, (ONE.id,), a_pair(TWO.child_id, 1140)),
    ]
    assert of_family == page.doubts


async def test_a_settled_doubt_and_one_about_what_was_taken_out_wait_no_more(pool: Pool) -> None:
    story = three_families().tell(a_doubt(TWO, ONE.child_id, of="two"), a_doubt(THREE, ONE.child_id, of="three"))
    story.tell(settled(TWO.child_id, ONE.child_id), taken_out(THREE, "three", ONE), at=TUESDAY + DAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        page = await open_doubts(connection, TUESDAY)
        found = await doubt(connection, doubt_id(TWO.child_id), TUESDAY)
        none = await doubt(connection, an_id("no doubt"), TUESDAY)

    assert (page.doubts, page.total, none) == ((), 0, None)
    assert found is not None
    assert found.settled is not None
    assert (found.settled.outcome, found.settled.same_as) == (DoubtOutcome.SAME, ONE.child_id)
    assert (found.settled.at, found.settled.actor, found.settled.reason) == (TUESDAY + DAY, REVIEWER, WHY)


async def test_both_sides_of_a_decision_tell_its_history_after_it_was_undone(pool: Pool) -> None:
    await shown(pool, merged_and_split().recorded())

    async with pool.acquire() as connection:
        one, two, three = [await identity_history(connection, family.id) for family in (ONE, TWO, THREE)]

    assert [(each.kind, each.decision_id, each.undoes, each.undone_by) for each in one] == [
        (DecisionKind.SPLIT, an_id("split"), an_id("second merge"), None),
        (DecisionKind.MERGED, an_id("second merge"), None, an_id("split")),
        (DecisionKind.MERGED, an_id("merge"), None, None),
    ]
    assert one == two
    assert [each.decision_id for each in three] == [an_id("split"), an_id("second merge")]
    first = one[-1]
    assert (first.people, first.families) == ((TWO.child_id, ONE.child_id), (TWO.id, ONE.id))
    assert (first.at, first.actor, first.reason) == (TUESDAY + DAY, REVIEWER, WHY)


async def test_a_split_that_undoes_nothing_stands_in_the_history_of_those_it_left(pool: Pool) -> None:
    story = (
        three_families().tell(people_merged(ONE.child_id, TWO.child_id)).tell(people_split(TWO.child_id, TWO.child_id))
    )
    await shown(pool, story.tell(taken_out(ONE, "one", THREE)).recorded())

    async with pool.acquire() as connection:
        one = await identity_history(connection, ONE.id)
        taken = await decision(connection, an_id("taken out"))
        three = await identity_history(connection, THREE.id)

    assert [each.kind for each in one] == [DecisionKind.TAKEN_OUT, DecisionKind.SPLIT, DecisionKind.MERGED]
    assert taken == one[0]
    assert (taken.submission_id, taken.families) == (an_id("one"), (ONE.id, THREE.id))
    assert three == [taken]


def test_named_rows_have_the_columns_of_their_tables() -> None:
    assert DoubtRow._fields == DOUBT.column_names
    assert DecisionRow._fields == DECISION.column_names
