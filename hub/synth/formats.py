"""The names of the formats, as the hub's connectors are called."""

from __future__ import annotations

from typing import Final

SCHOOL_REFERRAL: Final = "school-referral"
SCHOOL_ATTENDANCE: Final = "school-attendance"
CTF: Final = "ctf"
BARS_JSON: Final = "bars-json"
BARS_XML: Final = "bars-xml"
PPN: Final = "police-ppn-"  # with the name of the force
ENCOMPASS: Final = "police-encompass-"
DWP: Final = "dwp"
FORM_CSV: Final = "form-csv"
FORM_JSON: Final = "form-json"
