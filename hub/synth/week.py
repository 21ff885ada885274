"""An invented week: every agency's own files, in the order they are sent, with the truth about who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Final

from hub.synth import ctf, documents, formats, plan
from hub.synth.agencies import SCHOOLS, Agency, School
from hub.synth.bars import LONDON
from hub.synth.people import Child, Family, at_school, families
from hub.synth.slips import as_known
from hub.synth.telling import ACCEPTED, Telling
from hub.synth.truth import Truth, truths
from hub.synth.xml import Output

_SENT_AGAIN: Final = 0.08
_ROLL_TIME: Final = time(6, 30)
_SINGLE: Final = frozenset({formats.BARS_JSON, formats.BARS_XML, formats.FORM_JSON})
_WEEKLY: Final = frozenset({formats.DWP, formats.SCHOOL_ATTENDANCE})


@dataclass(frozen=True, slots=True)
class AgencyFile:
    """One file as its agency sends it. `at` is when, in UTC; `again` marks the same bytes sent a second time."""

    agency: Agency
    format: str
    name: str
    at: datetime
    write: Callable[[Output], None]
    truth: tuple[Truth, ...]
    again: bool = False


class Week:
    """The files of one week. Iterating again gives the same files; nothing depends on clock or machine.

    `start` is any day of the week; `faults` the share of parts that are wrong on purpose, 0 to 1.
    """

    def __init__(self, count: int, seed: int, start: date, faults: float = 0.03) -> None:
        self.count = count
        self.seed = seed
        self.monday = start - timedelta(days=start.weekday())
        self.faults = faults

    def __iter__(self) -> Iterator[AgencyFile]:
        everybody = tuple(families(self.count, self.seed, self.monday))
        files = [*self._messages(everybody), *self._rolls(everybody)]
        yield from sorted((*files, *self._again(files)), key=lambda file: (file.at, file.name))

    def _random(self, what: str) -> Random:
        return Random(f"{what} {self.seed}")  # noqa: S311 - repeatable on purpose

    def _messages(self, everybody: Iterable[Family]) -> Iterator[AgencyFile]:
        rng = self._random("week")
        groups: dict[tuple[str, str, str], list[Telling]] = defaultdict(list)
        for family in everybody:
            for telling in plan.tellings(family, rng, self.monday, self.faults):
                groups[telling.agency.code, telling.format, _bucket(telling)].append(telling)
        for (code, of_format, bucket), told in groups.items():
            name = f"{code}-{bucket}{documents.suffix(of_format)}"
            yield AgencyFile(
                told[0].agency,
                of_format,
                name,
                _utc(max(telling.sent for telling in told)),
                self._writer(name, told),
                truths(told),
            )

    def _writer(self, name: str, told: list[Telling]) -> Callable[[Output], None]:
        def write(out: Output) -> None:
            out.write(documents.document(told, self._random(name)))

        return write

    def _rolls(self, everybody: Iterable[Family]) -> Iterator[AgencyFile]:
        rng = self._random("rolls")
        on_roll: dict[str, list[tuple[Family, Child]]] = defaultdict(list)
        truth: dict[str, list[Truth]] = defaultdict(list)
        for family in everybody:
            known, slips = as_known(family, rng)
            for child in at_school(known, self.monday):
                school = plan.school_for(known, child, self.monday)
                on_roll[school.code].append((known, child))
                truth[school.code].append(
                    Truth(len(on_roll[school.code]), family.key, child.key, ACCEPTED, slips=slips[child.key])
                )
        for school in SCHOOLS:
            if on_roll[school.code]:
                name = ctf.file_name(school, 1)
                at = datetime.combine(self.monday, _ROLL_TIME)
                yield AgencyFile(
                    school, formats.CTF, name, _utc(at), self._roll_writer(school, at, on_roll[school.code]),
                    tuple(truth[school.code]),
                )  # fmt: skip

    def _roll_writer(
        self, school: School, at: datetime, on_roll: list[tuple[Family, Child]]
    ) -> Callable[[Output], None]:
        def write(out: Output) -> None:
            ctf.write(out, school, at, on_roll, self._random(school.code))

        return write

    def _again(self, files: Iterable[AgencyFile]) -> Iterator[AgencyFile]:
        """A nervous clerk sends a file twice: the same bytes under the same name, a day later."""
        rng = self._random("again")
        for file in files:
            if file.format != formats.CTF and rng.random() < _SENT_AGAIN:
                yield replace(file, at=file.at + timedelta(days=1), again=True)


def content(file: AgencyFile) -> bytes:
    """The whole file in memory; for a big roll, call `file.write` with a stream."""
    out = BytesIO()
    file.write(out)
    return out.getvalue()


def _bucket(telling: Telling) -> str:
    """What goes into one file: a message alone, a list for the week, or all of one day."""
    if telling.format in _SINGLE:
        return telling.reference
    return f"{telling.sent:%G-W%V}" if telling.format in _WEEKLY else f"{telling.sent:%Y-%m-%d}"


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=LONDON).astimezone(UTC)
