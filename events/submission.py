"""Facts about a submission itself: taken, put to review, or refused. Its stream is `submission/<id>`."""

from __future__ import annotations

from uuid import UUID

from events.envelope import Details, Erased, Event


class SubmissionAccepted(Event, name="submission.accepted", version=1):
    """A submission was taken; the events of the same correlation are what became of it.

    `idempotency` and `fingerprint` are keyed hashes (hex), opaque to anybody without the hub's own key, so that a
    retry after years is still one event (promises.md §2.6).
    """

    submission_id: UUID
    idempotency: str
    fingerprint: str
    channel: str
    format: str
    part: int = 0


class ReviewDetails(Details):
    """What a person must look at: the stable reason, and what could be read."""

    reason: str
    found: dict[str, str]


class ReviewRaised(Event, name="review.raised", version=1):
    """A submission could not be acted on by rule: a person must look."""

    submission_id: UUID
    details: ReviewDetails | Erased


class SubmissionRefused(Event, name="submission.refused", version=1):
    """A submission, or one part of a file, was refused by name; the sender is told the code and the place."""

    submission_id: UUID
    idempotency: str
    fingerprint: str
    channel: str
    format: str
    part: int = 0
    code: str
