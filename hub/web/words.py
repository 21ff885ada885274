"""English for every code that a page or pack shows. An unknown code is shown as it is, and is no error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from events.basis import BASIS_LIST, AgencyKind
from hub.submission import REVIEW_REASONS

HUB: Final = "HUB"
NO_SIGN_IN: Final = "demonstration"
"""Who acts where nobody signs in."""

STATUS: Final = {"NEW": "New", "ACKNOWLEDGED": "Acknowledged", "WITHDRAWN": "Withdrawn"}
URGENCY: Final = {"ROUTINE": "Routine", "SOON": "Soon", "URGENT": "Urgent"}
KIND: Final = {
    "REFERRAL": "Referrals",
    "INFORMATION": "Information received",
    "STATUS": "What the hub did",
}
INFORMATION: Final = {
    "INVOLVEMENT": "An agency is involved with the family",
    "STATE": "How things stand",
    "EVENT": "Something happened",
}
ANSWER: Final = {"YES": "Yes", "NO": "No", "NOT_ASKED": "Not asked", "NOT_KNOWN": "Not known"}
SEX: Final = {"F": "Female", "M": "Male", "X": "Other", "U": "Not known"}
PERSON: Final = {"CHILD": "Child", "ADULT": "Adult"}
SCHEME: Final = {
    "NHS_NUMBER": "NHS number",
    "UPN": "Unique pupil number",
    "FORMER_UPN": "Former unique pupil number",
    "NI_NUMBER": "National Insurance number",
    "LOCAL": "Local reference",
}
PURPOSE: Final = {
    "EARLY_HELP": "Early help for the family",
    "EARLY_SUPPORT_0_5": "Early support from birth to 5",
    "OPERATION_ENCOMPASS": "Operation Encompass: telling the school of a domestic abuse incident",
    "SAFEGUARDING": "Keeping children safe",
    "ATTENDANCE": "School attendance",
    "SCHOOL_ROLL": "School roll",
    "SUPPORTING_FAMILIES": "Supporting Families programme",
}
BASIS: Final = {entry.code.value: entry.meaning for entry in BASIS_LIST}
AGENCY_KIND: Final = {
    AgencyKind.SCHOOL.value: "School",
    AgencyKind.NURSERY.value: "Nursery",
    AgencyKind.HEALTH.value: "Health",
    AgencyKind.YOUTH.value: "Youth service",
    AgencyKind.SPECIALIST_SUPPORT.value: "Specialist support",
    AgencyKind.DWP.value: "Department for Work and Pensions",
    AgencyKind.POLICE.value: "Police",
    AgencyKind.CHARITY.value: "Charity",
    AgencyKind.COUNCIL.value: "Council",
}
REVIEW: Final = REVIEW_REASONS
FOUND: Final = {"told": "What was told"}
FACT: Final = {
    "assessment-result": "Assessment result",
    "attendance-codes": "Attendance codes",
    "attendance-year": "Attendance in the year",
    "children-in-household": "Children in the household",
    "concern": "Concern noted",
    "domestic-abuse": "Domestic abuse",
    "enrolment": "Enrolment",
    "exclusion-category": "Kind of exclusion",
    "exclusion-reason": "Reason for exclusion",
    "free-school-meals": "Free school meals",
    "home-educated": "Educated at home",
    "incident-place": "Where it happened",
    "looked-after": "Looked after by a council",
    "marac": "Referred to a domestic abuse conference (MARAC)",
    "medical-flag": "Medical information held",
    "note": "Note",
    "present": "Was the child there?",
    "risk-grade": "Risk grade",
    "risk-level": "Risk level",
    "school-history": "Former school",
    "sen-provision": "Special educational needs provision",
    "sen-type": "Type of special educational need",
    "setting": "Kind of setting",
    "service-child": "Child of a service family",
    "sessions-lost": "Sessions lost",
    "sessions-missed": "Sessions missed",
    "sessions-possible": "Sessions possible",
    "sessions-unauthorised": "Sessions missed without permission",
    "sharing-gateway": "Why the sender may share it",
    "until": "Until",
    "voice": "In the child's words",
    "welfare-check": "Welfare check",
    "where": "Where the child was",
}
FACT_VALUE: Final[dict[str, dict[str, str]]] = {
    "enrolment": {"C": "Current", "M": "Current, main school of two", "S": "Current, second school", "G": "Guest"},
    "service-child": {"Y": "Yes", "N": "No", "U": "Not known", "R": "Not said"},
}
RELATIONSHIP: Final = {
    "CAR": "Carer",
    "FAM": "Other family member",
    "FOF": "Foster father",
    "FOM": "Foster mother",
    "OTH": "Other contact",
    "PAF": "Father",
    "PAM": "Mother",
    "REL": "Other relative",
    "STP": "Step-parent",
    "SWR": "Social worker",
}
LANGUAGE: Final = {
    "ARA": "Arabic",
    "BNG": "Bengali",
    "CHI": "Chinese",
    "ENG": "English",
    "LAV": "Latvian",
    "LIT": "Lithuanian",
    "PNJ": "Panjabi",
    "POL": "Polish",
    "POR": "Portuguese",
    "RUM": "Romanian",
    "RUS": "Russian",
    "SOM": "Somali",
    "TUR": "Turkish",
    "UKR": "Ukrainian",
    "URD": "Urdu",
    "YOR": "Yoruba",
}
NHS_ETHNICITY: Final = {
    "A": "White British",
    "B": "White Irish",
    "C": "Any other white background",
    "D": "White and Black Caribbean",
    "E": "White and Black African",
    "F": "White and Asian",
    "G": "Any other mixed background",
    "H": "Indian",
    "J": "Pakistani",
    "K": "Bangladeshi",
    "L": "Any other Asian background",
    "M": "Caribbean",
    "N": "African",
    "P": "Any other Black background",
    "R": "Chinese",
    "S": "Any other ethnic group",
    "Z": "Not stated",
    "99": "Not known",
}
_SHORT: Final = 12
_MOST_NAMES: Final = 3


def say(words: Mapping[str, str], code: str | None, missing: str = "Not known") -> str:
    """The words for a code; an unknown one without its hyphens and underscores."""
    if not code:
        return missing
    return words.get(code) or code.replace("_", " ").replace("-", " ").capitalize()


def fact(name: str, value: str) -> str:
    """What a fact says; a bare code or answer in words."""
    answers = {"yes": "Yes", "no": "No", "not known": "Not known", "no longer": "No longer"}
    return FACT_VALUE.get(name, answers).get(value, value)


def ethnicity(scheme: str, code: str, text: str | None) -> str:
    """An ethnic group in the sender's own list: lists are not mapped to each other, because that loses some."""
    return text or (NHS_ETHNICITY.get(code, code) if scheme == "NHS-ethnic-category" else code)


def agency(code: str, title: str) -> str:
    """An agency's title; the hub itself is not registered as one."""
    return "Early Help hub" if code == HUB else title


def called_family(people: Iterable[tuple[str, str | None]]) -> str:
    """A family is called by its children, as people do; by whoever is known where there are none.

    `people`: what each is called, and whether `CHILD` or `ADULT`.
    """
    everybody = list(people)
    found = [name for name, kind in everybody if kind == "CHILD"] or [name for name, _ in everybody]
    if not found:
        return "Family, names not known"
    more = len(found) - _MOST_NAMES
    return f"Family of {', '.join(found[:_MOST_NAMES])}" + (f" and {more} more" if more > 0 else "")


def bases(codes: tuple[str, ...]) -> str:
    """Lawful bases in words, one after the other."""
    return "; ".join(say(BASIS, code) for code in codes) or "Not recorded"


def actor(who: str) -> str:
    """Who decided: an opaque id, for reviewers are not known to the hub by name."""
    if who == NO_SIGN_IN:
        return "Somebody in the demonstration, without sign-in"
    kind, _, name = who.rpartition(":")
    return f"Operator {name}, by command" if kind == "cli" else f"Reviewer {who}"


def short(digest: str) -> str:
    """The first figures of a SHA-256, enough to tell versions apart."""
    return digest[:_SHORT]
