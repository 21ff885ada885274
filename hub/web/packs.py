"""Panel packs: the list, each pack as a page for reading, and the same as a PDF."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from fastapi import HTTPException
from starlette.responses import Response

from hub.pdf import pdf
from hub.web import dates, freshness
from hub.web.pack_document import Document, document
from hub.web.rendering import guarded, page
from projections.agencies import AGENCIES, agencies
from projections.identity import IDENTITY
from projections.packing import pack
from projections.panel_pack import PANEL_PACK
from projections.people import PEOPLE
from projections.places import LOCALITIES

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_MODELS: Final = (PANEL_PACK, PEOPLE, IDENTITY, AGENCIES)


class PackPages:
    """See the module."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def start(self) -> Response:
        """The three panels."""
        now = self._hub.clock()
        async with self._hub.pool.acquire() as connection:
            packs = [await pack(connection, locality) for locality in LOCALITIES]
            fresh = await freshness.up_to(connection, _MODELS, now)
        return page("packs.html", packs=packs, fresh=dates.up_to_date(fresh, now), section="packs")

    async def show(self, locality: str) -> Response:
        """A pack as a page."""
        now = self._hub.clock()
        found = await self._document(locality)
        async with self._hub.pool.acquire() as connection:
            fresh = await freshness.up_to(connection, _MODELS, now)
        return page("pack.html", document=found, locality=locality, fresh=dates.up_to_date(fresh, now), section="packs")

    async def download(self, locality: str) -> Response:
        """The same pack as a PDF."""
        made = await asyncio.to_thread(pdf, await self._document(locality))
        name = {"Content-Disposition": f'inline; filename="panel-pack-{locality.lower().replace("_", "-")}.pdf"'}
        return guarded(Response(made, 200, name, "application/pdf"))

    async def _document(self, locality: str) -> Document:
        if locality not in LOCALITIES:
            raise HTTPException(404)
        async with self._hub.pool.acquire() as connection:
            schools = {agency.identifier: agency.title for agency in await agencies(connection)}
            return document(await pack(connection, locality), schools)
