"""One invented fact of each kind, filled in as far as it goes: what the golden samples are made from."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from events.access import PersonalDataRevealed, RevealDetails
from events.agency import AgencyRegistered, AgencySuspended
from events.basis import AgencyKind, LawfulBasis, Purpose
from events.description import (
    Address,
    Answer,
    Birth,
    CodedValue,
    ContactPoint,
    Identifier,
    IdentifierScheme,
    Name,
    Person,
    Sex,
)
from events.doubt import DoubtDetails, DoubtedPair, DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Event
from events.family import FamilyOpened, LinkDetails, MatterOpened, MatterRouted, PersonLinked, RouteDetails
from events.identity import (
    DecisionDetails,
    FamilyMerged,
    FamilySplit,
    PersonMerged,
    PersonSplit,
    SubmissionTakenOut,
)
from events.person import PersonDetails, PersonKind, PersonRecorded
from events.referral import (
    InformationDetails,
    InformationReceived,
    ReferralAcknowledged,
    ReferralAmended,
    ReferralDetails,
    ReferralReceived,
    ReferralWithdrawn,
    SourceDetails,
    ToldFact,
    WithdrawalDetails,
)
from events.rights import ErasureCompleted, ErasureGround, SubjectErased
from events.submission import ReviewDetails, ReviewRaised, SubmissionAccepted, SubmissionRefused


def number(n: int) -> UUID:
    """A made-up id that looks like one."""
    return UUID(f"0190a000-0000-7000-8000-{n:012d}")


SUBMISSION, FAMILY, MATTER, PERSON, REFERRAL = (number(n) for n in range(1, 6))
_IDS: Final = {"referral_id": REFERRAL, "submission_id": SUBMISSION, "family_id": FAMILY, "matter_id": MATTER}
_SENT: Final = {"idempotency": "a1" * 16, "fingerprint": "b2" * 16, "channel": "API", "format": "hub-json"}
_SOURCE: Final = SourceDetails(
    system="Marsh MIS", message_id="M-1", case_reference="C-1", organisation="Ousewick Primary", practitioner="T. Quill"
)
_TOLD: Final = (
    ToldFact(name="attendance", value="61 %", code=CodedValue(scheme="dfe", code="U", text="unauthorised")),
)
_ASKED: Final = ReferralDetails(
    source=_SOURCE,
    concerns=(CodedValue(scheme="hub", code="ATTENDANCE"),),
    concern="Misses lessons since the flood; sleeps at three addresses, one of them in Łódź Lane.",
    request="Somebody to talk to the family",
    family_agreement=Answer.YES,
    urgency="SOON",
    facts=_TOLD,
)
_DECIDED: Final = {"decision_id": number(12), "details": DecisionDetails(reason="The school confirmed it by telephone")}
_CHILD: Final = Person(
    name=Name(family="Ó Wisp", given="Zofia", preferred_given="Zosia"),
    birth=Birth(date="2016-04-09"),
    sex=Sex.FEMALE,
    ethnicity=CodedValue(scheme="dfe", code="WOTH"),
    language="pol",
    school="Ousewick Primary",
    year_group="4",
    address=Address(lines=("3 Reed Lane",), town="Ousewick", postcode="PE1 9VV"),
    contacts=(ContactPoint(kind="phone", value="01632 960000"),),
    identifiers=(Identifier(scheme=IdentifierScheme.LOCAL, value="77", valid=True, verified=False),),
)

FACTS: Final[tuple[Event, ...]] = (
    AgencyRegistered(
        code="ousewick-primary",
        kind=AgencyKind.SCHOOL,
        title="Ousewick Primary",
        identifier="100001",
        purposes=(Purpose.ATTENDANCE, Purpose.EARLY_HELP),
        bases=(LawfulBasis.ART6_1_E,),
    ),
    AgencySuspended(code="ousewick-primary"),
    SubmissionAccepted.model_validate({"submission_id": SUBMISSION, "part": 1, **_SENT}),
    SubmissionRefused.model_validate({"submission_id": SUBMISSION, "code": "not-valid", **_SENT}),
    ReviewRaised(
        submission_id=SUBMISSION, details=ReviewDetails(reason="no-name", found={"told": "A child was seen alone"})
    ),
    PersonRecorded(
        person_id=PERSON, submission_id=SUBMISSION, details=PersonDetails(kind=PersonKind.CHILD, child=_CHILD)
    ),
    FamilyOpened(family_id=FAMILY),
    PersonLinked(
        family_id=FAMILY,
        person_id=PERSON,
        matter_id=MATTER,
        submission_id=SUBMISSION,
        details=LinkDetails(method="exact", score=1250, reasons=("same UPN",), model="2026-01"),
    ),
    MatterOpened(family_id=FAMILY, matter_id=MATTER),
    MatterRouted(
        family_id=FAMILY,
        matter_id=MATTER,
        details=RouteDetails(queue="fenland", reason="lives in Fenland", rules="2026-01"),
    ),
    ReferralReceived.model_validate({**_IDS, "subject_id": PERSON, "people": (PERSON,), "details": _ASKED}),
    ReferralAmended.model_validate({**_IDS, "details": _ASKED}),
    ReferralWithdrawn.model_validate(
        {**_IDS, "details": WithdrawalDetails(change="WITHDRAW", reason="The family moved away")}
    ),
    ReferralAcknowledged.model_validate(_IDS),
    InformationReceived(
        submission_id=SUBMISSION,
        family_id=FAMILY,
        matter_id=MATTER,
        subject_id=PERSON,
        people=(PERSON,),
        details=InformationDetails(source=_SOURCE, information="EVENT", summary="Suspended for 2 days", facts=_TOLD),
    ),
    PersonalDataRevealed(
        access_id=number(6), stream_seen=f"family/{FAMILY}", details=RevealDetails(reason="Asked by the family")
    ),
    PersonDoubted(
        doubt_id=number(10),
        person_id=PERSON,
        family_id=FAMILY,
        submission_id=SUBMISSION,
        candidates=(number(11),),
        details=DoubtDetails(
            pairs=(DoubtedPair(person_id=number(11), score=1875, reasons=("date of birth is the same",)),),
            model="c3" * 32,
        ),
    ),
    DoubtSettled.model_validate(
        {"doubt_id": number(10), "person_id": PERSON, "outcome": DoubtOutcome.SAME, "same_as": number(11), **_DECIDED}
    ),
    PersonMerged.model_validate({"person_id": PERSON, "belongs_to": number(11), **_DECIDED}),
    PersonSplit.model_validate({"person_id": PERSON, "belongs_to": PERSON, "undoes": number(13), **_DECIDED}),
    FamilyMerged.model_validate({"family_id": FAMILY, "belongs_to": number(14), **_DECIDED}),
    FamilySplit.model_validate({"family_id": FAMILY, "belongs_to": FAMILY, "undoes": number(13), **_DECIDED}),
    SubmissionTakenOut.model_validate(
        {
            "submission_id": SUBMISSION,
            "family_id": FAMILY,
            "matter_id": MATTER,
            "people": (PERSON,),
            "into_family": number(14),
            **_DECIDED,
        }
    ),
    SubjectErased(subject_id=PERSON, ground=ErasureGround.NOT_NECESSARY),
    ErasureCompleted(subject_id=PERSON, events=4, rows=7),
)
