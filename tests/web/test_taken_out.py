"""A submission linked to the wrong family is taken out: the pages of both families are right at once."""

from __future__ import annotations

from uuid import UUID, uuid4

from events.description import Address, Adult, ContactPoint, Identifier, IdentifierScheme, Name
from hub.identity.commands import TakeOut
from hub.identity.deciding import decide_identity
from projections import ALL
from projections.progress import wait_for
from tests.waiting import LONG
from tests.web.world import CENTRAL, SCHOOL, TRUST, World, child, lines_in_order, receipt, referral

NUMBER = (Identifier(scheme=IdentifierScheme.NHS_NUMBER, value="9990000018"),)
AUNT = Adult(
    name=Name(given="Wilma", family="Oddlow"),
    relationship="aunt",
    contacts=(ContactPoint(kind="phone", value="01632 960077"),),
)


async def take_out(world: World, submission_id: UUID) -> None:
    """A reviewer finds that it was not about this family."""
    command = TakeOut(submission_id=submission_id, actor="reviewer", reason="Another Sam Madeup", key=uuid4().hex)
    done = await decide_identity(world.hub, command)
    assert await wait_for(world.hub.pool, done.places, ALL, LONG)


async def test_what_was_told_of_another_child_leaves_the_family_and_asks_for_help_elsewhere(world: World) -> None:
    sam = child(postcode=CENTRAL, identifiers=NUMBER)
    await world.tell(SCHOOL, referral(sam, concern="Sam is missing lessons."))
    elsewhere = sam.model_copy(update={"address": Address(lines=("8 Otherplace",), postcode=CENTRAL)})
    (wrong,) = await world.tell(TRUST, referral(elsewhere, concern="Sam does not eat.", adults=(AUNT,)))
    (family,) = await world.families()
    before = await world.read(f"/families/{family}")

    await take_out(world, wrong.submission_id)

    right, new = [await world.read(f"/families/{each}") for each in await world.families()]
    for word in ("does not eat", "Wilma Oddlow", "8 Otherplace", "01632 960077"):
        assert (word in before, word in right, word in new) == (True, False, True), word
    assert "missing lessons" in right
    assert "missing lessons" not in new
    assert "Taken out: it was not about this family" in right
    pack = await world.read("/packs/MASG_CENTRAL", 200)
    assert "2 families are waiting" in pack
    assert pack.count("does not eat") == 1


async def test_whoever_asked_does_not_wait_anew_because_we_took_them_for_somebody_else(world: World) -> None:
    await world.tell(SCHOOL, receipt(child(identifiers=NUMBER), "Sam is at home."))
    (wrong,) = await world.tell(TRUST, referral(child(identifiers=NUMBER)))
    right, *_ = await world.families()
    world.pass_days(6)
    before = await world.read("/queues/FENLAND")

    await take_out(world, wrong.submission_id)

    after = await world.read("/queues/FENLAND")
    for text in (before, after):
        assert lines_in_order(text, ["Sam Madeup", "25 November 2026", "(overdue by 3 working days) New Overdue"])
    assert "Sent to" not in await world.read(f"/families/{right}")
