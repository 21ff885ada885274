"""One row of an agency's table, and how its cells are read. A cell that cannot be read refuses its row, by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from events.basis import LawfulBasis
from events.description import Answer, Code, CodedValue, Line, Text
from hub.connectors import dfe_codes, when
from hub.submission import Refusal, Urgency

T = TypeVar("T")

_LINE: Final = TypeAdapter(Line)
_TEXT: Final = TypeAdapter(Text)
_CODE: Final = TypeAdapter(Code)
_BREAKS: Final = re.compile(r"[\r\n\t]+")
_ANSWERS: Final = {
    "yes": Answer.YES,
    "y": Answer.YES,
    "no": Answer.NO,
    "n": Answer.NO,
    "not asked": Answer.NOT_ASKED,
    "not known": Answer.NOT_KNOWN,
    "unknown": Answer.NOT_KNOWN,
}


class CellRefused(Exception):
    """A part cannot be read: `refusal` names the place and how to mend it, never the value."""

    def __init__(self, code: str, detail: str, pointer: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, detail, pointer)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by the name of their column, without surrounding blanks. A blank cell and a missing column read as None."""

    number: int
    cells: Mapping[str, str]

    def line(self, column: str) -> str | None:
        """A single line; line breaks inside the cell become blanks."""
        cell = self.cells.get(column)
        return self._fit(_LINE, _BREAKS.sub(" ", cell), column) if cell else None

    def text(self, column: str) -> str | None:
        """Words as written, line breaks and all."""
        cell = self.cells.get(column)
        return self._fit(_TEXT, cell, column) if cell else None

    def needed(self, column: str) -> str:
        """Words that must be there."""
        found = self.text(column)
        if found is None:
            raise CellRefused("missing-value", "This column must not be blank", column)
        return found

    def needed_line(self, column: str) -> str:
        """A single line that must be there."""
        found = self.line(column)
        if found is None:
            raise CellRefused("missing-value", "This column must not be blank", column)
        return found

    def day(self, column: str) -> date:
        """A date `dd/mm/yyyy` that must be there."""
        return self._date(when.day, self.needed(column), column)

    def partial(self, column: str) -> str | None:
        """A date to the precision given, ISO 8601."""
        cell = self.cells.get(column)
        return self._date(when.partial, cell, column) if cell else None

    def instant(self, day_column: str, clock_column: str | None = None) -> datetime:
        """The moment a date column and, where filled, a time column tell; midnight without a time."""
        on = self.day(day_column)
        cell = self.cells.get(clock_column) if clock_column else None
        if not clock_column or not cell:
            return when.instant(on)
        try:
            return when.instant(on, when.clock(cell))
        except ValueError:
            raise CellRefused("time-format", "Write a time that exists as HH:MM", clock_column) from None

    def answer(self, column: str) -> Answer:
        """Yes, no, not asked or not known; blank is not known."""
        return self.choice(column, _ANSWERS, Answer.NOT_KNOWN)

    def marker(self, column: str) -> bool:
        """A protection marker: set by anything but blank or no, so that a misread one fails safe."""
        return self.cells.get(column, "").casefold() not in {"", "no", "n", "false", "0"}

    def choice(self, column: str, choices: Mapping[str, T], blank: T) -> T:
        """One of the listed words, in any case."""
        cell = self.cells.get(column)
        if not cell:
            return blank
        found = choices.get(cell.casefold())
        if found is None:
            raise CellRefused("unknown-word", f"Must be one of: {', '.join(choices)}", column)
        return found

    def urgency(self, column: str) -> Urgency:
        """How soon an answer is asked for; blank is routine."""
        return self.choice(column, {urgency.lower(): urgency for urgency in Urgency}, Urgency.ROUTINE)

    def codes(self, column: str) -> tuple[str, ...]:
        """Codes parted by `;`."""
        parts = (part.strip() for part in self.cells.get(column, "").split(";"))
        return tuple(self._fit(_CODE, part, column) for part in parts if part)

    def coded(self, column: str, scheme: str) -> tuple[CodedValue, ...]:
        """Codes of one scheme with their meaning; an unknown code is kept and has none."""
        return tuple(dfe_codes.coded(scheme, code) for code in self.codes(column))

    def basis(self, default: tuple[LawfulBasis, ...], column: str = "Lawful basis") -> tuple[LawfulBasis, ...]:
        """The bases the sender names; where it names none, those of its sharing agreement."""
        try:
            named = tuple(dict.fromkeys(LawfulBasis(code.upper()) for code in self.codes(column)))
        except ValueError:
            raise CellRefused("unknown-basis", "Must be lawful basis codes parted by ;", column) from None
        return named or default

    def found(self) -> dict[str, str]:
        """Every filled cell, for the person who has to look."""
        return {column: cell for column, cell in self.cells.items() if cell}

    @staticmethod
    def _fit(shape: TypeAdapter[str], cell: str, column: str) -> str:
        try:
            return shape.validate_python(cell)
        except ValidationError:
            raise CellRefused("bad-text", "Too long, or has control characters", column) from None

    @staticmethod
    def _date(read: Callable[[str], T], cell: str, column: str) -> T:
        try:
            return read(cell)
        except ValueError:
            raise CellRefused("date-format", "Write dates that exist as dd/mm/yyyy", column) from None
