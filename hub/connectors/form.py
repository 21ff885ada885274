"""Referral form of a nursery, charity, youth or specialist support service, as CSV or JSON.

One row (or one JSON object with the same names) asks for help for one child; siblings on the form are separate people
of one household. `Setting type` is `nursery`, `charity`, `youth` or `specialist support`. `Child unborn` `yes`: the date
of birth is the expected one. `Concern ticks` are the ticked boxes, parted by `;`.
"""

from __future__ import annotations

from typing import Final

_ADULT: Final = ("surname", "forename", "date of birth", "relationship", "parental responsibility", "phone", "email")
_SIBLING: Final = ("surname", "forename", "date of birth", "sex", "UPN", "NHS number")

COLUMNS: Final = (
    "Reference",
    "Date",
    "Setting name",
    "Setting type",
    "Ofsted number",
    "Charity number",
    "Referrer",
    "Child surname",
    "Child forename",
    "Child middle names",
    "Child preferred forename",
    "Child date of birth",
    "Child date of birth estimated",
    "Child unborn",
    "Child sex",
    "Child ethnicity",
    "Child home language",
    "Child UPN",
    "Child NHS number",
    "Child school",
    "Address line 1",
    "Address line 2",
    "Town",
    "Postcode",
    "Restricted address",
    *(f"Adult {n} {part}" for n in (1, 2) for part in _ADULT),
    *(f"Sibling {n} {part}" for n in (1, 2, 3, 4) for part in _SIBLING),
    "Concern ticks",
    "Concern",
    "Help asked for",
    "Family agrees",
    "Urgency",
    "Lawful basis",
)
REQUIRED: Final = ("Date", "Child surname", "Child forename", "Child date of birth", "Concern")
