"""Invented people as agencies describe them, for matching."""

from __future__ import annotations

from events.description import Address, Adult, Birth, ContactPoint, Identifier, IdentifierScheme, Name, Person, Sex
from hub.matching.features import Features, contexts, features
from hub.matching.model import shipped
from hub.matching.score import Score, score
from hub.matching.thresholds import thresholds

HOME = Address(lines=("12 Invented Road",), town="Huntingdon", postcode="PE29 1AA")
ELSEWHERE = Address(lines=("7 Imagined Close",), town="Wisbech", postcode="PE13 9ZZ")
AT = thresholds(false_links=10, missed_links=500, size=150_000)
NHS, OTHER_NHS = "9000000009", "9000000017"


def child(
    given: str | None = "Amelia",
    family: str | None = "Inventedson",
    born: str | None = "2016-04-09",
    sex: Sex = Sex.FEMALE,
    home: Address | None = HOME,
    nhs: str | None = None,
    *,
    name: Name | None = None,
    unborn: bool = False,
) -> Person:
    return Person(
        name=name or Name(given=given, family=family),
        birth=Birth(date=born, expected=unborn) if born else None,
        sex=sex,
        address=home,
        unborn=unborn,
        identifiers=(Identifier(scheme=IdentifierScheme.NHS_NUMBER, value=nhs),) if nhs else (),
    )


def adult(
    given: str = "Katherine",
    family: str = "Inventedson",
    born: str | None = None,
    sex: Sex = Sex.FEMALE,
    home: Address | None = HOME,
    phone: str | None = None,
) -> Adult:
    return Adult(
        name=Name(given=given, family=family),
        birth=Birth(date=born) if born else None,
        sex=sex,
        address=home,
        contacts=(ContactPoint(kind="phone", value=phone),) if phone else (),
    )


def household(*people: Person) -> list[Features]:
    return [features(person, context) for person, context in zip(people, contexts(people), strict=True)]


def compared(one: Person, other: Person) -> Score:
    """The score of two people, each described alone."""
    return score(features(one), features(other), shipped())
