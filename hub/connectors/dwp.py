"""DWP list as CSV by local agreement: one row tells of one claimant and the children of the household.

UTF-8 (with or without a byte-order mark) or Windows-1252. The NI number identifies the claimant, never a child. `Kind`
is `state` or `involvement`; `Concern` is `housing`, `income` or `vulnerability`. A row without a named child is for a
person to look at.
"""

from __future__ import annotations

from typing import Final

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
