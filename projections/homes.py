"""Where somebody lives and lived, and who said so: an agency's newer address ends its older one, and no other's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from events.description import Address
from projections.tellings import Telling


@dataclass(frozen=True, slots=True)
class Home:
    """One address. `until` is None while at least one agency holds it for the present one.

    `since` is when it was first told by those who hold it, `told_by` their titles in that order; of a former home, by
    those who held it.
    """

    address: Address
    since: datetime
    until: datetime | None
    told_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """One agency's word, until its next one."""

    agency: str
    title: str
    address: Address
    since: datetime
    until: datetime | None = None


def homes(told: Iterable[Telling]) -> tuple[Home, ...]:
    """Present homes first, the one told last at the top; then former ones, the last left first."""
    by_place: dict[str, list[_Span]] = {}
    for span in _spans(told):
        by_place.setdefault(_place(span.address), []).append(span)
    found = [_home(spans) for spans in by_place.values()]
    now = sorted((home for home in found if home.until is None), key=lambda home: home.since, reverse=True)
    former = sorted(((home.until, home) for home in found if home.until), key=lambda each: each[0], reverse=True)
    return (*now, *(home for _, home in former))


def _spans(told: Iterable[Telling]) -> Iterable[_Span]:
    """What each agency held, one after the other; who says nothing of an address changes none."""
    running: dict[str, _Span] = {}
    for telling in sorted(told, key=lambda telling: (telling.at, telling.position)):
        address = Address.model_validate_json(orjson.dumps((telling.described or {}).get("address", {})))
        if not _place(address):
            continue
        before = running.get(telling.agency)
        if before is not None and _place(before.address) == _place(address):
            continue
        if before is not None:
            yield replace(before, until=telling.at)
        running[telling.agency] = _Span(telling.agency, telling.agency_title, address, telling.at)
    yield from running.values()


def _home(spans: list[_Span]) -> Home:
    spans = sorted(spans, key=lambda span: span.since)
    running = [span for span in spans if span.until is None]
    until = None if running else max(span.until for span in spans if span.until)
    counted = running or spans
    told_by = tuple(dict.fromkeys(span.title for span in counted))
    return Home(counted[-1].address, counted[0].since, until, told_by)


def _place(address: Address) -> str:
    """What is written in two ways is still one place: case, spaces and stops do not count, nor a missing town."""
    if address.uprn:
        return address.uprn.lstrip("0")
    said = "".join(address.lines) + (address.postcode or address.town or "")
    return "".join(letter for letter in said.casefold() if letter.isalnum())
