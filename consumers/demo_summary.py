"""What the demo took in, in figures and as lines a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from consumers.demo_sending import Sent
from hub.bootstrap import Hub
from projections.doubts import count_open
from projections.packing import pack
from projections.places import LOCALITIES
from projections.waiting import Count, counts


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of one demo; `seconds` by step, in order.

    `doubts` are people who may be known already, `undone_in` is the family of a decision that was taken and undone,
    `packs` are families waiting for each panel.
    """

    agencies: Sequence[Sent]
    events: int
    families: int
    people: int
    queues: Sequence[Count]
    doubts: int
    undone_in: UUID | None
    packs: Mapping[str, int]
    seconds: Mapping[str, float]

    @property
    def failed(self) -> list[str]:
        """Why files could not be delivered; empty when all was well."""
        return [reason for sent in self.agencies for reason in sent.failed]

    def as_json(self) -> dict[str, object]:
        """The figures with a stable shape."""
        return {
            "agencies": {sent.title: {"files": sent.files, **sent.parts} for sent in self.agencies},
            "events": self.events,
            "families": self.families,
            "people": self.people,
            "queues": {count.queue: count.new + count.acknowledged for count in self.queues},
            "reviews": sum(count.reviews for count in self.queues),
            "doubts": self.doubts,
            "undone_in": str(self.undone_in) if self.undone_in else None,
            "packs": dict(self.packs),
            "seconds": {step: round(seconds, 3) for step, seconds in self.seconds.items()},
        }


async def summarise(hub: Hub, sent: Sequence[Sent], undone_in: UUID | None, seconds: Mapping[str, float]) -> Summary:
    """Ask the log and the read models. `undone_in`: the family in which a decision was taken and undone."""
    async with hub.pool.acquire() as connection:
        found = await connection.fetchrow(
            """SELECT count(*) AS events, count(*) FILTER (WHERE type = 'family.opened') AS families,
                      count(DISTINCT stream) FILTER (WHERE type = 'person.recorded') AS people FROM log.event"""
        )
        figures = dict(found or {})
        return Summary(
            agencies=sorted(sent, key=lambda one: one.title),
            events=figures["events"],
            families=figures["families"],
            people=figures["people"],
            queues=await counts(connection, hub.clock()),
            doubts=(await count_open(connection, hub.clock())).open,
            undone_in=undone_in,
            packs={code: len((await pack(connection, code)).families) for code in LOCALITIES},
            seconds=seconds,
        )


def lines(summary: Summary) -> Iterator[str]:
    """The summary, line by line."""
    yield f"{'Agency':34} {'files':>6} {'accepted':>9} {'review':>7} {'refused':>8}"
    for sent in summary.agencies:
        parts = sent.parts
        yield f"{sent.title:34} {sent.files:6} {parts['accepted']:9} {parts['review']:7} {parts['refused']:8}"
    yield ""
    yield f"{summary.events} events on the log, {summary.families} families, {summary.people} people"
    yield ""
    for count in summary.queues:
        to_review = f", {count.reviews} for a person to review" if count.reviews else ""
        yield f"{count.title:34} {count.new + count.acknowledged:6} waiting{to_review}"
    yield ""
    yield f"{_pairs(summary.doubts)} for review: /doubts"
    if summary.undone_in:
        yield f"Two were found to be one, and that was undone: /families/{summary.undone_in}#who-is-who"
    yield ""
    for code, families in summary.packs.items():
        yield f"Panel pack {code:23} {families:6} families"
    yield ""
    for step, seconds in summary.seconds.items():
        yield f"{step:34} {seconds:6.1f} s"
    yield f"{'in all':34} {sum(summary.seconds.values()):6.1f} s"


def _pairs(doubts: int) -> str:
    return "1 pair of people waits" if doubts == 1 else f"{doubts} pairs of people wait"
