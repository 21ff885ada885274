"""Dates and times as people read them: GOV.UK style, London time. The one place that writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from govuk_bank_holidays.bank_holidays import BankHolidays

from projections.working_days import LONDON

_MONTH: Final = len("2016-04")
_YEAR: Final = len("2016")
_NOON: Final = 12
_MONTHS_UNTIL_YEARS: Final = 24


def day(when: date | datetime) -> str:
    """`3 November 2026`; an instant is read in London."""
    found = london_day(when) if isinstance(when, datetime) else when
    return f"{found.day} {found:%B %Y}"


def clock(when: datetime) -> str:
    """`2:05pm`, `9am`, `midday`, `midnight`."""
    local = when.astimezone(LONDON).time().replace(second=0, microsecond=0)
    if local == time(0):
        return "midnight"
    if local == time(_NOON):
        return "midday"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % _NOON or _NOON}{minutes}{'pm' if local.hour >= _NOON else 'am'}"


def moment(when: datetime) -> str:
    """`3 November 2026 at 2:05pm`."""
    return f"{day(when)} at {clock(when)}"


def london_day(when: datetime) -> date:
    """The calendar day in London."""
    return when.astimezone(LONDON).date()


def two_clocks(occurred_at: datetime, recorded_at: datetime) -> str:
    """When it happened and when the hub learnt of it, in one sentence."""
    learnt = "the same day" if london_day(occurred_at) == london_day(recorded_at) else day(recorded_at)
    return f"Happened {day(occurred_at)}; the hub learnt of it {learnt}"


def due(on: date, today: date) -> str:
    """`Due 27 November 2026 (3 working days)`, counted from today."""
    if on == today:
        left = "today"
    elif on > today:
        left = _working_days(today, on)
    else:
        left = f"overdue by {_working_days(on, today)}"
    return f"Due {day(on)} ({left})"


def up_to_date(when: datetime, now: datetime) -> str:
    """`Up to date to 2:05pm`, with the day if it is not today."""
    return f"Up to date to {clock(when) if london_day(when) == london_day(now) else moment(when)}"


def birth(text: str | None) -> str:
    """A date of birth to the precision known: `9 April 2016`, `April 2016`, `2016`."""
    if not text:
        return "Not known"
    if len(text) == _YEAR:
        return text
    if len(text) == _MONTH:
        return f"{date.fromisoformat(text + '-01'):%B %Y}"
    return day(date.fromisoformat(text))


def born(text: str | None) -> str:
    """`born 9 April 2016`, or `birth not known`: behind a name."""
    return f"born {birth(text)}" if text else "birth not known"


def age(text: str | None, today: date) -> str:
    """`7 years`, `11 months`, `about 7 years` where the day of birth is not known, `not born yet`."""
    if not text:
        return "age not known"
    if len(text) == _YEAR:
        years = today.year - int(text)
        return "not born yet" if years < 0 else f"about {_counted(years, 'year')}"
    about = "about " if len(text) == _MONTH else ""
    born = date.fromisoformat(text if not about else f"{text}-01")
    if born > today:
        return "not born yet"
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return about + (_counted(months, "month") if months < _MONTHS_UNTIL_YEARS else _counted(months // 12, "year"))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _working_days(after: date, upto: date) -> str:
    """Working days behind `after`, the last one included."""
    days = (after + timedelta(days=number) for number in range(1, (upto - after).days + 1))
    return _counted(sum(_is_work_day(each) for each in days), "working day")


@cache
def _is_work_day(each: date) -> bool:
    return bool(_calendar().is_work_day(each, BankHolidays.ENGLAND_AND_WALES))


@cache
def _calendar() -> BankHolidays:
    return BankHolidays(use_cached_holidays=True)
