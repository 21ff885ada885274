"""`hub identity consequences`: what followed from a link or a decision while it stood. Ids, codes and times alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from hub.bootstrap import Hub
from hub.cli.running import AsJson, Exit, notice, say, say_json, with_hub
from hub.identity.consequences import Consequences
from hub.identity.consequences import consequences as found_of


def consequences(
    event_id: Annotated[
        UUID, typer.Argument(metavar="EVENT", help="Id of a link, of a decision, or of an event of it.")
    ],
    as_json: AsJson = False,
) -> None:
    """What was shown, answered and looked at while a link or a decision stood: whom to tell that it was wrong.

    EVENT is a family.person_linked, person.merged, family.merged, …, person.doubt_settled or submission.taken_out.
    """

    async def work(hub: Hub) -> int:
        found = await found_of(hub, event_id)
        if found is None:
            notice("No link and no decision about identity has this id.")
            return Exit.NOT_WELL
        if as_json:
            say_json(asdict(found) | {"statements": [], "frozen_packs": []})
            return Exit.WELL
        for line in _lines(found):
            say(line)
        return Exit.WELL

    with_hub(work)


def _lines(found: Consequences) -> Iterator[str]:
    until = f"{found.until:%Y-%m-%d %H:%M}" if found.until else "now"
    yield f"stood from {found.since:%Y-%m-%d %H:%M} to {until} UTC, in {len(found.families)} families"
    parts = {
        "queues": [
            f"{e.queue or 'erased'}  matter {e.matter_id}  since {e.since:%Y-%m-%d %H:%M}" for e in found.queues
        ],
        "panel packs": [f"{e.locality}  family {e.family_id}  since {e.since:%Y-%m-%d %H:%M}" for e in found.packs],
        "frozen panel packs": [],
        "acknowledgements": [
            f"to {e.agency}  referral {e.referral_id}  on {e.at:%Y-%m-%d %H:%M}" for e in found.acknowledgements
        ],
        "reveals": [f"{e.stream}  by {e.actor}  on {e.at:%Y-%m-%d %H:%M}  {e.event_id}" for e in found.reveals],
        "submissions shown together": [
            f"{e.submission_id}  of {e.agency}  in {e.family_id}{'  THE WRONG ONE' if e.wrong else ''}"
            for e in found.submissions
        ],
        "statements to families": [],
    }
    for what, lines in parts.items():
        yield f"{what}: {len(lines) or 'none on record'}"
        yield from (f"  {line}" for line in lines)
