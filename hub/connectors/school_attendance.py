"""School attendance and suspension list as CSV: one row tells one week of one pupil, or one suspension.

`Record` is `attendance` or `suspension`. Attendance: `Date` is the first day, `Attendance codes` one register code for
each session from that morning on, parted by blanks (`/ \\ / \\ N N I I / \\`). Suspension: `Date` is its first day,
`Category` `suspension` or `permanent`, `Reason 1` to `Reason 3` the DfE codes in order, `Sessions lost` a number.
"""

from __future__ import annotations

from typing import Final

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
