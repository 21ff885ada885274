"""School referral form as CSV: one row asks for help for one pupil.

Dates `dd/mm/yyyy`. `Sex` F, M, X or U; yes/no columns `yes`, `no`, `not asked`, `not known`; `Urgency` routine, soon
or urgent; `Concern codes` are CIN primary needs (`N1` to `N9`, `N0`), `SEN type` DfE codes, several parted by `;`;
`Lawful basis` codes of `events.basis`, several parted by `;`.
"""

from __future__ import annotations

from typing import Final

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
