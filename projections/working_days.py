"""The working-day clock: an agency is acknowledged within one working day (Working Together 2023).

Asked when read and never stored: a bank holiday proclaimed later mends old rows at once, and handlers stay pure.
Days are days in London; England's bank holidays come bundled with `govuk-bank-holidays` (renew it yearly).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

LONDON: Final = ZoneInfo("Europe/London")


def due_on(received_at: datetime) -> date:
    """The day by whose end a referral must be acknowledged: the first working day after the one it came on."""
    day: date = _calendar().get_next_work_day(BankHolidays.ENGLAND_AND_WALES, received_at.astimezone(LONDON).date())
    return day


def overdue_before(now: datetime) -> datetime:
    """What came before this instant and is not acknowledged is overdue: its due day is over.

    Due days never decrease with the time of arrival, so one instant divides all arrivals and a queue's index answers.
    """
    today = now.astimezone(LONDON).date()
    last: date = _calendar().get_prev_work_day(BankHolidays.ENGLAND_AND_WALES, today)
    return datetime.combine(last, time.min, LONDON).astimezone(UTC)


@cache
def _calendar() -> BankHolidays:
    return BankHolidays(use_cached_holidays=True)
