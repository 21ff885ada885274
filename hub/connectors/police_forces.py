"""The field map of each police force: which of its own column names tells what. There is no national schema.

One JSON file a force in `forces/`; adding a force is adding a file. `ppn` and `encompass` have the same shape; what a
force does not send is left out. `grades` maps the force's own words to HIGH, MEDIUM or STANDARD; a word that is not in
it is for a person to look at, never low.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Map(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonMap(_Map):
    """Columns of one person."""

    family: str
    given: str
    born: str
    sex: str | None = None
    relationship: str | None = None
    phone: str | None = None
    role: str | None = None
    fixed_role: str | None = Field(default=None, description="where the place in the form is the role")
    school: str | None = None
    home_educated: str | None = None
    present: str | None = None
    where: str | None = None
    voice: str | None = None


class AddressMap(_Map):
    """Columns of the household's address."""

    lines: tuple[str, ...] = ()
    town: str | None = None
    postcode: str | None = None
    restricted: str | None = None


class NoticeMap(_Map):
    """Columns of one kind of notice: one row tells one incident and all children in it."""

    reference: str
    incident: str
    date: str
    time: str | None = None
    place: str | None = None
    officer: str | None = None
    circumstances: str | None = None
    request: str | None = None
    agreement: str | None = None
    grade: str | None = None
    marac: str | None = None
    welfare_check: str | None = None
    basis: str = "Lawful basis"
    address: AddressMap = AddressMap()
    children: Annotated[tuple[PersonMap, ...], Field(min_length=1, max_length=20)]
    adults: Annotated[tuple[PersonMap, ...], Field(max_length=20)]
    grades: dict[str, Literal["HIGH", "MEDIUM", "STANDARD"]] = {}
    roles: dict[str, str] = {}

    def columns(self) -> tuple[str, ...]:
        """The header of this force's file, in the order of the map."""
        return tuple(dict.fromkeys(_named(self.model_dump(exclude={"grades", "roles"}))))

    def required(self) -> tuple[str, ...]:
        """Columns without which the file cannot be this notice."""
        first = self.children[0]
        return (self.reference, self.incident, self.date, first.family, first.given, first.born)


class Force(_Map):
    """One force: its short name, as in connector names, and its two notices."""

    force: Annotated[str, Field(pattern="^[a-z]{2,30}$")]
    title: str
    ppn: NoticeMap
    encompass: NoticeMap


def _named(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key != "fixed_role":
                yield from _named(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _named(part)
    elif isinstance(value, str):
        yield value


FORCES: Final = tuple(
    Force.model_validate_json(file.read_bytes())
    for file in sorted((files(__package__) / "forces").iterdir(), key=lambda file: file.name)
    if file.name.endswith(".json")
)
