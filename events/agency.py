"""Facts about partner agencies: who they are and what they may send. Streams: `agency/<code>`."""

from __future__ import annotations

from events.basis import AgencyKind, LawfulBasis, Purpose
from events.envelope import Event


class AgencyRegistered(Event, name="agency.registered", version=1):
    """An agency was registered, or registered anew with other purposes and bases.

    `identifier` is the agency's public number (URN, ODS code, force, charity number).
    """

    code: str
    kind: AgencyKind
    title: str
    identifier: str
    purposes: tuple[Purpose, ...]
    bases: tuple[LawfulBasis, ...]


class AgencySuspended(Event, name="agency.suspended", version=1):
    """An agency may not send any more."""

    code: str
