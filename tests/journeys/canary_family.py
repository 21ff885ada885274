"""A family of which every word is a canary: unlike any other word, so that it can be searched for everywhere."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples" / "agencies"

NAMES = ("Quillwyxova", "Zebbedanth", "Ottilyx", "Wyxmother-Vane", "Perpetrux")
TOLD = (
    "brobdignar", "flumdingle", "grindlewort", "Wyxquill", "Zanderbury", "01632960417", "zq417", "Quenyish",
    "Wyxian", "step-wyxaunt", "Canarium", "Wimbleflax", "Wyxfold", "ZEB-4417", "CASEZEB-88", "2016-02-29",
    "29/02/2016", "B801200005001", "9434765919", "AB123456C", "PE1 9VV", "PE19VV",
)  # fmt: skip
"""What else is told of it. Identifiers and the postcode are valid in form and given to nobody."""
CANARIES = NAMES + TOLD


def referral() -> dict[str, object]:
    """The family as its charity tells it, every field filled."""
    address = {"lines": ["7 Wyxquill Yard"], "town": "Zanderbury", "postcode": "PE1 9VV"}
    contacts = [{"kind": "phone", "value": "01632960417"}, {"kind": "email", "value": "zq417@invented.example"}]
    return {
        "source": {
            "system": "Invented",
            "message_id": "ZEB-4417",
            "case_reference": "CASEZEB-88",
            "organisation": "Wyxfold House",
            "practitioner": "P. Wimbleflax",
        },
        "lawful_basis": ["ART6_1_E", "ART9_2_H", "CA2004_S10"],
        "purpose": "EARLY_HELP",
        "occurred_at": (datetime.now(UTC) - timedelta(days=14)).isoformat(),
        "subject": {
            "name": {"family": "Quillwyxova", "given": "Zebbedanth", "middle": "Ottilyx", "former_family": "Perpetrux"},
            "birth": {"date": "2016-02-29"},
            "ethnicity": {"scheme": "LOCAL", "code": "WX", "text": "Wyxian"},
            "language": "Quenyish",
            "school": "Canarium School",
            "address": address,
            "identifiers": [
                {"scheme": "UPN", "value": "B801200005001"},
                {"scheme": "NHS_NUMBER", "value": "9434765919"},
            ],
        },
        "adults": [
            {
                "name": {"family": "Wyxmother-Vane", "given": "Ottilyx"},
                "relationship": "step-wyxaunt",
                "address": address,
                "contacts": contacts,
                "identifiers": [{"scheme": "NI_NUMBER", "value": "AB123456C"}],
            }
        ],
        "facts": [{"name": "at-home", "value": "grindlewort"}],
        "concern": "brobdignar sleeps badly",
        "request": "a flumdingle worker",
    }


def school_rows() -> bytes:
    """The same child in its school's own list, in one good row and one with a date that is none."""
    with (SAMPLES / "invented.school-referral.csv").open(encoding="utf-8-sig", newline="") as sample:
        header, row = list(csv.reader(sample))[:2]
    told = dict(zip(header, row, strict=True)) | {
        "Reference": "ZEB-4417-S",
        "Referrer": "P. Wimbleflax",
        "UPN": "B801200005001",
        "NHS number": "9434765919",
        "Surname": "Quillwyxova",
        "Forename": "Zebbedanth",
        "Preferred forename": "Ottilyx",
        "Date of birth": "29/02/2016",
        "Home language": "Quenyish",
        "Address line 1": "7 Wyxquill Yard",
        "Town": "Zanderbury",
        "Parent 1 surname": "Wyxmother-Vane",
        "Parent 1 phone": "01632960417",
        "Reason": "brobdignar misses lessons",
    }
    out = StringIO()
    rows = csv.DictWriter(out, header)
    rows.writeheader()
    rows.writerow(told)
    rows.writerow(told | {"Reference": "ZEB-4417-T", "Date of birth": "Zebbedanth"})
    return out.getvalue().encode()


def encompass_rows() -> bytes:
    """The same child in the police's notice."""
    sample = (SAMPLES / "invented.police-encompass-ousedale.csv").read_text("utf-8-sig")
    for before, after in (
        ("Madeup,Lee,02/02/2014", "Quillwyxova,Zebbedanth,29/02/2016"),
        ("E-1", "ZEB-4417-E"),
        ("C-9", "CASEZEB-88"),
    ):
        assert before in sample
        sample = sample.replace(before, after)
    return sample.encode()
