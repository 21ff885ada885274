"""The start page, the page of each queue, and the one thing to do there: acknowledge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from hub.commands import Acknowledge, acknowledge
from hub.deciders.acknowledgement import NoSuchMatter
from hub.web import dates, freshness, queue_rows, words
from hub.web.forms import Forms
from hub.web.paging import pagination
from hub.web.rendering import guarded, page
from hub.web.reviews import to_review
from hub.web.wanted import Wanted
from projections.agencies import AGENCIES, agencies
from projections.doubts import count_open
from projections.household import names
from projections.identity import IDENTITY
from projections.people import PEOPLE
from projections.places import EVERY_QUEUE, QueueKind
from projections.progress import wait_for
from projections.queues import QUEUES, URGENCIES, Status
from projections.timeline import TIMELINE
from projections.waiting import counts, waiting

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_MODELS: Final = (QUEUES, IDENTITY, PEOPLE, AGENCIES)
_GROUPS: Final = (
    ("District teams in Cambridgeshire", QueueKind.DISTRICT),
    ("Early Support Pathway", QueueKind.PATHWAY),
    ("MASG panels in Peterborough", QueueKind.MASG),
    ("Needs a person to place it", QueueKind.TRIAGE),
)


class QueuePages:
    """See the module."""

    def __init__(self, hub: Hub, forms: Forms) -> None:
        self._hub = hub
        self._forms = forms

    async def start(self) -> Response:
        """Every queue and how long it is."""
        now = self._hub.clock()
        async with self._hub.pool.acquire() as connection:
            found = {count.queue: count for count in await counts(connection, now)}
            doubts = await count_open(connection, now)
            fresh = await freshness.up_to(connection, _MODELS, now)
        groups = [
            (title, [found[queue.code] for queue in EVERY_QUEUE.values() if queue.kind is kind])
            for title, kind in _GROUPS
        ]
        return page("start.html", groups=groups, doubts=doubts, fresh=dates.up_to_date(fresh, now), section="queues")

    async def show(self, request: Request, queue: str) -> Response:
        """One queue, filtered as the address says."""
        if queue not in EVERY_QUEUE:
            raise HTTPException(404)
        now, asked = self._hub.clock(), dict(request.query_params)
        async with self._hub.pool.acquire() as connection:
            titles = {agency.code: agency.title for agency in await agencies(connection)}
            wanted = Wanted.read(queue, asked, titles)
            found = await waiting(connection, wanted.filter, now, wanted.page)
            children = await names(connection, {entry.subject_id for entry in found.entries if entry.subject_id})
            count = next(each for each in await counts(connection, now) if each.queue == queue)
            reviews = await to_review(connection, count, asked, now)
            fresh = await freshness.up_to(connection, _MODELS, now)
        cookie, token = self._forms.token(request)
        response = page(
            "queue.html",
            title=EVERY_QUEUE[queue].title,
            wanted=wanted,
            tags=wanted.tags(titles),
            found=found,
            rows=queue_rows.rows(found.entries, children, now),
            reviews=reviews,
            doubts=count.doubts,
            pages=pagination(found.number, found.pages, wanted.address),
            choices=_choices(titles),
            fresh=dates.up_to_date(fresh, now),
            done=_DONE.get(asked.get("done", "")),
            token=token,
            new_key=uuid4,
            section="queues",
        )
        self._forms.remember(request, response, cookie)
        return response

    async def acknowledge(self, request: Request, queue: str) -> Response:
        """Answer the referrers of one matter, then show the queue again."""
        form = {name: str(value) for name, value in (await self._forms.read(request)).items()}
        if queue not in EVERY_QUEUE:
            raise HTTPException(404)
        try:
            command = Acknowledge(UUID(form["family"]), UUID(form["matter"]), words.NO_SIGN_IN, str(UUID(form["key"])))
            places = await acknowledge(self._hub, command)
        except (KeyError, ValueError, NoSuchMatter):
            raise HTTPException(404) from None
        shown = await wait_for(self._hub.pool, places, (QUEUES, TIMELINE))
        done = "before" if not places else "shown" if shown else "soon"
        async with self._hub.pool.acquire() as connection:
            titles = {agency.code: agency.title for agency in await agencies(connection)}
        wanted = Wanted.read(queue, form, titles)
        return guarded(RedirectResponse(wanted.address(wanted.page, done=done), 303))


_DONE: Final = {
    "shown": "Acknowledged. The agencies that asked can see that their referral has arrived.",
    "soon": "Acknowledged and on record. This list shows it in a moment.",
    "before": "This had been acknowledged already. Nothing was changed.",
}


def _choices(titles: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """What each field of the filter offers."""
    return {
        "status": [{"value": status.value, "text": words.say(words.STATUS, status)} for status in Status],
        "urgency": [{"value": code, "text": words.say(words.URGENCY, code)} for code in reversed(URGENCIES)],
        "agency": [{"value": code, "text": title} for code, title in titles.items()],
    }
