r"""School attendance and suspension list as CSV: one row tells one week of one pupil, or one suspension.

`Record` is `attendance` or `suspension`. Attendance: `Date` is the first day, `Attendance codes` one register code for
each session from that morning on, parted by blanks (`/ \ / \ N N I I / \`). Suspension: `Date` is its first day,
`Category` `suspension` or `permanent`, `Reason 1` to `Reason 3` the DfE codes in order, `Sessions lost` a number.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from events.basis import LawfulBasis, Purpose
from hub.connectors import dfe_codes, facts, parties
from hub.connectors.cells import CellRefused, Row
from hub.connectors.contract import Read
from hub.connectors.dfe_codes import Session
from hub.connectors.table import csv_connector
from hub.submission import Fact, InformationKind, InformationReceipt, Source

# Schools must tell absence and suspension to the local authority (SI 2024/208 and the 2012 exclusion regulations).
AGREED_BASIS: Final = (LawfulBasis.ART6_1_C, LawfulBasis.ART9_2_G, LawfulBasis.CA2004_S10)

COLUMNS: Final = (
    "Reference",
    "Record",
    "School URN",
    "DfE number",
    "School name",
    "UPN",
    "Surname",
    "Forename",
    "Date of birth",
    "Year group",
    "Postcode",
    "Date",
    "End date",
    "Attendance codes",
    "Category",
    "Reason 1",
    "Reason 2",
    "Reason 3",
    "Sessions lost",
    "Note",
    "Lawful basis",
)
REQUIRED: Final = ("Record", "Surname", "Forename", "Date of birth", "Date")

_CATEGORIES: Final = {"suspension": "Suspended", "permanent": "Permanently excluded"}
_MISSED: Final = (Session.AUTHORISED, Session.UNAUTHORISED)
_POSSIBLE: Final = (Session.PRESENT, Session.ELSEWHERE, *_MISSED)
_MOST_SESSIONS: Final = 180


def translate(row: Row) -> Read:
    """One row as information: a week is a state, a suspension an event."""
    tell = row.choice("Record", {"attendance": _attendance, "suspension": _suspension}, None)
    if tell is None:
        raise CellRefused("missing-value", "Must be attendance or suspension", "Record")
    at = row.instant("Date")
    pupil = parties.child(row, home=parties.address(row))
    if to_review := parties.review(pupil, (), at, row.found(), "Date of birth"):
        return to_review
    kind, summary, told = tell(row)
    return InformationReceipt(
        source=Source(message_id=row.line("Reference"), organisation=row.line("School name")),
        lawful_basis=row.basis(AGREED_BASIS),
        purpose=Purpose.ATTENDANCE,
        occurred_at=at,
        subject=pupil,
        facts=(*told, *facts.of_text("note", row.text("Note"))),
        information=kind,
        summary=summary,
    )


def _attendance(row: Row) -> tuple[InformationKind, str, tuple[Fact, ...]]:
    """Codes nobody knows are kept and shown, and count neither as there nor as missed."""
    codes = row.needed("Attendance codes").split()
    if len(codes) > _MOST_SESSIONS:
        raise CellRefused("too-many-codes", f"At most {_MOST_SESSIONS} sessions in a row", "Attendance codes")
    kinds = Counter(dfe_codes.SESSIONS.get(code.upper()) for code in codes)
    missed = sum(kinds[kind] for kind in _MISSED)
    possible = sum(kinds[kind] for kind in _POSSIBLE)
    summary = f"Missed {missed} of {possible} possible sessions, {kinds[Session.UNAUTHORISED]} of them unauthorised"
    if kinds[None]:
        summary += f"; {kinds[None]} with a code that is not known"
    return (
        InformationKind.STATE,
        summary,
        (
            Fact(name="attendance-codes", value=" ".join(codes)),
            Fact(name="sessions-possible", value=str(possible)),
            Fact(name="sessions-missed", value=str(missed)),
            Fact(name="sessions-unauthorised", value=str(kinds[Session.UNAUTHORISED])),
            *facts.of_text("until", _end(row)),
        ),
    )


def _suspension(row: Row) -> tuple[InformationKind, str, tuple[Fact, ...]]:
    summary = row.choice("Category", _CATEGORIES, None)
    if summary is None:
        raise CellRefused("missing-value", "Must be suspension or permanent", "Category")
    reasons = tuple(coded for n in (1, 2, 3) for coded in row.coded(f"Reason {n}", dfe_codes.EXCLUSION_REASON))
    lost = row.line("Sessions lost")
    if lost is not None and not (lost.isascii() and lost.isdigit()):
        raise CellRefused("not-a-number", "Must be a whole number", "Sessions lost")
    return (
        InformationKind.EVENT,
        ": ".join([summary, "; ".join(reason.text or reason.code for reason in reasons)]) if reasons else summary,
        (
            Fact(name="exclusion-category", value=row.needed("Category").casefold()),
            *facts.of_codes("exclusion-reason", reasons),
            *facts.of_text("sessions-lost", lost),
            *facts.of_text("until", _end(row)),
        ),
    )


def _end(row: Row) -> str | None:
    return row.day("End date").isoformat() if row.line("End date") else None


CONNECTOR: Final = csv_connector(
    name="school-attendance",
    title="School attendance and suspensions (CSV)",
    suffix=".school-attendance.csv",
    columns=COLUMNS,
    required=REQUIRED,
    translate=translate,
)
