"""Who else a known person may be, and how two known people compare: by the keys and weights that intake goes by.

Nothing is decided here. What is compared is sealed in the decision tables, so no address comes out of it, only words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Final
from uuid import UUID

from events.doubt import DoubtedPair
from hub.bootstrap import Hub
from hub.deciders.recognised import Hit
from hub.feature_seal import FeatureSeal
from hub.matching.choose import candidate
from hub.matching.compare import FIELDS, PLACE_OF
from hub.matching.known import MOST_OWNERS, KnownPerson
from hub.matching.model import shipped
from hub.matching.rules import rule_against
from hub.matching.same_household import ONE_HOME, PeopleLevel, SameLevel
from hub.matching.score import score

_MOST: Final = 24  # others who are compared
_PLACE: Final = PLACE_OF["place"]
_SHARED: Final = {
    _PLACE: ONE_HOME,
    PLACE_OF["contacts"]: frozenset({SameLevel.SAME}),
    PLACE_OF["adults"]: frozenset({PeopleLevel.SHARED}),
    PLACE_OF["children"]: frozenset({PeopleLevel.SHARED}),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """Two known people compared, each by the id that speaks for them.

    pair: how they compare; against: the rule by which intake would not say that they are one, empty if there is none
    apart: somebody decided before that they are two people; shared: what their homes and households have in common
    """

    one: UUID
    other: UUID
    pair: DoubtedPair
    against: str
    apart: bool
    shared: tuple[str, ...]

    @property
    def speaks_for(self) -> bool:
        """Whether it rather is one person than two strangers, or two of one household."""
        return self.pair.score > 0 and (self.pair.within or 0) > 0

    @property
    def at_one_home(self) -> bool:
        """Whether they were told of with one address."""
        return any(words in self.shared for words in (FIELDS[_PLACE].words[level] for level in _SHARED[_PLACE]))


async def compared(hub: Hub, some: Collection[UUID], others: Collection[UUID]) -> list[Alike]:
    """Each of some people with each of the others, the likeliest first; any of a person's ids will do."""
    return _compared(await _people(hub, some), await _people(hub, others), await _apart(hub, {*some, *others}))


async def alike(hub: Hub, person_ids: Collection[UUID]) -> list[Alike]:
    """Whom else these people may be, the likeliest first: who has something in common that few have."""
    return await compared(hub, person_ids, await _nearest(hub, person_ids))


async def _nearest(hub: Hub, person_ids: Collection[UUID]) -> list[UUID]:
    """Others who share keys with these, what few share counting more."""
    rows = await hub.pool.fetch(
        """SELECT found.owners FROM (SELECT DISTINCT key FROM decide.match_key WHERE person_id = ANY($1::uuid[])) AS own
           CROSS JOIN LATERAL (
               SELECT array_agg(few.person_id) AS owners
               FROM (SELECT k.person_id FROM decide.match_key AS k WHERE k.key = own.key LIMIT $2) AS few
           ) AS found""",
        list(person_ids),
        MOST_OWNERS + 1,
    )
    weights: dict[UUID, float] = {}
    for (owners,) in rows:
        if len(owners) <= MOST_OWNERS:
            for person_id in set(owners).difference(person_ids):
                weights[person_id] = weights.get(person_id, 0.0) + 1 / len(owners)
    return sorted(weights, key=lambda each: (-weights[each], each.bytes))[:_MOST]


async def _people(hub: Hub, person_ids: Collection[UUID]) -> list[KnownPerson]:
    """Everybody whom one of these ids is part of, all that was told of them included."""
    rows = await hub.pool.fetch(
        """SELECT p.person_id, p.family_id, p.belongs_to, p.number, p.sealed FROM decide.person AS p
           WHERE p.sealed IS NOT NULL
             AND p.belongs_to IN (SELECT belongs_to FROM decide.person WHERE person_id = ANY($1::uuid[]))""",
        list(person_ids),
    )
    seal = FeatureSeal(hub.index)
    return [
        KnownPerson(
            row["person_id"],
            row["family_id"],
            row["belongs_to"],
            row["number"],
            opening=partial(seal.open, row["person_id"], row["sealed"]),
        )
        for row in rows
    ]


async def _apart(hub: Hub, person_ids: Collection[UUID]) -> set[frozenset[UUID]]:
    """Who was found to be two people, by the ids that speak for them."""
    rows = await hub.pool.fetch(
        """SELECT one.belongs_to, other.belongs_to FROM decide.distinct AS d
           JOIN decide.person AS one ON one.person_id = d.one
           JOIN decide.person AS other ON other.person_id = d.other
           WHERE d.one IN (SELECT p.person_id FROM decide.person AS p JOIN decide.person AS own
                           ON own.belongs_to = p.belongs_to WHERE own.person_id = ANY($1::uuid[]))
              OR d.other IN (SELECT p.person_id FROM decide.person AS p JOIN decide.person AS own
                             ON own.belongs_to = p.belongs_to WHERE own.person_id = ANY($1::uuid[]))""",
        list(person_ids),
    )
    return {frozenset(row) for row in rows}


def _compared(some: Sequence[KnownPerson], others: Sequence[KnownPerson], apart: set[frozenset[UUID]]) -> list[Alike]:
    best: dict[tuple[UUID, UUID], Alike] = {}
    for one, other in product(some, others):
        pair = (one.belongs_to, other.belongs_to)
        if one.belongs_to == other.belongs_to:
            continue
        for hit in _hits(one, other):
            found = _alike(one, hit, apart=frozenset(pair) in apart)
            if pair not in best or found.pair.score > best[pair].pair.score:
                best[pair] = found
    return sorted(best.values(), key=_likeliest)


def _hits(one: KnownPerson, other: KnownPerson) -> Iterator[Hit]:
    model = shipped()
    for told, known in product(one.descriptions, other.descriptions):
        yield Hit(other, candidate(other.belongs_to, told, known, score(told, known, model)))


def _alike(one: KnownPerson, hit: Hit, *, apart: bool) -> Alike:
    compared = hit.candidate
    levels = compared.score.levels
    against = rule_against(levels, unborn=compared.unborn, grown=compared.grown, one_family=True)
    return Alike(one.belongs_to, hit.person.belongs_to, hit.pair(), against, apart, tuple(_in_common(levels)))


def _in_common(levels: tuple[int, ...]) -> Iterable[str]:
    for place, wanted in _SHARED.items():
        if levels[place] in wanted:
            yield FIELDS[place].words[levels[place]]


def _likeliest(found: Alike) -> tuple[bool, int, bytes]:
    return not found.speaks_for, -found.pair.score, found.other.bytes
