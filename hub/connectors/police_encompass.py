"""Operation Encompass notices as CSV, by the field map of each force: a domestic abuse incident a child lives with.

Always information, never a referral by itself. Some forces send one sentence only: name, date of birth, date, time,
present or not, welfare check made or not. "Not present" is still notified; a home-educated child is told too.
"""

from __future__ import annotations

from typing import Final

from events.basis import LawfulBasis, Purpose
from hub.connectors.contract import Read
from hub.connectors.police_forces import FORCES
from hub.connectors.police_notice import Notice, notice_connector
from hub.submission import Fact, InformationKind, InformationReceipt

# A statutory duty of forces since the Victims and Prisoners Act 2024; law enforcement data at source.
AGREED_BASIS: Final = (LawfulBasis.VPA2024, LawfulBasis.DPA2018_P3, LawfulBasis.ART6_1_C, LawfulBasis.ART9_2_G)

_PRESENCE: Final = {
    "yes": "the child was present",
    "no": "the child was not present",
    "not known": "whether the child was present is not known",
}


def say(notice: Notice) -> Read:
    """One child's part of a notice."""
    row, columns = notice.row, notice.columns
    present = next((fact.value for fact in notice.told if fact.name == "present"), "not known")
    told = row.text(columns.circumstances) if columns.circumstances else None
    return InformationReceipt(
        source=notice.source,
        lawful_basis=row.basis(AGREED_BASIS, columns.basis),
        purpose=Purpose.OPERATION_ENCOMPASS,
        occurred_at=notice.at,
        subject=notice.subject,
        siblings=notice.siblings,
        adults=notice.adults,
        facts=(Fact(name="domestic-abuse", value=told or "Domestic abuse incident"), *notice.told),
        information=InformationKind.EVENT,
        summary=f"Police attended a domestic abuse incident; {_PRESENCE.get(present, _PRESENCE['not known'])}",
    )


CONNECTORS: Final = tuple(
    notice_connector(
        f"police-encompass-{force.force}", f"Operation Encompass, {force.title}", force.title, force.encompass, say
    )
    for force in FORCES
)
