"""The people of a CTF pupil: the pupil, and the contacts as adults."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from events.description import (
    Address,
    Adult,
    Answer,
    Birth,
    ContactPoint,
    Identifier,
    IdentifierScheme,
    Name,
    Person,
    Sex,
)
from hub.connectors import parties
from hub.connectors.cells import CellRefused
from hub.connectors.xml_stream import Branch

_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE}
_ANSWERS: Final = {"true": Answer.YES, "1": Answer.YES, "false": Answer.NO, "0": Answer.NO}
_STREET: Final = ("SAON", "PAON", "Street", "Locality")
_TOWNS: Final = ("PostTown", "Town", "AdministrativeArea")
_MOST: Final = 20
_LONGEST_UPRN: Final = 12


def is_variant(pupil: Branch) -> bool:
    """Names inside `BasicDetails`, or `Postcode`: seen in the wild, and not what the specification says."""
    return any(
        pupil.get(path) is not None
        for path in ("BasicDetails/LegalSurname", "BasicDetails/Surname", "BasicDetails/LegalForename")
    ) or bool(pupil.all("Address/Postcode"))


def subject(pupil: Branch, school: str | None) -> Person:
    """The pupil. A missing UPN or forename is no fault."""
    ethnicity = pupil.get("BasicDetails/Ethnicity")
    return Person(
        name=Name(
            family=pupil.get("Surname"),
            given=pupil.get("Forename"),
            middle=pupil.get("BasicDetails/MiddleNames"),
            preferred_family=pupil.get("BasicDetails/PreferredSurname"),
            preferred_given=pupil.get("BasicDetails/PreferredForename"),
            former_family=pupil.get("BasicDetails/FormerSurname"),
            former_given=pupil.get("BasicDetails/FormerForename"),
        ),
        birth=_birth(pupil.get("DOB")),
        sex=_sex(pupil),
        ethnicity=parties.coded_ethnicity(ethnicity) if ethnicity else None,
        language=pupil.get("BasicDetails/Languages/Type/Language"),
        school=school,
        year_group=parties.year_group(pupil.get("BasicDetails/NCyearActual")),
        address=_address(pupil),
        contacts=_contact_points(pupil),
        identifiers=tuple(_numbers(pupil)),
    )


def contacts(pupil: Branch, home: Address | None) -> tuple[Adult, ...]:
    """The contacts in their order; only `Responsibility` says who has parental responsibility."""
    return tuple(_contact(contact, home) for contact in pupil.all("Contacts/Contact")[:_MOST])


def _contact(contact: Branch, home: Address | None) -> Adult:
    at_home = _answer(contact.get("AddressAsPupil")) is Answer.YES
    return Adult(
        name=Name(family=contact.get("Surname"), given=contact.get("Forename")),
        sex=_sex(contact),
        address=_address(contact) or (home if at_home else None),
        contacts=_contact_points(contact),
        relationship=contact.get("Relationship"),
        parental_responsibility=_answer(contact.get("Responsibility")),
    )


def _numbers(pupil: Branch) -> list[Identifier]:
    known = (("UPN", IdentifierScheme.UPN), ("BasicDetails/FormerUPN", IdentifierScheme.FORMER_UPN))
    return [parties.number(scheme, value) for path, scheme in known if (value := pupil.get(path))]


def _address(holder: Branch) -> Address | None:
    """Either form: BS7666 parts or address lines."""
    parts = holder.all("Address/BS7666Address")
    told = [parts[0].get(name) for name in _STREET] if parts else []
    told += [holder.get(f"Address/AddressLines/AddressLine{n}") for n in range(1, 6)]
    uprn = parts[0].get("UniquePropertyReferenceNumber") if parts else None
    return parties.home_at(
        tuple(line for line in told if line),
        next((town for name in _TOWNS if parts and (town := parts[0].get(name))), None),
        holder.get("Address/PostCode"),
        uprn=uprn if uprn and uprn.isascii() and uprn.isdigit() and len(uprn) <= _LONGEST_UPRN else None,
    )


def _contact_points(holder: Branch) -> tuple[ContactPoint, ...]:
    phones = [number for phone in holder.all("Phones/Phone") if (number := phone.get("PhoneNo"))]
    email = holder.get("Email")
    return (
        *(ContactPoint(kind="phone", value=phone) for phone in phones[: _MOST - 1]),
        *((ContactPoint(kind="email", value=email),) if email else ()),
    )


def _birth(born: str | None) -> Birth | None:
    try:
        return Birth(date=born) if born else None
    except ValidationError:
        raise CellRefused("date-format", "Write dates that exist as YYYY-MM-DD", "Pupil/DOB") from None


def _sex(holder: Branch) -> Sex:
    return _SEXES.get((holder.get("Sex") or holder.get("Gender") or "").upper(), Sex.NOT_KNOWN)


def _answer(text: str | None) -> Answer:
    return _ANSWERS.get((text or "").casefold(), Answer.NOT_KNOWN)
