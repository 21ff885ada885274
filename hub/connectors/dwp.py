"""DWP list as CSV by local agreement: one row tells of one claimant and the children of the household.

UTF-8 (with or without a byte-order mark) or Windows-1252. The NI number identifies the claimant, never a child. `Kind`
is `state` or `involvement`; `Concern` is `housing`, `income` or `vulnerability`. A row without a named child is for a
person to look at.
"""

from __future__ import annotations

from typing import Final

from events.basis import LawfulBasis, Purpose
from events.description import CodedValue
from hub.connectors import facts, parties
from hub.connectors.cells import CellRefused, Row
from hub.connectors.contract import Read
from hub.connectors.table import csv_connector
from hub.submission import InformationKind, InformationReceipt, Source

# DWP tells by agreement with the authority: its public task, and the authority's duty to seek co-operation.
AGREED_BASIS: Final = (LawfulBasis.ART6_1_E, LawfulBasis.CA2004_S10)

_CHILD: Final = ("surname", "forename", "date of birth")

COLUMNS: Final = (
    "Reference",
    "Date",
    "Office",
    "NI number",
    "Surname",
    "Forename",
    "Date of birth",
    "Address line 1",
    "Address line 2",
    "Town",
    "Postcode",
    "Restricted address",
    "Phone",
    "Relationship",
    "Children",
    *(f"Child {n} {part}" for n in (1, 2, 3, 4) for part in _CHILD),
    "Kind",
    "Concern",
    "Reason",
    "Sharing gateway",
    "Lawful basis",
)
REQUIRED: Final = ("Reference", "Date", "NI number", "Surname", "Reason")

_CHILDREN: Final = ("Child 1", "Child 2", "Child 3", "Child 4")
_KINDS: Final = {"state": InformationKind.STATE, "involvement": InformationKind.INVOLVEMENT}
_CONCERNS: Final = {
    concern: CodedValue(scheme="DWP_CONCERN", code=concern, text=concern.capitalize())
    for concern in ("housing", "income", "vulnerability")
}


def translate(row: Row) -> Read:
    """One row as information about the first child named, the others being its siblings."""
    at = row.instant("Date")
    home = parties.address(row)
    claimant = parties.adult(row, home=home, relationship="claimant")
    household = parties.children(row, _CHILDREN, home)
    adults = (claimant,) if claimant else ()
    subject = household[0] if household else parties.child(row, "Child 1", home)
    if to_review := parties.review(subject, adults, at, row.found(), "Child 1 date of birth"):
        return to_review
    count = row.line("Children")
    if count is not None and not (count.isascii() and count.isdigit()):
        raise CellRefused("not-a-number", "Must be a whole number", "Children")
    concern = row.choice("Concern", _CONCERNS, None)
    return InformationReceipt(
        source=Source(message_id=row.needed_line("Reference"), organisation=row.line("Office")),
        lawful_basis=row.basis(AGREED_BASIS),
        purpose=Purpose.SUPPORTING_FAMILIES,
        occurred_at=at,
        subject=subject,
        siblings=household[1:],
        adults=adults,
        facts=(
            *facts.of_codes("concern", (concern,) if concern else ()),
            *facts.of_text("children-in-household", count),
            *facts.of_text("sharing-gateway", row.text("Sharing gateway")),
        ),
        information=row.choice("Kind", _KINDS, InformationKind.STATE),
        summary=row.needed("Reason"),
    )


CONNECTOR: Final = csv_connector(
    name="dwp",
    title="DWP list (CSV)",
    suffix=".dwp.csv",
    columns=COLUMNS,
    required=REQUIRED,
    translate=translate,
    encodings=("utf-8", "windows-1252"),
)
