"""UK Core Patient, RelatedPerson and Patient.contact as people (standards.md §4)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

from pydantic import ValidationError

from events.description import (
    Address,
    Birth,
    CodedValue,
    ContactPoint,
    Identifier,
    IdentifierScheme,
    Name,
    Person,
    Sex,
)
from hub.connectors.bars_bundle import coded, codes, concept, ended, extension, line, node, nodes, texts
from hub.connectors.bars_reader import Node

ADULT_AT: Final = 18
SELF: Final = "ONESELF"
_PREGNANCY: Final = timedelta(days=300)
_SEX: Final = {"female": Sex.FEMALE, "male": Sex.MALE, "other": Sex.OTHER}
_VERIFIED: Final = frozenset({"01", "number-present-and-verified"})
_PREFERENCE: Final = {"official": 0, "usual": 1}
_NOT_HOME: Final = frozenset({"temp", "old", "billing"})
_FORMER: Final = frozenset({"old", "maiden"})
_CONTACT_KINDS: Final = {"phone": "phone", "sms": "phone", "email": "email"}


def person(source: Node, on: date, *, hidden: bool) -> Person:
    """One person as described on a day. `hidden`: of address and contacts only that they are restricted is taken."""
    birth = birth_of(source, on)
    return Person(
        name=_name(source, on),
        birth=birth,
        sex=_SEX.get(line(source, "gender") or "", Sex.NOT_KNOWN),
        unborn=birth is not None and birth.expected,
        ethnicity=_ethnicity(source),
        language=_language(source),
        address=Address(restricted=True) if hidden else _address(source, on),
        contacts=() if hidden else contact_points(source, on),
        identifiers=_identifiers(source),
        restricted=hidden,
    )


def is_restricted(resource: Node) -> bool:
    """PDS marks a person whose address and contacts are hidden by `meta.security` R; V is stricter still."""
    return any(line(each, "code") in ("R", "V") for each in nodes(node(resource, "meta"), "security"))


def birth_of(source: Node, on: date) -> Birth | None:
    """The birth date as precise as given; a day up to ten months ahead is an expected one, any other future is none."""
    given = line(source, "birthDate")
    if given is None:
        return None
    try:
        birth = Birth(date=given)
    except ValidationError:
        return None
    if given <= on.isoformat()[: len(given)]:
        return birth
    return Birth(date=given, expected=True) if _latest(birth) - on <= _PREGNANCY else None


def is_adult(birth: Birth | None, on: date) -> bool:
    """Whether somebody was certainly 18 that day; in doubt they are a child."""
    if birth is None:
        return False
    latest = _latest(birth)
    return (on.year - latest.year, on.month, on.day) >= (ADULT_AT, latest.month, latest.day)


def contact_points(source: Node, on: date) -> tuple[ContactPoint, ...]:
    """Telephone numbers and e-mail addresses that have not ended; a contact that is the person's self is their own."""
    found: dict[ContactPoint, None] = {}
    selves = (each for each in nodes(source, "contact") if SELF in codes(each, "relationship") and not ended(each, on))
    for each in (number for holder in (source, *selves) for number in nodes(holder, "telecom")):
        kind, value = _CONTACT_KINDS.get(line(each, "system") or ""), line(each, "value")
        if kind and value and not ended(each, on):
            found[ContactPoint(kind=kind, value=value)] = None
    return tuple(found)


def full_name(name: Name) -> str:
    """Given and family name in one line; empty if there is none."""
    return " ".join(part for part in (name.given, name.middle, name.family) if part)


def _latest(birth: Birth) -> date:
    year, month, day = (*(int(part) for part in birth.date.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _name(source: Node, on: date) -> Name:
    given = nodes(source, "name")
    former = [each for each in given if line(each, "use") in _FORMER or ended(each, on)]
    current = [each for each in given if each not in former and line(each, "use") not in ("nickname", "anonymous")]
    ranked = sorted(current or given, key=lambda each: _PREFERENCE.get(line(each, "use") or "", 2))
    if not ranked:
        return Name()
    legal = ranked[0]
    first, *others = [" ".join(each.split()) for each in texts(legal, "given")] or [""]
    family = line(legal, "family")
    spoken = [each for each in ranked[1:] if line(each, "use") == "usual"] if line(legal, "use") == "official" else []
    spoken += [each for each in given if line(each, "use") == "nickname"]
    past = [each for each in former if each is not legal]
    return Name(
        # A name given as one text is not cut: which part is the family's would be a guess.
        family=family or (None if first else line(legal, "text")),
        given=first or None,
        middle=" ".join(others) or None,
        preferred_family=_differing(spoken, "family", family),
        preferred_given=_differing(spoken, "given", first),
        former_family=_differing(past, "family", family),
        former_given=_differing(past, "given", first),
    )


def _differing(names: list[Node], key: str, legal: str | None) -> str | None:
    found = (line(each, key) for each in names)
    return next((value for value in found if value and value != legal), None)


def _identifiers(source: Node) -> tuple[Identifier, ...]:
    found = []
    for each in nodes(source, "identifier"):
        value = line(each, "value")
        if value is None:
            continue
        national = (line(each, "system") or "").lower().endswith("/id/nhs-number")
        status = codes(extension(each, "Extension-UKCore-NHSNumberVerificationStatus"), "valueCodeableConcept")
        found.append(
            Identifier(
                scheme=IdentifierScheme.NHS_NUMBER if national else IdentifierScheme.LOCAL,
                value=value,
                verified=bool(status & _VERIFIED) if national and status else None,
            )
        )
    return tuple(found)


def _ethnicity(source: Node) -> CodedValue | None:
    """Both addresses of the NHS list of ethnic categories hold the same codes, so they are one scheme here."""
    category = extension(source, "Extension-UKCore-EthnicCategory")
    found = next(coded(node(category, "valueCodeableConcept")), None)
    if found is None or "EthnicCategory" not in found.scheme:
        return found
    return found.model_copy(update={"scheme": "NHS-ethnic-category"})


def _language(source: Node) -> str | None:
    spoken = nodes(source, "communication")
    spoken.sort(key=lambda each: line(each, "preferred") != "true" and each.get("preferred") is not True)
    asked = extension(extension(source, "Extension-UKCore-NHSCommunication"), "language")
    for language in (*(node(each, "language") for each in spoken), node(asked, "valueCodeableConcept")):
        if (said := concept(language)) is not None:
            return said
    return None


def _address(source: Node, on: date) -> Address | None:
    current = [each for each in nodes(source, "address") if not ended(each, on)]
    homes = [each for each in current if line(each, "use") not in _NOT_HOME] or current
    homes.sort(key=lambda each: line(each, "use") != "home")
    if not homes:
        return None
    home = homes[0]
    lines = [" ".join(each.split()) for each in texts(home, "line")]
    if not lines and (whole := line(home, "text")):
        lines = [whole]
    district = line(home, "district")
    return Address(
        lines=(*lines, district) if district else tuple(lines),
        town=line(home, "city"),
        postcode=line(home, "postalCode"),
        uprn=_uprn(home),
    )


def _uprn(address: Node) -> str | None:
    for each in nodes(address, "extension"):
        if line(node(extension(each, "type"), "valueCoding"), "code") == "UPRN":
            value = line(extension(each, "value"), "valueString") or ""
            return value if value.isascii() and value.isdigit() and len(value) <= len("123456789012") else None
    return None
