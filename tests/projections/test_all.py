"""What holds for every read model that is listed."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

import projections
from events.catalogue import CATALOGUE
from events.codec import key_ids, opened
from events.database import Pool
from events.description import Name
from events.log import Append
from projections import ALL
from projections.agencies import AGENCIES
from projections.people import DESCRIPTION, PEOPLE, DescriptionRow
from projections.projection import Projection
from projections.queues import ENTRY, EntryRow
from projections.submissions import SUBMISSION, SubmissionRow
from tests.builders import (
    CHILD,
    MOTHER,
    Story,
    a_family,
    a_referral,
    a_refusal,
    a_review,
    a_withdrawal,
    an_acknowledgement,
    an_agency,
    an_amendment,
    an_information_receipt,
    described_again,
    told,
)
from tests.projections.decisions import (
    WHY,
    a_doubt,
    families_merged,
    families_split,
    people_merged,
    people_split,
    settled,
    taken_out,
)
from tests.projections.delivery import rows, shown
from tests.spec import ERASED, in_memory, rows_of

CANARY = "Zwitterquill"
PIP = a_family(
    child=CHILD.model_copy(update={"name": Name(given=CANARY, family=CANARY)}),
    adult=MOTHER.model_copy(update={"name": Name(given=CANARY, family=CANARY)}),
)

OTHER = a_family(2)


def one_of_each() -> tuple[Append, ...]:
    """One of every event that some read model shows."""
    return (
        an_agency(),
        a_referral(PIP),
        described_again(PIP.child_id, PIP.child),
        an_information_receipt(PIP),
        an_amendment(PIP),
        an_acknowledgement(PIP),
        a_withdrawal(PIP),
        a_review(),
        a_refusal(),
        *(a_referral(OTHER, "other"), a_doubt(OTHER, PIP.child_id, of="other"), settled(OTHER.child_id, PIP.child_id)),
        *(people_merged(PIP.child_id, OTHER.child_id), families_merged(PIP, OTHER)),
        *(people_split(OTHER.child_id, OTHER.child_id), families_split(OTHER, OTHER)),
        taken_out(PIP, "receipt", OTHER, people=[PIP.child_id]),
    )


def everything() -> Story:
    """A story with one of each."""
    return told(*one_of_each())


def test_the_story_has_one_of_every_event_that_some_model_shows() -> None:
    shown_somewhere = {kind for projection in ALL for kind in projection.handlers}
    happened = {type(recorded.event) for recorded in everything().recorded()}
    assert {kind.event_name for kind in shown_somewhere - happened} == {"agency.suspended"}
    assert shown_somewhere <= set(CATALOGUE.values())


def test_every_read_model_of_the_package_is_listed_once() -> None:
    found = {
        value.schema
        for module in pkgutil.iter_modules(projections.__path__)
        for value in vars(import_module(f"projections.{module.name}")).values()
        if isinstance(value, Projection)
    }
    assert sorted(projection.schema for projection in ALL) == sorted(found)


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_a_row_follows_one_stream_and_nothing_depends_on_order_across_streams(projection: Projection) -> None:
    streams: dict[tuple[object, ...], set[str]] = {}
    for recorded in everything().recorded():
        for operation in projection.operations(recorded):
            streams.setdefault((operation.table.name, *operation.key), set()).add(recorded.record.stream)
    assert streams
    assert {place: of for place, of in streams.items() if len(of) > 1} == {}


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_no_handler_raises_when_every_key_is_destroyed(projection: Projection) -> None:
    for table in projection.tables:
        assert rows(projection, everything().recorded(all_erased=True), table)


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_which_rows_there_are_does_not_depend_on_what_is_sealed(projection: Projection) -> None:
    whole = everything().recorded()
    records = [each.record for each in whole]
    erased = opened(records, dict.fromkeys(key_ids(records), ERASED))

    for table in projection.tables:
        keys = [[row[: table.key] for row in in_memory(projection, told)[table.name]] for told in (whole, erased)]
        assert keys[0] == keys[1], "a row whose key is erased with it could not be found again"


async def test_names_stand_in_the_people_model_alone(pool: Pool) -> None:
    await shown(pool, everything().recorded())

    holders = {projection.name for projection in ALL if CANARY in repr(await rows_of(pool, projection))}

    assert holders == {PEOPLE.name}


async def test_nothing_that_was_told_is_left_once_the_keys_are_destroyed(pool: Pool) -> None:
    """Words of the story, by what they were sealed under: the matter, the person, the review."""
    words = (
        "missing lessons",
        "every Monday",
        "71 of 100",
        "Lives in PE15",
        "asked us to",
        CANARY,
        "Nowhere",
        "no-family",
        "sound alike",
        WHY,
    )

    await shown(pool, everything().recorded(all_erased=True))

    left = {projection.name: repr(await rows_of(pool, projection)) for projection in ALL if projection is not AGENCIES}
    assert {word for word in words for text in left.values() if word in text} == set()


def test_named_rows_have_the_columns_of_their_tables() -> None:
    assert DescriptionRow._fields == DESCRIPTION.column_names
    assert EntryRow._fields == ENTRY.column_names
    assert SubmissionRow._fields == SUBMISSION.column_names
