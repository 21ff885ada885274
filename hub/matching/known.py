"""What intake knows while it decides: a snapshot of the decision tables, kept current as a batch is decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final
from uuid import UUID

from hub.matching.described import Described
from hub.matching.features import Features
from hub.matching.together import together

MOST_OWNERS: Final = 40  # people who share a key; one that more have says nothing about whom it is
_NUMBERS: Final = frozenset({"nhs", "upn", "ni"})
_MOST_CANDIDATES: Final = 16
_WORTH_A_LOOK: Final = 0.1  # of what the nearest has in common; who shares one common key with many is passed over


@dataclass(slots=True)
class KnownPerson:
    """A person in the decision tables.

    belongs_to: which id speaks for the identity that this one is part of
    number: counts people in the order they became known, so the lowest is the oldest
    described: keyed hash of the newest description
    opened: what is compared, or None until somebody asks; then `opening` opens what was read
    version: of the row that was read; None where the person is not stored yet
    """

    person_id: UUID
    family_id: UUID
    belongs_to: UUID
    number: int
    described: bytes = b""
    opening: Callable[[], list[Features]] = list
    version: int | None = None
    opened: list[Features] | None = None

    @property
    def descriptions(self) -> list[Features]:
        """What is compared, the newest first, each completed from the others."""
        if self.opened is None:
            self.opened = self.opening()
        return self.opened

    def learn(self, features: Features) -> bool:
        """Keep a description; whether it says anything new. The oldest of too many is forgotten."""
        before, self.opened = self.descriptions, together([features, *self.descriptions])
        return set(before) != set(self.opened)


@dataclass(slots=True)
class KnownFamily:
    """A family; `matter_id` is its open matter, `queue` where that was routed to.

    `read` is the two as they were read; None where the family is not stored yet.
    """

    family_id: UUID
    belongs_to: UUID
    matter_id: UUID | None = None
    queue: str | None = None
    read: tuple[UUID | None, str | None] | None = None


@dataclass(slots=True)
class KnownReferral:
    """A referral found by its sender's own case reference."""

    referral_id: UUID
    family_id: UUID
    matter_id: UUID


@dataclass(slots=True)
class Known:
    """Everything one batch may look up.

    by_key: who has a match key; common: keys that too many have, of whom some or none stand in `by_key`
    members: by the family that speaks for an identity, everybody in it; of families read as a whole
    distinct: pairs of people whom somebody decided to be two, both ways round
    size: how many people there are
    """

    people: dict[UUID, KnownPerson] = field(default_factory=dict)
    families: dict[UUID, KnownFamily] = field(default_factory=dict)
    by_key: dict[int, set[UUID]] = field(default_factory=dict)
    common: set[int] = field(default_factory=set)
    members: dict[UUID, list[KnownPerson]] = field(default_factory=dict)
    distinct: set[tuple[UUID, UUID]] = field(default_factory=set)
    referrals: dict[tuple[str, str], KnownReferral] = field(default_factory=dict)
    size: int = 0
    _nearest: dict[Described, list[UUID]] = field(default_factory=dict)

    def family_of(self, person: KnownPerson) -> UUID:
        """The family that speaks for the one this person is in."""
        return self.families[person.family_id].belongs_to

    def nearest(self, described: Described) -> list[UUID]:
        """Ids of the people who have most in common with somebody, what few share counting more; only so many.

        And of everybody who has the same number.
        """
        found = self._nearest.get(described)
        if found is None:
            found = self._nearest[described] = self._who_is_nearest(described)
        return found

    def finds(self, person: KnownPerson, described: Described) -> list[int]:
        """From now on the person is found by the keys of this description; those that are new to them."""
        keys = (*described.keys, described.words)
        fresh = [key for key in keys if person.person_id not in self.by_key.get(key, ())]
        for key in fresh:
            self.by_key.setdefault(key, set()).add(person.person_id)
        self._nearest.clear()
        return fresh

    def _who_is_nearest(self, described: Described) -> list[UUID]:
        weights: defaultdict[UUID, float] = defaultdict(float)
        for owners in self._telling(described.keys):
            share = 1 / len(owners)
            for person_id in owners:
                weights[person_id] += share
        if not weights:
            return []
        least = _WORTH_A_LOOK * max(weights.values())
        found = [person_id for person_id, weight in weights.items() if weight >= least]
        found.sort(key=lambda each: (-weights[each], each.int))
        del found[_MOST_CANDIDATES:]
        numbers = self._telling(key for key, kind in described.keys.items() if kind in _NUMBERS)
        return list(dict.fromkeys([*found, *chain.from_iterable(map(sorted, numbers))]))

    def likely_keys(self, people: Iterable[Described]) -> set[UUID]:
        """Ids of the keys under which something will be sealed where each is the one who is nearest."""
        nearest = (self.people.get(person_id) for each in people for person_id in self.nearest(each)[:1])
        found = [person for person in nearest if person is not None]
        matters = (self.families[person.family_id].matter_id for person in found)
        return {*(person.person_id for person in found), *(matter_id for matter_id in matters if matter_id)}

    def candidates(self, described: Described) -> list[KnownPerson]:
        """The nearest, the oldest first."""
        found = [self.people[person_id] for person_id in self.nearest(described) if person_id in self.people]
        return sorted(found, key=lambda each: each.number)

    def in_these_words(self, described: Described) -> KnownPerson | None:
        """The one person whom the same agency described in exactly the same words before."""
        owners = () if described.words in self.common else self.by_key.get(described.words, ())
        found = [self.people[person_id] for person_id in owners if person_id in self.people]
        if len({each.belongs_to for each in found}) != 1:
            return None
        return min(found, key=lambda each: each.number)

    def too_common(self, described: Described) -> list[str]:
        """Kinds of the keys that were of no use, because too many people have them."""
        common = (
            kind
            for key, kind in described.keys.items()
            if key in self.common or len(self.by_key.get(key, ())) > MOST_OWNERS
        )
        return list(dict.fromkeys(common))

    def _telling(self, keys: Iterable[int]) -> Iterator[set[UUID]]:
        for key in keys:
            owners = self.by_key.get(key)
            if owners and len(owners) <= MOST_OWNERS and key not in self.common:
                yield owners
