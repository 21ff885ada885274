"""From tellings to the bytes of one file, by format."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

import orjson

from hub.connectors import dwp, form, school_attendance, school_referral
from hub.synth import bars, formats, other_rows, police_rows, school_rows
from hub.synth.people import Child
from hub.synth.tables import table
from hub.synth.telling import Telling

_FROM_A_SPREADSHEET: Final = 0.5
_SUFFIXES: Final = {formats.BARS_JSON: ".bars.json", formats.BARS_XML: ".bars.xml", formats.FORM_JSON: ".form.json"}


def suffix(of_format: str) -> str:
    """How the file's name ends, so that a sender can tell its format."""
    if of_format == formats.FORM_CSV:
        return ".form.csv"
    return _SUFFIXES.get(of_format, f".{of_format}.csv")


def document(told: Sequence[Telling], rng: Random) -> bytes:
    """The file that holds these tellings, all of one agency and one format."""
    first = told[0]
    match first.format:
        case formats.FORM_JSON:
            return orjson.dumps(other_rows.form(first, _child(first), rng), option=orjson.OPT_INDENT_2)
        case formats.BARS_JSON | formats.BARS_XML:
            return bars.message(first, _child(first), rng, xml=first.format == formats.BARS_XML)
        case _:
            return _table(told, rng)


def _table(told: Sequence[Telling], rng: Random) -> bytes:
    match told[0].format:
        case formats.SCHOOL_REFERRAL:
            rows = [school_rows.referral(each, _child(each), rng) for each in told]
            return table(school_referral.COLUMNS, rows, spreadsheet=rng.random() < _FROM_A_SPREADSHEET)
        case formats.SCHOOL_ATTENDANCE:
            return table(school_attendance.COLUMNS, [school_rows.attendance(each, _child(each), rng) for each in told])
        case formats.DWP:
            return table(dwp.COLUMNS, [other_rows.jobcentre(each, rng) for each in told], old=True)
        case formats.FORM_CSV:
            return table(form.COLUMNS, [other_rows.form(each, _child(each), rng) for each in told])
        case _:
            columns = police_rows.notice_map(told[0]).columns()
            return table(columns, [police_rows.notice(each, rng) for each in told])


def _child(telling: Telling) -> Child:
    if telling.child is None:
        raise ValueError("this format needs a named child")
    return telling.child
