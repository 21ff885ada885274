"""Facts out of what a file tells. Their names are stable words, so that a read model can ask for them.

`attendance-codes`, `sessions-possible`, `sessions-missed`, `sessions-unauthorised`, `attendance-year`, `until`, `note`,
`exclusion-category`, `exclusion-reason`, `sessions-lost`, `sen-provision`, `sen-type`, `free-school-meals`,
`looked-after`, `service-child`, `medical-flag`, `assessment-result`, `school-history`, `enrolment`, `concern`,
`children-in-household`, `sharing-gateway`, `setting`, `domestic-abuse`, `incident-place`, `risk-grade`, `risk-level`,
`marac`, `present`, `where`, `voice`, `home-educated`, `welfare-check`.
"""

from __future__ import annotations

from collections.abc import Iterable

from events.description import CodedValue
from hub.submission import Fact


def of_text(name: str, value: str | None) -> tuple[Fact, ...]:
    """One fact, or none where nothing is told."""
    return (Fact(name=name, value=value),) if value else ()


def of_codes(name: str, codes: Iterable[CodedValue]) -> tuple[Fact, ...]:
    """One fact for each code; an unknown code is shown as itself."""
    return tuple(Fact(name=name, value=code.text or code.code, code=code) for code in codes)
