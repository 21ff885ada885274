"""Doubts as a matching hub raises them, on the people that real intake made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import httpx
from lxml import etree

from events.basis import Purpose
from events.description import Adult, Name, Sex
from events.doubt import DoubtDetails, DoubtedPair, PersonDoubted
from events.envelope import Draft, Provenance, stream
from events.log import Append
from hub.arrival import Agency
from hub.bootstrap import refold
from hub.submission import Referral
from tests.web.world import BASES, SCHOOL, TRUST, World, child, referral

REASONS: Final = ("Date of birth matches exactly: strong evidence", "First names differ: some evidence against")
TWINS: Final = "Twins may have names that are nearly the same"
MODEL: Final = "ab" * 32
WHY: Final = "The school knows\nboth & says so."


@dataclass(frozen=True)
class Told:
    """A child that an agency told of: the ids intake gave."""

    person_id: UUID
    family_id: UUID
    submission_id: UUID


async def told(world: World, referral: Referral, agency: Agency = SCHOOL) -> Told:
    """An agency tells of a child; intake finds nobody who is like it, so that the doubts are the test's own."""
    await world.hub.pool.execute("TRUNCATE decide.match_key")
    (decided,) = await world.tell(agency, referral)
    rows = await world.hub.pool.fetch(
        "SELECT type, stream FROM log.event WHERE correlation_id = $1 ORDER BY position DESC", decided.submission_id
    )
    ids = {row["type"]: UUID(row["stream"].partition("/")[2]) for row in rows}
    return Told(ids["person.recorded"], ids["family.opened"], decided.submission_id)


async def looked_up_again(world: World) -> None:
    """Who was told of is found by what they have in common with others, which intake did not see."""
    await world.hub.pool.execute("INSERT INTO decide.unfolded SELECT family_id FROM decide.family")
    await refold(world.hub).all()


async def doubted(
    world: World,
    new: Told,
    *candidates: Told,
    agency: Agency = SCHOOL,
    why: str | None = TWINS,
    within: int | None = 140,
) -> UUID:
    """The new child may be one of these; the id of the doubt."""
    doubt_id = uuid4()
    pairs = tuple(
        DoubtedPair(
            person_id=each.person_id,
            score=1520 - 100 * place,
            reasons=REASONS,
            within=within,
            within_reasons=REASONS[:1],
        )
        for place, each in enumerate(candidates)
    )
    event = PersonDoubted(
        doubt_id=doubt_id,
        person_id=new.person_id,
        family_id=new.family_id,
        submission_id=new.submission_id,
        candidates=tuple(each.person_id for each in candidates),
        details=DoubtDetails(pairs=pairs, why=why, model=MODEL),
    )
    draft = Draft(stream("person", new.person_id), event, world.now, new.person_id)
    await world.hub.log.append(
        Append((draft,), Provenance(agency.code, "test", BASES, Purpose.EARLY_HELP, new.submission_id))
    )
    await world.until_shown()
    return doubt_id


async def a_household(world: World) -> tuple[str, str]:
    """A family known by names alone, told of again by others: the pages of both doubts, the child's first."""
    alone = child(birth=None, address=None)
    mother = Adult(name=Name(given="Ann", family="Madeup"), relationship="mother", sex=Sex.FEMALE)
    await world.tell(SCHOOL, referral(alone, adults=(mother,)))
    await world.tell(TRUST, referral(child(address=None), adults=(mother.model_copy(update={"sex": Sex.NOT_KNOWN}),)))
    await world.until_shown()
    page = await world.page("/doubts")
    first, second = dict.fromkeys(re.findall(r"/doubts/[0-9a-f-]{36}", page))
    return (first, second) if "New: Sam" in await world.read(first) else (second, first)


async def form_of(world: World, address: str) -> dict[str, str]:
    """The hidden fields of the one form on this page."""
    return fields_of(await world.page(address))


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the one form of a page."""
    (form,) = etree.HTML(page).iter("form")
    return {
        field.get("name", ""): field.get("value", "") for field in form.iter("input") if field.get("type") == "hidden"
    }


async def decide(world: World, address: str, **answer: str) -> httpx.Response:
    """Fill the form of a page in, check it, confirm it."""
    checked = await world.client.post(address, data=await form_of(world, address) | {"step": "check"} | answer)
    assert "Check before you decide" in checked.text, checked.text
    return await world.client.post(address, data=fields_of(checked.text) | {"step": "decide"})
