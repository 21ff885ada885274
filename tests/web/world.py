"""A hub with invented agencies, told things through its real intake, shown by real projectors on real pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
from lxml import etree

from events.basis import AgencyKind, LawfulBasis, Purpose
from events.description import Address, Answer, Birth, CodedValue, Name, Person
from events.referral import Channel
from hub.arrival import Agency, Arrival, Decided
from hub.bootstrap import Hub
from hub.submission import ForReview, InformationKind, InformationReceipt, Referral, Submission, Urgency
from projections import ALL
from projections.progress import wait_for
from tests.waiting import LONG

WEDNESDAY: Final = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
FENLAND, CENTRAL = "PE13 1VV", "PE1 9VV"
HOSTILE: Final = "#panic() *x* $y$ <script>alert(1)</script>"
BASES: Final = (LawfulBasis.ART6_1_E, LawfulBasis.CA2004_S10)
SCHOOL: Final = Agency(
    "elm", AgencyKind.SCHOOL, "Elm Pretend School", "199001", frozenset(Purpose), frozenset(LawfulBasis)
)
TRUST: Final = Agency("trust", AgencyKind.HEALTH, "Madeup NHS Trust", "XX0", frozenset(Purpose), frozenset(LawfulBasis))


def child(
    given: str = "Sam", family: str = "Madeup", *, postcode: str = FENLAND, born: str = "2016-04-09", **more: Any
) -> Person:
    """An invented child who lives in Wisbech, if nothing else is said."""
    address = Address(lines=("1 Storybook Lane",), town="Marchless", postcode=postcode)
    return Person(**{"name": Name(given=given, family=family), "birth": Birth(date=born), "address": address} | more)


def referral(
    subject: Person, *, occurred_at: datetime = WEDNESDAY, urgency: Urgency = Urgency.ROUTINE, **more: Any
) -> Referral:
    """Somebody asks for help."""
    asked: dict[str, Any] = {
        "concern": "Sam is missing lessons.",
        "request": "A family worker.",
        "concerns": (CodedValue(scheme="FORM", code="behaviour", text="Behaviour"),),
        "family_agreement": Answer.YES,
    }
    return Referral(
        **asked | more,
        subject=subject,
        occurred_at=occurred_at,
        urgency=urgency,
        lawful_basis=BASES,
        purpose=Purpose.EARLY_HELP,
    )


def receipt(subject: Person, summary: str, *, occurred_at: datetime = WEDNESDAY, **more: Any) -> InformationReceipt:
    """Somebody tells something and asks for nothing."""
    return InformationReceipt(
        **more,
        subject=subject,
        summary=summary,
        information=InformationKind.EVENT,
        occurred_at=occurred_at,
        lawful_basis=(LawfulBasis.CA2004_S11,),
        purpose=Purpose.SAFEGUARDING,
    )


def text_of(page: str, within: str = "body") -> str:
    """What a person reads in the one element of this name, with single spaces."""
    (found,) = etree.HTML(page).iter(within)
    etree.strip_elements(found, "script", "style", "option", "nav", with_tail=False)
    for element in found.iter():
        element.tail = f" {element.tail or ''}"
    return " ".join(etree.tostring(found, method="text", encoding="unicode").split())


def inputs_of(page: str, family_id: UUID) -> dict[str, str]:
    """The fields of the acknowledgement form of this family."""
    for form in etree.HTML(page).iter("form"):
        fields = {field.get("name", ""): field.get("value", "") for field in form.iter("input")}
        if fields.get("family") == str(family_id):
            return fields
    raise AssertionError("no form for this family")


@dataclass
class World:
    """The hub, a browser without a screen, and a clock that tests set."""

    hub: Hub
    client: httpx.AsyncClient
    clock: list[datetime] = field(default_factory=lambda: [WEDNESDAY])

    @property
    def now(self) -> datetime:
        return self.clock[0]

    def pass_days(self, days: float) -> None:
        self.clock[0] += timedelta(days=days)

    async def tell(self, agency: Agency, *told: Submission | ForReview) -> list[Decided]:
        """An agency tells the hub; returns when every page can show it."""
        await self.hub.agencies.register(agency, "test")
        decided = [await self.hub.intake.submit(self._arrival(agency, each)) for each in told]
        await self.until_shown()
        return decided

    async def until_shown(self) -> None:
        heads = await self.hub.log.heads()
        reached = {partition: last for partition, last in heads.sequences.items() if last}
        assert await wait_for(self.hub.pool, reached, ALL, LONG), "the projectors did not come that far"

    async def families(self) -> list[UUID]:
        """In the order the hub learnt of them."""
        rows = await self.hub.pool.fetch("SELECT stream FROM log.event WHERE type = 'family.opened' ORDER BY position")
        return [UUID(row["stream"].removeprefix("family/")) for row in rows]

    async def page(self, address: str, status: int = 200) -> str:
        """A page's HTML."""
        answer = await self.client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == status, address
        return answer.text

    async def read(self, address: str, status: int = 200) -> str:
        """What a person reads on a page."""
        return text_of(await self.page(address, status))

    async def types(self) -> list[str]:
        """Types of all events, in order."""
        return [row["type"] for row in await self.hub.pool.fetch("SELECT type FROM log.event ORDER BY position")]

    def _arrival(self, agency: Agency, read: Submission | ForReview) -> Arrival:
        number = uuid4()
        return Arrival(
            agency=agency,
            actor="test",
            channel=Channel.API,
            format="canonical",
            submission_id=number,
            correlation_id=number,
            received_at=self.now,
            idempotency=number.hex,
            fingerprint=number.hex,
            read=read,
        )


def lines_in_order(text: str, parts: Iterable[str]) -> bool:
    """Whether these stand in the text, one after the other."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True
