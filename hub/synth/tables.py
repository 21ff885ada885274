"""CSV files as an agency's system exports them: a header of all columns, one row for each telling."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

Row = Mapping[str, str]
_BYTE_ORDER_MARK: Final = "\ufeff"


def table(columns: Sequence[str], rows: Sequence[Row], *, spreadsheet: bool = False, old: bool = False) -> bytes:
    """The file. `spreadsheet` opens with a byte-order mark; `old` is Windows-1252 where every letter has a place."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    if old:
        try:
            return text.getvalue().encode("cp1252")
        except UnicodeEncodeError:
            spreadsheet = True
    return f"{_BYTE_ORDER_MARK if spreadsheet else ''}{text.getvalue()}".encode()
