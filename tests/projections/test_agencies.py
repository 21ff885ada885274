"""Which agencies take part."""

from __future__ import annotations

from events.agency import AgencySuspended
from events.database import Pool
from events.envelope import Draft
from events.log import Append
from projections.agencies import AGENCIES, AGENCY, Agency, agencies
from tests.builders import TUESDAY, an_agency, told
from tests.projections.delivery import rows, shown


def suspended(code: str) -> Append:
    """The agency may not send any more."""
    return Append((Draft(f"agency/{code}", AgencySuspended(code=code), TUESDAY),), an_agency(code).provenance)


def test_a_suspended_agency_keeps_its_title() -> None:
    story = told(an_agency("school.elm", "Elm (invented)"), suspended("school.elm"))

    assert rows(AGENCIES, story.recorded(), AGENCY) == [("school.elm", "SCHOOL", "Elm (invented)", "0", True)]


def test_registering_anew_lifts_a_suspension() -> None:
    story = told(an_agency("school.elm", "Elm"), suspended("school.elm"), an_agency("school.elm", "Elm (invented)"))

    assert rows(AGENCIES, story.recorded(), AGENCY) == [("school.elm", "SCHOOL", "Elm (invented)", "0", False)]


async def test_agencies_are_listed_by_title(pool: Pool) -> None:
    await shown(pool, told(an_agency("b", "Ash (invented)"), an_agency("a", "Birch (invented)")).recorded())

    async with pool.acquire() as connection:
        found = await agencies(connection)

    assert found == [
        Agency("b", "SCHOOL", "Ash (invented)", "0", suspended=False),
        Agency("a", "SCHOOL", "Birch (invented)", "0", suspended=False),
    ]
