"""Intake's own decisions over a data set, in memory: the same lookup, score, choice and family, and no database.

Whatever is doubted is settled at once by somebody who never errs: the new person is merged with the right one of those
they were asked about, with the families, or told apart from all of them. One answer settles the others told of together
where it can (`DoubtDetails.if_one_family`): the same, once the families are one; or nobody, if none of them is of that
family. Every description is then known to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

from hub.deciders.recognised import Recognised
from hub.deciders.recognising import Recognising, Rules
from hub.deciders.whose_family import WhoseFamily
from hub.matching.choose import Outcome
from hub.matching.described import Described
from hub.matching.features import Features
from hub.matching.keys import blocking_keys
from hub.matching.known import Known, KnownFamily, KnownPerson
from hub.matching.quality.told import Submission, Told, featured


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one described person.

    known: whether an earlier description was of the same person; right: linked to that one, or asked about that one
    follows: linked by the answer about somebody told of together with them; twin: linked to a twin
    asked: a question was put to a person
    """

    told: Told
    found: Recognised
    known: bool
    right: bool
    twin: bool
    asked: bool
    follows: bool


@dataclass(slots=True)
class Replay:
    """Everything that is known, and the truth beside it, by atom."""

    rules: Rules
    known: Known = field(default_factory=Known)
    truth: dict[UUID, Told] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)
    _ids: int = 0

    def load(self, submission: Submission) -> None:
        """Take these people as known, without deciding anything: the register."""
        family = self._family()
        for told, features in zip(submission, featured(submission), strict=True):
            self._learn(described(told, features), self._new(told, family))
        self._met.update(told.truth for told in submission)

    def arrive(self, submission: Submission) -> Iterator[Decided]:
        """Decide as intake does, then settle the doubts."""
        people = [described(*pair) for pair in zip(submission, featured(submission), strict=True)]
        recognising = Recognising(self.known, self.rules.matching(self.known.size))
        family, found = WhoseFamily(self.known, recognising, people).settle()
        family = family or self._family()
        answered: set[UUID] = set()
        for place, (told, person, each) in enumerate(zip(submission, people, found, strict=True)):
            atom = each.person or self._new(told, family)
            follows = self._follows(family, each)
            others = zip(submission[place:], found[place:], strict=True)
            asked = (
                each.outcome is Outcome.DOUBTFUL and follows is None and not self._is_answered(each, answered, others)
            )
            yield self._decided(told, each, follows, asked=asked)
            if follows is not None:
                atom.belongs_to = follows.belongs_to
            elif asked:
                self._settle(atom, each)
                answered.add(self.known.family_of(each.hits[0].person))
            self._learn(person, atom)
        self._met.update(told.truth for told in submission)

    def _follows(self, family: KnownFamily, found: Recognised) -> KnownPerson | None:
        """Who it is without a question: the answer about somebody told of before them made the two families one."""
        there = found.there
        return there if there is not None and self.known.family_of(there) == family.belongs_to else None

    def _is_answered(self, each: Recognised, answered: set[UUID], rest: Iterable[tuple[Told, Recognised]]) -> bool:
        """Whether one answer was enough: somebody of that family was asked about, and nobody after them is of it."""
        if each.there is None or self.known.family_of(each.there) not in answered:
            return False
        family = self.known.family_of(each.there)
        there = ((told, one.there) for told, one in rest if one.there and self.known.family_of(one.there) == family)
        return not any(self.truth[person.person_id].truth == told.truth for told, person in there)

    def _decided(self, told: Told, found: Recognised, follows: KnownPerson | None, *, asked: bool) -> Decided:
        hits = [follows] if follows is not None else [hit.person for hit in found.hits]
        others = [self.truth[person.person_id] for person in hits]
        linked = found.outcome is Outcome.LINKED or follows is not None
        right = (linked or asked) and any(each.truth == told.truth for each in others)
        twin = linked and not right and bool(told.litter) and others[0].litter == told.litter
        return Decided(told, found, told.truth in self._met, right, twin, asked, follows is not None)

    def _family(self) -> KnownFamily:
        family_id = self._id()
        self.known.members[family_id] = []
        self.known.families[family_id] = KnownFamily(family_id, family_id)
        return self.known.families[family_id]

    def _new(self, told: Told, family: KnownFamily) -> KnownPerson:
        self.known.size += 1
        person_id = self._id()
        person = KnownPerson(person_id, family.family_id, person_id, self.known.size)
        self.known.people[person_id] = person
        self.known.members[family.belongs_to].append(person)
        self.truth[person_id] = told
        return person

    def _learn(self, told: Described, person: KnownPerson) -> None:
        person.learn(told.features)
        self.known.finds(person, told)

    def _settle(self, atom: KnownPerson, found: Recognised) -> None:
        truth = self.truth[atom.person_id].truth
        for hit in found.hits:
            other = hit.person
            if self.truth[other.person_id].truth == truth:
                atom.belongs_to = other.belongs_to
                self._merge_families(atom, other)
            else:
                self.known.distinct |= {(atom.person_id, other.belongs_to), (other.belongs_to, atom.person_id)}

    def _merge_families(self, atom: KnownPerson, other: KnownPerson) -> None:
        old, new = self.known.family_of(atom), self.known.family_of(other)
        if old == new:
            return
        self.known.members[new] += self.known.members.pop(old)
        for family in self.known.families.values():
            if family.belongs_to == old:
                family.belongs_to = new

    def _id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)


def described(told: Told, features: Features) -> Described:
    """The person ready to be looked up; hashes need no secret where nothing is stored."""
    keys = {_number(kind, value): kind for kind, value in blocking_keys(features)}
    words = features.to_bytes()
    return Described(told.person, features, keys, words, _number("words", repr(told.slips[:1]), words.hex()))


def _number(*parts: str) -> int:
    return int.from_bytes(blake2b("|".join(parts).encode(), digest_size=8).digest(), signed=True)
