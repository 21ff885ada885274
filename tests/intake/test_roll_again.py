"""A school's roll sent again: its pupils are known, and a person is asked about almost none of them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from random import Random

from events.basis import LawfulBasis, Purpose
from events.referral import Channel
from hub.bootstrap import Hub
from hub.connectors import CONNECTORS
from hub.files import Sent
from hub.synth.agencies import SCHOOLS
from hub.synth.ctf import roll, write
from hub.synth.people import Child, Family
from hub.synth.slips import as_known
from tests.intake.words import SCHOOL

PUPILS = 300
ON = date(2026, 11, 23)
ROLL_SCHOOL = replace(SCHOOL, purposes=frozenset(Purpose), bases=frozenset(LawfulBasis))


async def test_a_school_s_roll_sent_again_links_its_pupils_and_asks_almost_nobody(hub: Hub) -> None:
    await take(hub, "first", told(seed=1))
    people, doubts = await counted(hub)

    await take(hub, "again", told(seed=2))  # of the same pupils, with other slips of the pen

    people_then, doubts_then = await counted(hub)
    assert people > 1.5 * PUPILS, "the pupils and the adults around them"
    assert people_then - people <= 0.01 * people
    assert doubts_then - doubts <= 0.02 * PUPILS


def told(seed: int) -> bytes:
    rng, out = Random(seed), io.BytesIO()
    pupils = (as_told(*each, rng) for each in roll(PUPILS, 21, ON))
    write(out, SCHOOLS[0], datetime.combine(ON, datetime.min.time()), pupils, rng)
    return out.getvalue()


def as_told(family: Family, child: Child, rng: Random) -> tuple[Family, Child]:
    known, _ = as_known(family, rng)
    return known, next(each for each in known.children if each.key == child.key)


async def take(hub: Hub, key: str, data: bytes) -> None:
    sent = Sent(ROLL_SCHOOL, "client-1", Channel.FILE, CONNECTORS["ctf"], key)
    receipt = await hub.files.take(sent, once(data))
    assert (receipt.items, receipt.outcome) == (PUPILS, "accepted")


async def once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def counted(hub: Hub) -> tuple[int, int]:
    """People who are known, and doubts."""
    people: int = await hub.pool.fetchval("SELECT count(*) FROM decide.person")
    doubts: int = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'person.doubted'")
    return people, doubts
