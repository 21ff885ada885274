"""The demo's agencies at work: each sends its own files through its own client, in the order of the week."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pydantic import SecretStr

from hub.arrival import Agency
from hub.bootstrap import Hub
from hub.client.answer import Later
from hub.client.credentials import Credentials
from hub.client.entry import Entry, Route, State
from hub.client.sender import Sender
from hub.client.spool import Spool
from hub.client.transport import TIMEOUT, HttpHub
from hub.connectors import CONNECTORS
from hub.synth import agencies as invented
from hub.synth.week import AgencyFile, content

ACTOR = "demo"


@dataclass(slots=True)
class Sent:
    """What became of one agency's files, as its own client saw it."""

    title: str
    files: int = 0
    parts: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def took(self, source: Path, entry: Entry) -> None:
        """Count a file; one that was sent before is not sent again."""

    def finished(self, state: State, entry: Entry) -> None:
        """Count the parts of an answer."""
        self.files += 1
        if entry.receipt is not None:
            self.parts["accepted"] += entry.receipt.accepted
            self.parts["review"] += entry.receipt.review
            self.parts["refused"] += len(entry.receipt.refused)
        elif state is State.REFUSED:
            self.parts["refused"] += 1

    def waits(self, entry: Entry, later: Later, seconds: float) -> None:  # noqa: ARG002 - the port's
        """Remember why a file could not be delivered."""
        self.failed.append(later.reason)


async def register(hub: Hub) -> dict[str, Credentials]:
    """Register the invented agencies; their credentials by code."""
    issued: dict[str, Credentials] = {}
    for agency in invented.agencies():
        registered = Agency(
            agency.code,
            agency.kind,
            agency.name,
            agency.identifier,
            frozenset(agency.purposes),
            frozenset(agency.bases),
        )
        await hub.agencies.register(registered, ACTOR)
        client_id, secret = await hub.agencies.issue_credentials(agency.code)
        issued[agency.code] = Credentials(client_id=client_id, client_secret=SecretStr(secret))
    return issued


async def send_week(
    hub: Hub, url: str, week: Iterable[AgencyFile], credentials: dict[str, Credentials], folder: Path
) -> list[Sent]:
    """Every agency sends its files; agencies work side by side, each in its own order."""
    files: dict[str, list[AgencyFile]] = defaultdict(list)
    for file in week:
        files[file.agency.code].append(file)
    async with httpx.AsyncClient(timeout=TIMEOUT) as http:
        return await asyncio.gather(
            *(
                _send(HttpHub(http, url, credentials[code], hub.clock), url, of_agency, folder / code, hub)
                for code, of_agency in files.items()
            )
        )


async def _send(remote: HttpHub, url: str, files: list[AgencyFile], folder: Path, hub: Hub) -> Sent:
    sent = Sent(files[0].agency.name)
    await asyncio.to_thread(folder.mkdir, parents=True)
    with Spool(folder / "spool", hub.clock) as spool:
        sender = Sender(spool, url, remote, sent)
        for file in files:
            path = folder / file.name
            await asyncio.to_thread(path.write_bytes, content(file))
            connector = CONNECTORS[file.format]
            sender.take(
                path, Route(agency=file.agency.code, format=file.format, media_type=connector.media_type, url=url)
            )
            await sender.drain(give_up_after=30)
    return sent
