"""One person as one agency wrote them down, before and after slips, and as the hub is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from events.description import (
    Address,
    Adult,
    Birth,
    CodedValue,
    ContactPoint,
    Identifier,
    IdentifierScheme,
    Name,
    Person,
    Sex,
)
from hub.synth.hard_uk.homes import Home


@dataclass(slots=True)
class Written:
    """What is on the form; empty is not filled in. `birth` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""

    given: str
    family: str
    middle: str = ""
    former: str = ""
    preferred: str = ""
    birth: str = ""
    estimated: bool = False
    sex: str = "U"
    nhs: str = ""
    upn: str = ""
    ni: str = ""
    phone: str = ""
    school: str = ""
    relationship: str = ""
    ethnicity: str = ""
    slips: list[str] = field(default_factory=list)

    def as_person(self, home: Home | None, *, adult: bool) -> Person:
        """The description of an adult or a child."""
        numbers = (("NHS_NUMBER", self.nhs), ("UPN", self.upn), ("NI_NUMBER", self.ni))
        person = Person(
            name=Name(
                family=self.family or None,
                given=self.given or None,
                middle=self.middle or None,
                preferred_given=self.preferred or None,
                former_family=self.former or None,
            ),
            birth=Birth(date=self.birth, estimated=self.estimated) if self.birth else None,
            sex=Sex(self.sex),
            ethnicity=CodedValue(scheme="DFE_ETHNICITY", code=self.ethnicity) if self.ethnicity else None,
            school=self.school or None,
            address=_address(home) if home else None,
            contacts=(ContactPoint(kind="phone", value=self.phone),) if self.phone else (),
            identifiers=tuple(
                Identifier(scheme=IdentifierScheme(scheme), value=value) for scheme, value in numbers if value
            ),
        )
        if not adult:
            return person
        described = {name: getattr(person, name) for name in Person.model_fields}
        return Adult.model_validate({**described, "relationship": self.relationship or None})


def _address(home: Home) -> Address:
    line = " ".join(part for part in (home.house, home.street) if part)
    lines = tuple(part for part in (home.flat, line) if part)
    return Address(lines=lines, town=home.town or None, postcode=home.postcode or None)
