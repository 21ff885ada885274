"""The events that say what was told: a referral, its amendment, an information receipt, and where it was routed."""

from __future__ import annotations

from uuid import UUID

from events.envelope import Draft, stream
from events.family import MatterRouted, RouteDetails
from events.referral import (
    InformationDetails,
    InformationReceived,
    ReferralAmended,
    ReferralDetails,
    ReferralReceived,
    SourceDetails,
    ToldFact,
)
from hub.arrival import Arrival
from hub.deciders.household import Household, household_postcode
from hub.matching.known import KnownReferral
from hub.routing import route
from hub.submission import Fact, InformationReceipt, Referral, Source


def referral_received(arrival: Arrival, referral: Referral, household: Household, referral_id: UUID) -> Draft:
    """The referral, on the family's stream, sealed under the matter's key."""
    event = ReferralReceived(
        referral_id=referral_id,
        submission_id=arrival.submission_id,
        family_id=household.family_id,
        matter_id=household.matter_id,
        subject_id=household.people[0],
        people=tuple(household.people),
        details=_details(referral),
    )
    return Draft(stream("family", household.family_id), event, referral.occurred_at, household.matter_id)


def amended(arrival: Arrival, referral: Referral, earlier: KnownReferral) -> ReferralAmended:
    """A newer version of an earlier referral."""
    return ReferralAmended(
        referral_id=earlier.referral_id,
        submission_id=arrival.submission_id,
        family_id=earlier.family_id,
        matter_id=earlier.matter_id,
        details=_details(referral),
    )


def information_received(arrival: Arrival, receipt: InformationReceipt, household: Household) -> Draft:
    """What was told, on the family's stream, sealed under the matter's key."""
    details = InformationDetails(
        source=_source(receipt.source),
        information=receipt.information.value,
        summary=receipt.summary,
        facts=_facts(receipt.facts),
    )
    event = InformationReceived(
        submission_id=arrival.submission_id,
        family_id=household.family_id,
        matter_id=household.matter_id,
        subject_id=household.people[0],
        people=tuple(household.people),
        details=details,
    )
    return Draft(stream("family", household.family_id), event, receipt.occurred_at, household.matter_id)


def routed(arrival: Arrival, referral: Referral, household: Household) -> tuple[Draft, str]:
    """The routing event of a matter's first referral, and the queue it names."""
    subject = referral.subject
    found = route(
        household_postcode(referral),
        subject.birth,
        subject.year_group,
        referral.occurred_at.date(),
        unborn=subject.unborn,
    )
    details = RouteDetails(queue=found.queue, reason=found.reason, rules=found.rules)
    event = MatterRouted(
        family_id=household.family_id,
        matter_id=household.matter_id,
        submission_id=arrival.submission_id,
        details=details,
    )
    draft = Draft(stream("family", household.family_id), event, referral.occurred_at, household.matter_id)
    return draft, found.queue


def _details(referral: Referral) -> ReferralDetails:
    return ReferralDetails(
        source=_source(referral.source),
        concerns=referral.concerns,
        concern=referral.concern,
        request=referral.request,
        family_agreement=referral.family_agreement,
        urgency=referral.urgency.value,
        facts=_facts(referral.facts),
    )


def _source(source: Source) -> SourceDetails:
    return SourceDetails(**source.model_dump())


def _facts(facts: tuple[Fact, ...]) -> tuple[ToldFact, ...]:
    return tuple(ToldFact(name=fact.name, value=fact.value, code=fact.code) for fact in facts)
