"""Connectors: pure functions from an agency's own bytes to submissions. The list of all of them is here.

To add one for a CSV, in ten lines:

1. copy `dwp.py`; set `COLUMNS`, `REQUIRED`, and `AGREED_BASIS` from the sharing agreement, with its reason;
2. in `translate(row)` build a `Referral` or an `InformationReceipt` from `row.line`, `row.day`, `row.answer` and
   `parties.child`; return `parties.review(...)` where a person has to look; cells that cannot be read refuse the row;
3. name it in `CONNECTOR = csv_connector(...)` and add that to `CONNECTORS` below;
4. copy `tests/connectors/test_dwp.py` and put a sample of the file beside the others.

A format that is not CSV is a `Connector` with its own `check` and `read`: see `ctf.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.connectors.contract import Connector

# isort: split
from hub.connectors.bars import CONNECTOR_JSON as BARS_JSON
from hub.connectors.bars import CONNECTOR_XML as BARS_XML
from hub.connectors.ctf import CONNECTOR as CTF
from hub.connectors.dwp import CONNECTOR as DWP
from hub.connectors.form import CONNECTOR_CSV as FORM_CSV
from hub.connectors.form import CONNECTOR_JSON as FORM_JSON
from hub.connectors.police_encompass import CONNECTORS as ENCOMPASS
from hub.connectors.police_ppn import CONNECTORS as PPN
from hub.connectors.school_attendance import CONNECTOR as SCHOOL_ATTENDANCE
from hub.connectors.school_referral import CONNECTOR as SCHOOL_REFERRAL

__all__ = ["CONNECTORS", "Connector", "connector_for"]

CONNECTORS: Final[Mapping[str, Connector]] = MappingProxyType(
    {
        connector.name: connector
        for connector in (
            SCHOOL_REFERRAL,
            SCHOOL_ATTENDANCE,
            CTF,
            BARS_JSON,
            BARS_XML,
            *PPN,
            *ENCOMPASS,
            DWP,
            FORM_CSV,
            FORM_JSON,
        )
    }
)


def connector_for(name: str) -> Connector | None:
    """The connector of that name, None if there is none."""
    return CONNECTORS.get(name)
