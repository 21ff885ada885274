"""History in domain words: `a_referral(a_family())`, told by invented agencies about invented people.

Each builder gives one `Append`, shaped as intake writes it: the submission first, then whom it describes, then what was
told. `Story` places them on a log that keeps two clocks, and opens them again, with some keys destroyed if asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self
from uuid import UUID, uuid5

from events.agency import AgencyRegistered
from events.basis import AgencyKind, LawfulBasis, Purpose
from events.codec import key_ids, opened
from events.description import (
    Address,
    Adult,
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
from events.envelope import Draft, Erased, Event, Provenance, Record, Recorded, stream
from events.family import FamilyOpened, LinkDetails, MatterOpened, MatterRouted, PersonLinked, RouteDetails
from events.keys import MemoryKeys
from events.log import Append
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
from events.submission import ReviewDetails, ReviewRaised, SubmissionAccepted, SubmissionRefused
from events.writing import keys_needed, placed, prepare, streams_touched

TUESDAY: Final = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
ERASED_ON: Final = datetime(2026, 11, 30, tzinfo=UTC)
SCHOOL: Final = "school.quillmere"
_NAMES: Final = UUID("0a1b2c3d-0000-4000-8000-000000000000")
_PARTITIONS: Final = 4

CHILD: Final = Person(
    name=Name(given="Pip", family="Quillmere"),
    birth=Birth(date="2016-04-09"),
    sex=Sex.MALE,
    school="Quillmere Primary (invented)",
    year_group="5",
    address=Address(lines=("1 Nowhere Lane",), town="Quillmere", postcode="PE15 0VV"),
    identifiers=(Identifier(scheme=IdentifierScheme.UPN, value="B801200005001", valid=True),),
)
MOTHER: Final = Adult(
    name=Name(given="Odette", family="Quillmere"),
    birth=Birth(date="1988-01-30"),
    sex=Sex.FEMALE,
    relationship="mother",
    parental_responsibility=Answer.YES,
    contacts=(ContactPoint(kind="phone", value="01632 960001"),),
)


@dataclass(frozen=True)
class Family:
    """An invented family: two people, one matter, the queue it was sent to."""

    number: int
    queue: str = "FENLAND"
    child: Person = CHILD
    adult: Adult = MOTHER

    @property
    def id(self) -> UUID:
        return an_id(f"family {self.number}")

    @property
    def matter_id(self) -> UUID:
        return an_id(f"matter {self.number}")

    @property
    def child_id(self) -> UUID:
        return an_id(f"child {self.number}")

    @property
    def adult_id(self) -> UUID:
        return an_id(f"adult {self.number}")

    def draft(self, event: Event, at: datetime) -> Draft:
        """On the family's stream, sealed under the matter's key."""
        return Draft(stream("family", self.id), event, at, self.matter_id)

    def met(self, submission_id: UUID, at: datetime) -> list[Draft]:
        """What follows when the hub first hears of them."""
        link = LinkDetails(method="NEW", reasons=("No identifier is known",))
        people = ((self.child_id, self.child), (self.adult_id, self.adult))
        drafts = [FamilyOpened(family_id=self.id), MatterOpened(family_id=self.id, matter_id=self.matter_id)]
        found = [self.draft(event, at) for event in drafts]
        for person_id, person in people:
            linked = PersonLinked(
                family_id=self.id,
                person_id=person_id,
                matter_id=self.matter_id,
                submission_id=submission_id,
                details=link,
            )
            found += [self.draft(linked, at), a_description(person_id, person, submission_id, at)]
        return found

    def routed(self, at: datetime, queue: str | None = None, by: UUID | None = None) -> Draft:
        """Sent to its queue, by this submission."""
        details = RouteDetails(queue=queue or self.queue, reason="Lives in PE15", rules="2026-11-01")
        event = MatterRouted(family_id=self.id, matter_id=self.matter_id, submission_id=by, details=details)
        return self.draft(event, at)


def an_id(name: str) -> UUID:
    """The same id for the same name, in every test."""
    return uuid5(_NAMES, name)


def a_family(number: int = 1, queue: str = "FENLAND", child: Person = CHILD, adult: Adult = MOTHER) -> Family:
    """An invented family."""
    return Family(number, queue, child, adult)


def an_agency(code: str = SCHOOL, title: str = "Quillmere Primary School (invented)") -> Append:
    """Registered under this title."""
    event = AgencyRegistered(code=code, kind=AgencyKind.SCHOOL, title=title, identifier="0", purposes=(), bases=())
    return Append((Draft(stream("agency", code), event, TUESDAY),), _by("hub", an_id(code)))


def a_description(person_id: UUID, person: Person, submission_id: UUID, at: datetime) -> Draft:
    """On the person's stream, sealed under the person's key."""
    if isinstance(person, Adult):
        details = PersonDetails(kind=PersonKind.ADULT, adult=person)
    else:
        details = PersonDetails(kind=PersonKind.CHILD, child=person)
    event = PersonRecorded(person_id=person_id, submission_id=submission_id, details=details)
    return Draft(stream("person", person_id), event, at, person_id)


def described_again(person_id: UUID, person: Person, *, agency: str = SCHOOL, at: datetime = TUESDAY) -> Append:
    """An agency described somebody anew."""
    submission_id = an_id(f"description {at}")
    return Append((a_description(person_id, person, submission_id, at),), _by(agency, submission_id))


def referral_words(concern: str, urgency: str = "ROUTINE") -> ReferralDetails:
    """What a referrer says."""
    return ReferralDetails(
        source=SourceDetails(organisation="Quillmere Primary School (invented)"),
        concerns=(CodedValue(scheme="CIN_FACTOR", code="7A", text="Young carer"),),
        concern=concern,
        request="Family support worker",
        family_agreement=Answer.YES,
        urgency=urgency,
    )


def a_referral(
    family: Family,
    name: str = "referral",
    *,
    agency: str = SCHOOL,
    at: datetime = TUESDAY,
    urgency: str = "ROUTINE",
    concern: str = "Pip is missing lessons to look after a brother.",
    first: bool = True,
) -> Append:
    """An agency asks for help; `first`: the hub has never heard of the family."""
    submission_id = an_id(name)
    event = ReferralReceived(
        referral_id=an_id(f"{name} case"),
        submission_id=submission_id,
        family_id=family.id,
        matter_id=family.matter_id,
        subject_id=family.child_id,
        people=(family.child_id, family.adult_id),
        details=referral_words(concern, urgency),
    )
    met = [*family.met(submission_id, at), family.routed(at, by=submission_id)] if first else []
    return Append((taken(name, at), *met, family.draft(event, at)), _by(agency, submission_id))


def an_information_receipt(
    family: Family, name: str = "receipt", *, agency: str = SCHOOL, at: datetime = TUESDAY, first: bool = False
) -> Append:
    """An agency tells something and asks for nothing."""
    submission_id = an_id(name)
    event = InformationReceived(
        submission_id=submission_id,
        family_id=family.id,
        matter_id=family.matter_id,
        subject_id=family.child_id,
        people=(family.child_id,),
        details=InformationDetails(
            source=SourceDetails(),
            information="STATE",
            summary="Present for 71 of 100 sessions.",
            facts=(ToldFact(name="attendance", value="71 %"),),
        ),
    )
    met = family.met(submission_id, at) if first else []
    return Append((taken(name, at), *met, family.draft(event, at)), _by(agency, submission_id))


def an_amendment(
    family: Family, of: str = "referral", *, agency: str = SCHOOL, at: datetime = TUESDAY, urgency: str = "URGENT"
) -> Append:
    """The sender of a referral sends a newer version of it."""
    name = f"{of} amended"
    event = ReferralAmended(
        referral_id=an_id(f"{of} case"),
        submission_id=an_id(name),
        family_id=family.id,
        matter_id=family.matter_id,
        details=referral_words("Pip now misses every Monday.", urgency),
    )
    return Append((taken(name, at), family.draft(event, at)), _by(agency, an_id(name)))


def a_withdrawal(
    family: Family, of: str = "referral", *, agency: str = SCHOOL, at: datetime = TUESDAY, change: str = "WITHDRAW"
) -> Append:
    """The sender of a referral takes it back."""
    name = f"{of} withdrawn"
    event = ReferralWithdrawn(
        referral_id=an_id(f"{of} case"),
        submission_id=an_id(name),
        family_id=family.id,
        matter_id=family.matter_id,
        details=WithdrawalDetails(change=change, reason="The family asked us to."),
    )
    return Append((taken(name, at), family.draft(event, at)), _by(agency, an_id(name)))


def an_acknowledgement(family: Family, of: str = "referral", *, at: datetime = TUESDAY) -> Append:
    """The receiving team tells the referrer that it has arrived."""
    event = ReferralAcknowledged(
        referral_id=an_id(f"{of} case"),
        submission_id=an_id(of),
        family_id=family.id,
        matter_id=family.matter_id,
    )
    return Append((family.draft(event, at),), _by("council.early-help", an_id(f"{of} answered")))


def a_review(name: str = "review", *, agency: str = SCHOOL, at: datetime = TUESDAY) -> Append:
    """A submission that a person must look at."""
    submission_id = an_id(name)
    details = ReviewDetails(reason="no-family", found={"family name": "Quillmere"})
    event = ReviewRaised(submission_id=submission_id, details=details)
    raised = Draft(stream("submission", submission_id), event, at, submission_id)
    return Append((taken(name, at), raised), _by(agency, submission_id))


def a_refusal(name: str = "refusal", *, agency: str = SCHOOL, at: datetime = TUESDAY) -> Append:
    """A submission that was refused by name."""
    fields = _submission(name) | {"code": "purpose-not-agreed"}
    event = SubmissionRefused.model_validate(fields)
    return Append((Draft(stream("submission", an_id(name)), event, at),), _by(agency, an_id(name)))


def taken(name: str, at: datetime, part: int = 0) -> Draft:
    """The submission of this name was taken."""
    event = SubmissionAccepted.model_validate(_submission(name, part))
    return Draft(stream("submission", an_id(name)), event, at)


def _submission(name: str, part: int = 0) -> dict[str, object]:
    return {
        "submission_id": an_id(name),
        "idempotency": "00",
        "fingerprint": "00",
        "channel": "API",
        "format": "referral+json",
        "part": part,
    }


def _by(agency: str, correlation_id: UUID) -> Provenance:
    bases = (LawfulBasis.CA2004_S10, LawfulBasis.ART9_2_H)
    return Provenance(agency, "client-1", bases, Purpose.EARLY_HELP, correlation_id)


@dataclass
class Story:
    """What was told, in order, each at the moment the hub learnt it."""

    records: list[Record] = field(default_factory=list)
    keys: MemoryKeys = field(default_factory=MemoryKeys)

    def tell(self, *appends: Append, at: datetime = TUESDAY) -> Self:
        """The hub learns these at `at`, one after the other."""
        for append in appends:
            sequences, versions = dict.fromkeys(range(_PARTITIONS), 0), streams_touched([append])
            versions = dict.fromkeys(versions, 0)
            for record in self.records:
                sequences[record.partition] = record.sequence
                versions[record.stream] = record.stream_version
            prepared = list(prepare(append, self.keys.ensure(keys_needed([append])), at, _PARTITIONS))
            self.records += placed(prepared, len(self.records), sequences, versions)
        return self

    def recorded(self, erased: Collection[UUID] = (), *, all_erased: bool = False) -> list[Recorded]:
        """The events, opened; what was sealed under the `erased` keys reads as erased."""
        keys = {key_id: self.keys.ensure([key_id])[key_id] for key_id in key_ids(self.records)}
        gone = keys if all_erased else erased
        return opened(self.records, keys | dict.fromkeys(gone, Erased(since=ERASED_ON)))


def told(*appends: Append) -> Story:
    """A story in which the hub learnt everything at once."""
    return Story().tell(*appends)
