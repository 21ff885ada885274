"""Public Protection Notices of the police as CSV, by the field map of each force.

A notice that asks for support is a referral; one that asks for nothing is information about an event. Without a grade
the force has agreed, a person looks: an unknown grade is never taken for a low one.
"""

from __future__ import annotations

from typing import Final

from events.basis import LawfulBasis, Purpose
from events.description import Answer
from hub.connectors.contract import Read
from hub.connectors.police_forces import FORCES
from hub.connectors.police_notice import Notice, level, notice_connector
from hub.submission import Fact, ForReview, InformationKind, InformationReceipt, Referral, Urgency

# Law enforcement data at source, shared to safeguard children: Part 3, public task, substantial public interest.
AGREED_BASIS: Final = (LawfulBasis.DPA2018_P3, LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_G, LawfulBasis.CA2004_S11)

_URGENCY: Final = {"HIGH": Urgency.URGENT, "MEDIUM": Urgency.SOON, "STANDARD": Urgency.ROUTINE}


def say(notice: Notice) -> Read:
    """One child's part of a notice as a referral or as information."""
    row, columns = notice.row, notice.columns
    graded = level(row, columns, notice.at)
    if isinstance(graded, ForReview):
        return graded
    request = row.text(columns.request) if columns.request else None
    told = row.text(columns.circumstances) if columns.circumstances else None
    if request is None:
        return InformationReceipt(
            source=notice.source,
            lawful_basis=row.basis(AGREED_BASIS, columns.basis),
            purpose=Purpose.SAFEGUARDING,
            occurred_at=notice.at,
            subject=notice.subject,
            siblings=notice.siblings,
            adults=notice.adults,
            facts=(*graded, *notice.told),
            information=InformationKind.EVENT,
            summary=told or "Police attended an incident; no circumstances were given",
        )
    return Referral(
        source=notice.source,
        lawful_basis=row.basis(AGREED_BASIS, columns.basis),
        purpose=Purpose.SAFEGUARDING,
        occurred_at=notice.at,
        subject=notice.subject,
        siblings=notice.siblings,
        adults=notice.adults,
        facts=(*graded, *notice.told),
        concern=told or "No circumstances were given",
        request=request,
        family_agreement=row.answer(columns.agreement) if columns.agreement else Answer.NOT_KNOWN,
        urgency=_urgency(graded),
    )


def _urgency(graded: tuple[Fact, ...]) -> Urgency:
    """By the normalised level; a force whose form has no grade asks for no hurry."""
    return _URGENCY[graded[-1].value] if graded else Urgency.ROUTINE


CONNECTORS: Final = tuple(
    notice_connector(
        f"police-ppn-{force.force}", f"Public Protection Notices, {force.title}", force.title, force.ppn, say
    )
    for force in FORCES
)
