"""School referral form as CSV: one row asks for help for one pupil.

Dates `dd/mm/yyyy`. `Sex` F, M, X or U; yes/no columns `yes`, `no`, `not asked`, `not known`; `Urgency` routine, soon
or urgent; `Concern codes` are CIN primary needs (`N1` to `N9`, `N0`), `SEN type` DfE codes, several parted by `;`;
`Lawful basis` codes of `events.basis`, several parted by `;`; blank means the bases of the sharing agreement (below).
"""

from __future__ import annotations

from typing import Final

from events.basis import LawfulBasis, Purpose
from hub.connectors import dfe_codes, facts, parties
from hub.connectors.cells import Row
from hub.connectors.contract import Read
from hub.connectors.table import csv_connector
from hub.submission import Referral, Source

# A school asks the council for early help as the privacy notice says: public task, social care, duty to co-operate.
AGREED_BASIS: Final = (LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H, LawfulBasis.CA2004_S10)

_PARENT: Final = ("surname", "forename", "relationship", "parental responsibility", "phone", "email")

COLUMNS: Final = (
    "Reference",
    "Date of referral",
    "School URN",
    "DfE number",
    "School name",
    "Referrer",
    "UPN",
    "Former UPN",
    "NHS number",
    "Surname",
    "Forename",
    "Middle names",
    "Preferred surname",
    "Preferred forename",
    "Former surname",
    "Date of birth",
    "Sex",
    "Ethnicity",
    "Home language",
    "Year group",
    "Address line 1",
    "Address line 2",
    "Town",
    "Postcode",
    "Restricted address",
    *(f"Parent {n} {part}" for n in (1, 2) for part in _PARENT),
    "SEN provision",
    "SEN type",
    "Concern codes",
    "Reason",
    "Help asked for",
    "Family agrees",
    "Urgency",
    "Lawful basis",
)
REQUIRED: Final = ("Date of referral", "Surname", "Forename", "Date of birth", "Reason")


def translate(row: Row) -> Read:
    """One row as a referral."""
    at = row.instant("Date of referral")
    home = parties.address(row)
    pupil = parties.child(row, home=home)
    parents = parties.adults(row, ("Parent 1", "Parent 2"), home)
    if to_review := parties.review(pupil, parents, at, row.found(), "Date of birth"):
        return to_review
    return Referral(
        source=Source(
            message_id=row.line("Reference"), organisation=row.line("School name"), practitioner=row.line("Referrer")
        ),
        lawful_basis=row.basis(AGREED_BASIS),
        purpose=Purpose.EARLY_HELP,
        occurred_at=at,
        subject=pupil,
        adults=parents,
        facts=(
            *facts.of_codes("sen-provision", row.coded("SEN provision", dfe_codes.SEN_PROVISION)),
            *facts.of_codes("sen-type", row.coded("SEN type", dfe_codes.SEN_TYPE)),
        ),
        concerns=row.coded("Concern codes", dfe_codes.PRIMARY_NEED),
        concern=row.needed("Reason"),
        request=row.text("Help asked for"),
        family_agreement=row.answer("Family agrees"),
        urgency=row.urgency("Urgency"),
    )


CONNECTOR: Final = csv_connector(
    name="school-referral",
    title="School referral form (CSV)",
    suffix=".school-referral.csv",
    columns=COLUMNS,
    required=REQUIRED,
    translate=translate,
)
