"""Somebody as one submission describes them, made ready to be looked up and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from events.description import Person
from hub.identifiers import checked
from hub.index import Index
from hub.matching.features import Features, contexts, features
from hub.matching.keys import blocking_keys
from hub.submission import Submission


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """One person of a submission, told from all others: two may be described alike.

    keys: numbers to look the person up by, and the kind of each
    described: keyed hash of the description; words: the same as a number, by whom included
    """

    person: Person
    features: Features
    keys: dict[int, str]
    described: bytes
    words: int


def describe(submission: Submission, agency: str, index: Index) -> list[Described]:
    """Everybody in it: the child, the siblings, the adults."""
    return describe_people(everybody(submission), agency, index)


def describe_people(household: Iterable[Person], agency: str, index: Index) -> list[Described]:
    """Everybody of one household, as one agency tells of them."""
    people = [prepared(person) for person in household]
    found: list[Described] = []
    for person, context in zip(people, contexts(people), strict=True):
        told = features(person, context)
        keys = {index.number(kind, value): kind for kind, value in blocking_keys(told)}
        described = index.of("described", person.model_dump_json(exclude_none=True))
        words = index.number("words", f"{agency} {described.hex()}")
        found.append(Described(person, told, keys, described, words))
    return found


def everybody(submission: Submission) -> Iterator[Person]:
    """The child, the siblings, the adults."""
    yield submission.subject
    yield from submission.siblings
    yield from submission.adults


def prepared(person: Person) -> Person:
    """The person with identifiers checked, so that only valid ones are relied on."""
    identifiers = tuple(checked(identifier) for identifier in person.identifiers)
    return person.model_copy(update={"identifiers": identifiers}) if identifiers else person
