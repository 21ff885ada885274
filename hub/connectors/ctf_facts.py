"""What a CTF tells of a pupil besides the people: needs, meals, care, attendance, results, schools."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from events.description import CodedValue
from hub.connectors import dfe_codes
from hub.connectors import facts as named
from hub.connectors.xml_stream import Branch
from hub.submission import Fact

_LONGEST_CODE: Final = 64
_MOST_RESULTS: Final = 100
_MOST_YEARS: Final = 20
_MOST_SCHOOLS: Final = 20
_YES_NO: Final = {"true": "yes", "1": "yes", "false": "no", "0": "no"}


def facts(pupil: Branch) -> Iterator[Fact]:
    """Facts in a steady order. What is absent is not told as no."""
    yield from _needs(pupil)
    yield from _meals(pupil)
    in_care = pupil.get("LookedAfter/InCare")
    yield from named.of_text("looked-after", _YES_NO.get(in_care or "", in_care))
    medical = pupil.get("BasicDetails/MedicalFlag")
    yield from named.of_text("medical-flag", _YES_NO.get(medical or "", medical))
    yield from named.of_text("service-child", pupil.get("BasicDetails/ServiceChild"))
    yield from named.of_text("enrolment", pupil.get("BasicDetails/EnrolStatus"))
    for year in pupil.all("Attendance/YearData")[:_MOST_YEARS]:
        yield from named.of_text("attendance-year", _attendance(year))
    for stage in pupil.all("StageAssessments/KeyStage"):
        for result in islice(stage.all("StageAssessment"), _MOST_RESULTS):
            yield from named.of_text("assessment-result", _result(stage, result))
    for school in pupil.all("SchoolHistory/School")[:_MOST_SCHOOLS]:
        yield from named.of_text("school-history", _school(school))


def _needs(pupil: Branch) -> Iterator[Fact]:
    """Provision by its latest start; types by rank, 1 being the primary one."""
    provisions = sorted(pupil.all("SENhistory/SEN"), key=lambda sen: sen.get("StartDate") or "")
    if provisions:
        yield from _coded("sen-provision", dfe_codes.SEN_PROVISION, provisions[-1].get("SENprovision"))
    for need in sorted(pupil.all("SENhistory/SENneeds/SENneed"), key=lambda need: need.get("SENtypeRank") or "9")[:10]:
        yield from _coded("sen-type", dfe_codes.SEN_TYPE, need.get("SENtype"))


def _meals(pupil: Branch) -> Iterator[Fact]:
    """An instance without an end is open: the child has free school meals now."""
    instances = pupil.all("FSMhistory/FSMinstance")
    if instances:
        still = any(instance.get("FSMendDate") is None for instance in instances)
        yield Fact(name="free-school-meals", value="yes" if still else "no longer")


def _attendance(year: Branch) -> str | None:
    """A sentence of the sessions told; a number that is missing is left out."""
    told = (
        ("possible", year.get("SessionsPossible")),
        ("attended", year.get("SessionsAttended")),
        ("authorised absence", year.get("SessionsAuthorised")),
        ("unauthorised absence", year.get("SessionsUnauthorised")),
    )
    sessions = ", ".join(f"{count} {name}" for name, count in told if count)
    return f"{year.get('Year') or 'Year not given'}: sessions {sessions}" if sessions else None


def _result(stage: Branch, result: Branch) -> str | None:
    value = result.get("Result")
    if value is None:
        return None
    where = (
        stage.get("Stage"),
        result.get("Year"),
        result.get("Subject"),
        result.get("Component"),
        result.get("Method"),
    )
    return f"{' '.join(part for part in where if part)}: {value}"


def _school(school: Branch) -> str | None:
    entry, leaving = school.get("EntryDate"), school.get("LeavingDate")
    parts = (school.get("SchoolName"), f"from {entry}" if entry else None, f"until {leaving}" if leaving else None)
    return " ".join(part for part in parts if part) or None


def _coded(name: str, scheme: str, code: str | None) -> Iterator[Fact]:
    """A code longer than any code stays in the raw copy only."""
    if code and len(code) <= _LONGEST_CODE:
        coded: CodedValue = dfe_codes.coded(scheme, code)
        yield from named.of_codes(name, (coded,))
