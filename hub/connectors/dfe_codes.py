"""DfE code sets (CBDS) as standards.md §7 lists them. A code never travels without its scheme; unknown ones are kept.

Codes marked there for checking (SEN `DS`, exclusion `BU`, `DM`, `TH`, `PH`) are in; old attendance codes are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from events.description import CodedValue

ETHNICITY: Final = "DFE_ETHNICITY"
SEN_PROVISION: Final = "DFE_SEN_PROVISION"
SEN_TYPE: Final = "DFE_SEN_TYPE"
ATTENDANCE: Final = "DFE_ATTENDANCE"
EXCLUSION_REASON: Final = "DFE_EXCLUSION_REASON"
PRIMARY_NEED: Final = "CIN_PRIMARY_NEED"


class Session(Enum):
    """What a register code says of a session."""

    PRESENT = auto()
    ELSEWHERE = auto()
    AUTHORISED = auto()
    UNABLE = auto()
    UNAUTHORISED = auto()
    NOT_COUNTED = auto()


SESSIONS: Final[dict[str, Session]] = (
    dict.fromkeys(("/", "\\", "L"), Session.PRESENT)
    | dict.fromkeys(("K", "V", "P", "W", "B", "D"), Session.ELSEWHERE)
    | dict.fromkeys(("C", "C1", "C2", "J1", "M", "R", "S", "T", "E", "I"), Session.AUTHORISED)
    | dict.fromkeys(("Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"), Session.UNABLE)
    | dict.fromkeys(("G", "N", "O", "U"), Session.UNAUTHORISED)
    | dict.fromkeys(("X", "Z", "#"), Session.NOT_COUNTED)
)

EXCLUSION_REASONS: Final = {
    "PP": "Physical assault against a pupil",
    "PA": "Physical assault against an adult",
    "VP": "Verbal abuse or threatening behaviour against a pupil",
    "VA": "Verbal abuse or threatening behaviour against an adult",
    "OW": "Use or threat of an offensive weapon or prohibited item",
    "BU": "Bullying",
    "RA": "Racist abuse",
    "LG": "Abuse against sexual orientation and gender identity",
    "DS": "Abuse relating to disability",
    "SM": "Sexual misconduct",
    "DA": "Drug and alcohol related",
    "DM": "Damage",
    "TH": "Theft",
    "DB": "Persistent or general disruptive behaviour",
    "MT": "Inappropriate use of social media or online technology",
    "PH": "Wilful and repeated transgression of protective measures for public health",
}

SEN_PROVISIONS: Final = {
    "N": "No special educational need",
    "K": "SEN support",
    "E": "Education, health and care plan",
    "S": "Statement (legacy)",
    "A": "School action (legacy)",
    "P": "School action plus (legacy)",
}

SEN_TYPES: Final = {
    "SPLD": "Specific learning difficulty",
    "MLD": "Moderate learning difficulty",
    "SLD": "Severe learning difficulty",
    "PMLD": "Profound and multiple learning difficulty",
    "SEMH": "Social, emotional and mental health",
    "SLCN": "Speech, language and communication needs",
    "HI": "Hearing impairment",
    "VI": "Vision impairment",
    "MSI": "Multi-sensory impairment",
    "PD": "Physical disability",
    "ASD": "Autistic spectrum disorder",
    "OTH": "Other difficulty",
    "NSA": "SEN support but no specialist assessment of type of need",
    "DS": "Down syndrome",
}

ETHNICITIES: Final = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish heritage",
    "WROM": "Gypsy or Roma",
    "WOTH": "Any other White background",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "Any other mixed background",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "AOTH": "Any other Asian background",
    "BCRB": "Caribbean",
    "BAFR": "African",
    "BOTH": "Any other Black background",
    "CHNE": "Chinese",
    "OOTH": "Any other ethnic group",
    "REFU": "Refused",
    "NOBT": "Not yet obtained",
}

PRIMARY_NEEDS: Final = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability",
    "N3": "Parental disability or illness",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
    "N9": "Cases other than children in need",
    "N0": "Not stated",
}


MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    ETHNICITY: ETHNICITIES,
    SEN_PROVISION: SEN_PROVISIONS,
    SEN_TYPE: SEN_TYPES,
    EXCLUSION_REASON: EXCLUSION_REASONS,
    PRIMARY_NEED: PRIMARY_NEEDS,
}


def coded(scheme: str, code: str) -> CodedValue:
    """The code with its meaning; an unknown one, or one of another scheme, is kept and has none."""
    return CodedValue(scheme=scheme, code=code, text=MEANINGS.get(scheme, {}).get(code.upper()))
