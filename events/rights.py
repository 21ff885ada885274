"""Facts about people's rights over what is held of them. Streams: `erasure/<subject id>`."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from events.envelope import Event


class ErasureGround(StrEnum):
    """Why something is erased: the grounds of Article 17(1)(a) to (e) UK GDPR."""

    NOT_NECESSARY = "NOT_NECESSARY"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    OBJECTION = "OBJECTION"
    UNLAWFUL = "UNLAWFUL"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"


class SubjectErased(Event, name="subject.erased", version=1):
    """Everything sealed under the key of this person, matter or submission is erased: the key is destroyed.

    Written in the transaction that destroys it, so that a key that comes back from a backup is destroyed again.
    """

    subject_id: UUID
    ground: ErasureGround


class ErasureCompleted(Event, name="erasure.completed", version=1):
    """No read model holds any of it any more: so many events read as erased, so many rows were written anew."""

    subject_id: UUID
    events: int
    rows: int
