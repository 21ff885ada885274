"""Exact matching: a valid national identifier, or equal folded name, birth date and postcode. Anything else is new.

A wrong link shows one family's life to another, so what points at two people is not guessed at: `Conflict`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events.description import Adult, Identifier, IdentifierScheme, Person
from hub.identifiers import checked, is_pseudo_postcode, postcode
from hub.index import Index
from hub.matching.known import Known

_OWN: Final = {
    IdentifierScheme.NHS_NUMBER: "NHS_NUMBER",
    IdentifierScheme.UPN: "UPN",
    IdentifierScheme.FORMER_UPN: "UPN",
}
_FULL_DATE: Final = len("YYYY-MM-DD")
_REASONS: Final = {
    "NHS_NUMBER": "The NHS number is valid and the same",
    "UPN": "The UPN is valid and the same",
    "NI_HOUSEHOLD": "The NI number and the household's postcode are the same",
    "NAME_BIRTH_POSTCODE": "Name, date of birth and postcode are the same",
    "NAME_IN_FAMILY": "An adult of this name and postcode is in the same family",
}


class Conflict(Exception):
    """What was supplied points at two different people: a person must look."""


@dataclass(frozen=True, slots=True)
class MatchKey:
    """One thing to match on: the method's name, and the blind index of the value."""

    method: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Match:
    """Who it is and how that is known. `person_id` None: nobody we know."""

    person_id: UUID | None
    method: str
    reasons: tuple[str, ...]


NEW: Final = Match(None, "NEW", ("No identifier, and no name with birth date and postcode, is known",))


def prepared(person: Person) -> Person:
    """The person with identifiers checked, so that only valid ones are relied on."""
    identifiers = tuple(checked(identifier) for identifier in person.identifiers)
    return person.model_copy(update={"identifiers": identifiers}) if identifiers else person


def match_keys(person: Person, home: str | None, index: Index) -> list[MatchKey]:
    """Keys of a prepared person; `home` is the household's postcode, used where the person has none."""
    keys = [found for identifier in person.identifiers if (found := _own_key(identifier, index))]
    place = settled_postcode(person) or home
    name = folded_name(person)
    if place is None:
        return keys
    if isinstance(person, Adult):
        keys += [
            MatchKey("NI_HOUSEHOLD", index.of("NI_HOUSEHOLD", identifier.value, place))
            for identifier in person.identifiers
            if identifier.scheme is IdentifierScheme.NI_NUMBER and identifier.valid
        ]
        if name:
            keys.append(MatchKey("NAME_IN_FAMILY", index.of("NAME_IN_FAMILY", name, place)))
    birth = person.birth
    if name and birth and len(birth.date) == _FULL_DATE and not (birth.estimated or birth.expected):
        keys.append(MatchKey("NAME_BIRTH_POSTCODE", index.of("NAME_BIRTH_POSTCODE", name, birth.date, place)))
    return keys


def match(keys: list[MatchKey], known: Known, family_id: UUID | None = None) -> Match:
    """The one person these keys mean; identifiers before descriptions. Raises `Conflict`.

    `NAME_IN_FAMILY` counts only inside `family_id`, the family that the rest of the submission has settled.
    """
    described = {"NAME_BIRTH_POSTCODE", "NAME_IN_FAMILY"}
    for wanted in (False, True):
        hits = {
            person_id: item.method
            for item in keys
            if (item.method in described) is wanted
            for person_id in known.found(item.key)
            if item.method != "NAME_IN_FAMILY" or known.people[person_id].family_id == family_id
        }
        if len(hits) > 1:
            raise Conflict
        for person_id, method in hits.items():
            return Match(person_id, method, (_REASONS[method],))
    return NEW


def settled_postcode(person: Person) -> str | None:
    """A postcode that stands for a place: valid in shape and not a pseudo code."""
    if person.address is None or not person.address.postcode:
        return None
    check = postcode(person.address.postcode)
    return check.value if check.valid and not is_pseudo_postcode(check.value) else None


def folded_name(person: Person) -> str | None:
    """Given and family name without case, accents, spaces or punctuation; None if one of them is missing."""
    if not person.name.given or not person.name.family:
        return None
    given, family = _fold(person.name.given), _fold(person.name.family)
    return f"{given}|{family}" if given and family else None


def _fold(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in spread if sign.isalnum())


def _own_key(identifier: Identifier, index: Index) -> MatchKey | None:
    method = _OWN.get(identifier.scheme)
    if method is None or not identifier.valid:
        return None
    return MatchKey(method, index.of(method, identifier.value))
