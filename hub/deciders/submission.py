"""Decides one submission: whose family it is and which events follow, or that a person must look, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from events.envelope import Draft, Event, stream
from events.referral import ReferralWithdrawn, WithdrawalDetails
from events.submission import ReviewDetails, ReviewRaised, SubmissionAccepted, SubmissionRefused
from hub.arrival import Arrival, Outcome
from hub.deciders.faults import faults, for_a_person
from hub.deciders.household import Household, HouseholdDecider
from hub.deciders.recognising import Matching
from hub.deciders.told import amended, information_received, referral_received, routed
from hub.index import Index
from hub.matching.described import Described
from hub.matching.known import Known, KnownReferral
from hub.submission import Change, ForReview, InformationReceipt, Referral, Refusal, Submission


@dataclass(slots=True)
class Decision:
    """What follows from an arrival: drafts to append, and where its original bytes are sealed."""

    outcome: Outcome
    drafts: list[Draft] = field(default_factory=list)
    code: str = ""
    detail: str = ""
    pointer: str = ""
    key_id: UUID | None = None
    household: Household | None = None
    referral: tuple[str, KnownReferral] | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """What decides: everything known, which is brought up to date for the next one of the batch."""

    known: Known
    index: Index
    matching: Matching

    def decide(self, arrival: Arrival, people: Sequence[Described]) -> Decision:
        """Decide. `people` are everybody in the submission, nobody for what is no submission."""
        submission = arrival.read
        if not isinstance(submission, Submission):
            return _not_acted(arrival, submission)
        fault = faults(submission, arrival.agency, arrival.received_at) or for_a_person(submission)
        if fault is not None:
            return _not_acted(arrival, fault)
        if isinstance(submission, Referral) and submission.change is not Change.NEW:
            return self._changed(arrival, submission, people)
        return self._accepted(arrival, submission, people)

    def _accepted(self, arrival: Arrival, submission: Submission, people: Sequence[Described]) -> Decision:
        household = HouseholdDecider(arrival, submission, people, self.known, self.matching).decide()
        drafts = [_taken(arrival), *household.drafts]
        decision = Decision(Outcome.ACCEPTED, drafts, key_id=household.matter_id, household=household)
        if isinstance(submission, InformationReceipt):
            drafts.append(information_received(arrival, submission, household))
            return decision
        if household.family.queue is None:
            draft, household.family.queue = routed(arrival, submission, household)
            drafts.append(draft)
        referral_id = uuid4()
        drafts.append(referral_received(arrival, submission, household, referral_id))
        if submission.source.case_reference:
            reference = self._reference(arrival, submission)
            found = KnownReferral(referral_id, household.family_id, household.matter_id)
            self.known.referrals[arrival.agency.code, reference] = found
            decision.referral = (reference, found)
        return decision

    def _changed(self, arrival: Arrival, submission: Referral, people: Sequence[Described]) -> Decision:
        """An update, withdrawal or voiding of an earlier referral; unknown to us, an update counts as a new one."""
        earlier = self.known.referrals.get((arrival.agency.code, self._reference(arrival, submission)))
        if earlier is None:
            if submission.change is Change.UPDATE:
                return self._accepted(arrival, submission.model_copy(update={"change": Change.NEW}), people)
            detail = "No referral of yours has this case reference."
            return _refused(arrival, Refusal("case-not-known", detail, "/source/case_reference"))
        event: Event
        if submission.change is Change.UPDATE:
            event = amended(arrival, submission, earlier)
        else:
            event = ReferralWithdrawn(
                referral_id=earlier.referral_id,
                submission_id=arrival.submission_id,
                family_id=earlier.family_id,
                matter_id=earlier.matter_id,
                details=WithdrawalDetails(change=submission.change.value, reason=submission.concern),
            )
        draft = Draft(stream("family", earlier.family_id), event, submission.occurred_at, earlier.matter_id)
        return Decision(Outcome.ACCEPTED, [_taken(arrival), draft], key_id=earlier.matter_id)

    def _reference(self, arrival: Arrival, submission: Submission) -> str:
        return case_reference(arrival.agency.code, submission, self.index)


def case_reference(agency: str, submission: Submission, index: Index) -> str:
    """Keyed hash of the sender's own reference of a case."""
    return index.hex("case-reference", agency, submission.source.case_reference or "")


def _not_acted(arrival: Arrival, fault: Refusal | ForReview) -> Decision:
    return _refused(arrival, fault) if isinstance(fault, Refusal) else _review(arrival, fault)


def _review(arrival: Arrival, review: ForReview) -> Decision:
    event = ReviewRaised(
        submission_id=arrival.submission_id, details=ReviewDetails(reason=review.reason, found=review.found)
    )
    occurred_at = review.occurred_at or arrival.received_at
    raised = Draft(stream("submission", arrival.submission_id), event, occurred_at, arrival.submission_id)
    return Decision(Outcome.REVIEW, [_taken(arrival), raised], code=review.reason, key_id=arrival.submission_id)


def _refused(arrival: Arrival, refusal: Refusal) -> Decision:
    event = SubmissionRefused(
        submission_id=arrival.submission_id,
        idempotency=arrival.idempotency,
        fingerprint=arrival.fingerprint,
        channel=arrival.channel.value,
        format=arrival.format,
        part=arrival.part,
        code=refusal.code,
    )
    draft = Draft(stream("submission", arrival.submission_id), event, arrival.received_at)
    return Decision(
        Outcome.REFUSED, [draft], refusal.code, refusal.detail, refusal.pointer, key_id=arrival.submission_id
    )


def _taken(arrival: Arrival) -> Draft:
    event = SubmissionAccepted(
        submission_id=arrival.submission_id,
        idempotency=arrival.idempotency,
        fingerprint=arrival.fingerprint,
        channel=arrival.channel.value,
        format=arrival.format,
        part=arrival.part,
    )
    return Draft(stream("submission", arrival.submission_id), event, arrival.received_at)
