"""Facts about who looked at personal data. Streams: `access/<id>`."""

from __future__ import annotations

from uuid import UUID

from events.envelope import Details, Erased, Event


class RevealDetails(Details):
    """Why it was looked at, in the viewer's own words."""

    reason: str


class PersonalDataRevealed(Event, name="access.revealed", version=1):
    """Somebody with access to the log itself asked to see personal data, and said why before seeing it.

    `stream_seen` is the stream that was opened; the viewer is the envelope's actor.
    """

    access_id: UUID
    stream_seen: str
    details: RevealDetails | Erased
