"""CSV files, row by row at flat memory. Whatever makes a file unreadable refuses all of it and says what to mend."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from pydantic import ValidationError

from hub.connectors.cells import CellRefused, Row
from hub.connectors.contract import Connector, Read
from hub.submission import FileRefused, Item, Refusal

MAX_ROW_BYTES: Final = 262_144
MAX_ROWS: Final = 500_000
MAX_COLUMNS: Final = 500

Translate = Callable[[Row], Read]


def csv_connector(
    *,
    name: str,
    title: str,
    suffix: str,
    columns: tuple[str, ...],
    required: tuple[str, ...],
    translate: Translate,
    encodings: tuple[str, ...] = ("utf-8",),
) -> Connector:
    """A connector for a CSV with these columns, in any order and case; unknown ones are ignored.

    `Reference`, if it is a column, must not repeat: it is the sender's idempotency key.
    """

    def check(stream: BinaryIO) -> None:
        for _ in rows(stream, columns, required, encodings):
            pass

    def read(stream: BinaryIO) -> Iterator[Item]:
        once = Once("Reference")
        for row in rows(stream, columns, required, encodings):
            yield Item(row.number, once.refused(row) or attempt(translate, row))

    return Connector(name, title, "text/csv", (suffix,), check, read)


def attempt(translate: Translate, row: Row) -> Read:
    """What became of one row; a fault in it is its refusal."""
    try:
        return translate(row)
    except CellRefused as fault:
        return fault.refusal
    except ValidationError as fault:  # cells that read well and yet do not fit the contract together
        return Refusal("bad-value", f"Row {row.number} does not fit", "/".join(map(str, fault.errors()[0]["loc"])))


class Once:
    """Remembers the references of a file and refuses the second row with the same one."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._seen: dict[int, int] = {}  # hashes: a long file's references stay small

    def refused(self, row: Row) -> Refusal | None:
        """The refusal of a repeated reference, else None; a blank one repeats nothing."""
        reference = row.cells.get(self._column)
        if not reference:
            return None
        first = self._seen.setdefault(hash(reference), row.number)
        if first == row.number:
            return None
        return Refusal("repeated-reference", f"Row {first} has the same reference", self._column)


def rows(
    stream: BinaryIO, columns: tuple[str, ...], required: tuple[str, ...], encodings: tuple[str, ...] = ("utf-8",)
) -> Iterator[Row]:
    """The rows of a CSV, numbered from 1 below the header; rows of blanks are stepped over, yet counted."""
    source = _Lines(stream, encodings)
    reader = csv.reader(source, strict=True)
    names = _names(_next(reader, source), columns, required)
    number = 0
    filled = 0
    while (cells := _next(reader, source)) is not None:
        number += 1
        if number > MAX_ROWS:
            raise _refused("too-many-rows", f"Split the file: more than {MAX_ROWS} rows")
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        if len(cells) != len(names):
            raise _refused("ragged-row", f"Row {number} has {len(cells)} cells where the header has {len(names)}")
        filled += 1
        yield Row(number, {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name})
    if not filled:
        raise _refused("no-rows", "The file has a header and nothing below it")


def _names(header: list[str] | None, columns: tuple[str, ...], required: tuple[str, ...]) -> list[str | None]:
    """For each cell of the header the column it names; None for a column nobody knows."""
    if header is None:
        raise _refused("empty-file", "The file is empty")
    if len(header) > MAX_COLUMNS:
        raise _refused("too-many-columns", f"More than {MAX_COLUMNS} columns")
    said = [" ".join(cell.split()).casefold() for cell in header]
    if doubled := [place for place, cell in enumerate(said) if cell and cell in said[:place]]:
        # By place: a file without a header has somebody's data here, and a refusal tells none.
        raise _refused("doubled-columns", f"Column {doubled[0] + 1} has the name of an earlier one")
    known = {column.casefold(): column for column in columns}
    names = [known.get(cell) for cell in said]
    if missing := [column for column in required if column not in names]:
        raise _refused("missing-columns", f"These columns are missing: {', '.join(missing)}")
    return names


class _Lines:
    """Decoded lines for the csv reader, none longer than a row may be."""

    def __init__(self, stream: BinaryIO, encodings: tuple[str, ...]) -> None:
        self._stream = stream
        self._encodings = encodings
        self._row_bytes = 0
        self._first = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._stream.readline(MAX_ROW_BYTES + 1)
        if not raw:
            raise StopIteration
        self._row_bytes += len(raw)
        if self._row_bytes > MAX_ROW_BYTES:
            raise _refused("row-too-long", f"A row has more than {MAX_ROW_BYTES} bytes; a quote may be open")
        if self._first:
            raw = self._opening(raw)
        if b"\x00" in raw:
            raise _refused("nul-byte", "The file has NUL bytes: save it as CSV UTF-8")
        return self._decoded(raw)

    def next_row(self) -> None:
        """A quoted cell may run over many lines: the limit is for all lines of a row."""
        self._row_bytes = 0

    def _opening(self, raw: bytes) -> bytes:
        self._first = False
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise _refused("encoding", "The file is UTF-16: save it as CSV UTF-8")
        if raw.startswith(codecs.BOM_UTF8):
            self._encodings = ("utf-8",)
            return raw[len(codecs.BOM_UTF8) :]
        return raw

    def _decoded(self, raw: bytes) -> str:
        for encoding in self._encodings:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise _refused("encoding", f"The file is not {' or '.join(self._encodings)}: save it as CSV UTF-8")


def _next(reader: Iterator[list[str]], source: _Lines) -> list[str] | None:
    source.next_row()
    try:
        return next(reader, None)
    except csv.Error:
        raise _refused("not-csv", "A quote is left open or a line end is wrong: save it as CSV UTF-8") from None


def _refused(code: str, detail: str) -> FileRefused:
    return FileRefused(Refusal(code, detail))
