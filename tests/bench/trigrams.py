"""The peer of matching: search by trigrams of the name, then a weighted sum of likenesses."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import islice

from rapidfuzz.distance import JaroWinkler

from hub.bootstrap import Hub
from hub.matching.features import Features
from hub.submission import Referral
from tests.bench.register import SEED, described, referrals

_WORTH = (0.5, 0.3, 0.2)  # of the name, the date of birth and the postcode
_SURE = 0.85
_MOST = 25  # referrals a run: it is that much slower


async def fill_trigrams(hub: Hub, people: int) -> None:
    """A table of the people of the register in clear, made again, with the index that the search needs."""
    async with hub.pool.acquire() as connection:
        await connection.execute(
            """CREATE EXTENSION IF NOT EXISTS pg_trgm;
               CREATE SCHEMA trigram;
               CREATE TABLE trigram.person (name text, birth text, postcode text)"""
        )
        written = 0
        told = referrals(SEED)
        while written < people:
            rows = [_row(each.features) for referral in islice(told, 500) for each in described(hub, referral)]
            await connection.copy_records_to_table("person", schema_name="trigram", records=rows)
            written += len(rows)
        await connection.execute(
            """CREATE INDEX ON trigram.person USING gin (name gin_trgm_ops); ANALYZE trigram.person"""
        )


async def trigram_rate(told: Iterable[Referral], hub: Hub) -> float:
    """People a second."""
    people = [_row(each.features) for referral in islice(told, _MOST) for each in described(hub, referral)]
    found = 0
    began = time.perf_counter()
    async with hub.pool.acquire() as connection:
        for person in people:
            rows = await connection.fetch(
                """SELECT name, birth, postcode FROM trigram.person
                   WHERE name % $1 ORDER BY similarity(name, $1) DESC LIMIT 20""",
                person[0],
            )
            found += max((_likeness(person, row) for row in rows), default=0.0) >= _SURE
    return len(people) / (time.perf_counter() - began)


def _row(features: Features) -> tuple[str, str, str]:
    name = " ".join((*features.given_words, *features.family_words))
    return name, features.birth, features.postcode


def _likeness(one: tuple[str, str, str], other: Iterable[str]) -> float:
    return sum(worth * JaroWinkler.similarity(a, b) for worth, a, b in zip(_WORTH, one, other, strict=True))
