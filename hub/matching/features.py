"""What of a described person is compared: normalised once when described, kept sealed, unpacked for each comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import orjson

from events.description import Address, Adult, IdentifierScheme, Person, Sex
from hub.identifiers import RULES
from hub.matching.addresses import Place, place
from hub.matching.contacts import contact
from hub.matching.dates import usable
from hub.matching.names import family_words, folded, name_words
from hub.matching.nicknames import spelt
from projections.kinship import kinship

VERSION: Final = 3  # of the packed form, and of the keys that are kept beside it
_MOST: Final = 8  # of each kind that is kept, so that no description makes comparing slow
UNTOLD: Final = "?"
# Of whom a child has one, or hardly ever two of one given name; a carer or a relative may be anybody.
KIN: Final = frozenset(
    {"mother", "father", "step-mother", "step-father", "foster mother", "foster father", "adoptive mother"}
    | {"adoptive father", "grandmother", "grandfather", "aunt", "uncle", "sister", "brother"}
)
_SEXES: Final = {Sex.FEMALE: "F", Sex.MALE: "M"}


class OtherVersion(Exception):
    """These features were packed by another version; they are made again from the description."""


class Features(NamedTuple):
    """One described person with the household around them. Empty means not known; nothing here is None.

    given, family: each name they go by in one word, the legal one first, then preferred, then former
    given_words, middle, family_words: the single words of all of these
    birth: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; with `expected` of a child to be born
    postcode, house, street, uprn, town: see `addresses.Place`
    contacts: telephone numbers and e-mail addresses; nhs, upn, ni: valid identifiers alone
    kin: what an adult is to the child, in the word of `projections.kinship`, such as mother
    adults: full names of the other adults in the household; kin_around: what they are to the child, `UNTOLD` of some
    children: given names of the other children
    """

    given: tuple[str, ...] = ()
    given_words: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    family_words: tuple[str, ...] = ()
    birth: str = ""
    estimated: bool = False
    expected: bool = False
    sex: str = ""
    postcode: str = ""
    house: str = ""
    street: str = ""
    uprn: str = ""
    town: str = ""
    contacts: tuple[str, ...] = ()
    nhs: tuple[str, ...] = ()
    upn: tuple[str, ...] = ()
    ni: tuple[str, ...] = ()
    school: str = ""
    adult: bool = False
    unborn: bool = False
    adults: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    kin: str = ""
    kin_around: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """Packed for keeping: a JSON array with the version first."""
        return orjson.dumps((VERSION, *self))

    @classmethod
    def from_bytes(cls, packed: bytes) -> Features:
        """Unpacked again. Raises `OtherVersion`."""
        version, *values = orjson.loads(packed)
        if version != VERSION:
            raise OtherVersion
        return cls._make([tuple(value) if value.__class__ is list else value for value in values])


class Context(NamedTuple):
    """The household that a person was described in, as one submission tells of it."""

    home: Address | None = None
    adults: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    kin_around: tuple[str, ...] = ()
    family_names: frozenset[str] = frozenset()


ALONE: Final = Context()


def contexts(people: Sequence[Person]) -> list[Context]:
    """The context of each person of one submission; who is an `Adult` is one, everybody else a child."""
    home = next((person.address for person in people if person.address and place(person.address).postcode), None)
    names = [_known_as(person) for person in people]
    grown = [isinstance(person, Adult) for person in people]
    kin = [_kin(person) or UNTOLD for person in people]
    families = [family_words(person.name.family) for person in people]
    return [
        Context(
            home,
            _others(name for at, name in enumerate(names) if at != own and grown[at]),
            _others(name for at, name in enumerate(names) if at != own and not grown[at]),
            _others(kin[at] for at, name in enumerate(names) if at != own and grown[at] and name),
            frozenset(word for at, words in enumerate(families) if at != own for word in words),
        )
        for own in range(len(people))
    ]


def features(person: Person, context: Context = ALONE) -> Features:
    """The person's features; the household's address stands in for one they have none of their own."""
    name = person.name
    given = [name_words(each) for each in (name.given, name.preferred_given, name.former_given)]
    family = [family_words(each) for each in (name.family, name.preferred_family, name.former_family)]
    if not isinstance(person, Adult) and _swapped(given[0], family[0], context):
        given[0], family[0] = name_words(name.family), family_words(name.given)
    birth = person.birth
    born = usable(birth.date) if birth else ""
    home: Place = place(person.address or context.home)
    valid = {scheme: _valid(person, scheme) for scheme in _SCHEMES} if person.identifiers else {}
    return Features(
        given=_forms(given),
        given_words=_words(given),
        middle=name_words(name.middle)[:_MOST],
        family=_forms(family),
        family_words=_words(family),
        birth=born,
        estimated=bool(born and birth and birth.estimated),
        expected=bool(born and birth and (birth.expected or person.unborn)),
        sex=_SEXES.get(person.sex, ""),
        postcode=home.postcode,
        house=home.house,
        street=home.street,
        uprn=home.uprn,
        town=home.town,
        contacts=_others(contact(point) for point in person.contacts),
        nhs=valid.get("nhs", ()),
        upn=valid.get("upn", ()),
        ni=valid.get("ni", ()) if isinstance(person, Adult) else (),
        school=folded(person.school) if person.school else "",
        adult=isinstance(person, Adult),
        unborn=person.unborn,
        adults=context.adults,
        children=context.children,
        kin=_kin(person),
        kin_around=context.kin_around,
    )


def _swapped(given: tuple[str, ...], family: tuple[str, ...], context: Context) -> bool:
    """A child whose given name is the others' family name, and whose family name is nobody's, has them swapped.

    Not so an adult: where the father's given name is the children's family name, he has it too.
    """
    if not given or not family:
        return False
    if context.family_names.isdisjoint(given):
        return False
    return not any(own == other or spelt(own, other) for own in family for other in context.family_names)


_SCHEMES: Final = {
    "nhs": (IdentifierScheme.NHS_NUMBER,),
    "upn": (IdentifierScheme.UPN, IdentifierScheme.FORMER_UPN),
    "ni": (IdentifierScheme.NI_NUMBER,),
}


def _valid(person: Person, scheme: str) -> tuple[str, ...]:
    of_scheme = (each for each in person.identifiers if each.scheme in _SCHEMES[scheme])
    checks = (RULES[each.scheme](each.value) for each in of_scheme)
    return _others(check.value for check in checks if check.valid)


def _kin(person: Person) -> str:
    """What an adult is to the child; empty where it is not said, or in no word that is known."""
    told = kinship(person.relationship) if isinstance(person, Adult) and person.relationship else None
    if told is None:
        return ""
    known, implied = told
    word = known.words.of(person.sex if implied is Sex.NOT_KNOWN else implied)
    return word if word in KIN else ""


def _known_as(person: Person) -> str:
    """An adult by the whole name, a child by the given one: the children of a house share the other."""
    given = "".join(name_words(person.name.given))
    if not isinstance(person, Adult):
        return given
    family = "".join(family_words(person.name.family))
    return f"{given} {family}" if given and family else ""


def _forms(names: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys("".join(words) for words in names if words))


def _words(names: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in names for word in words))[:_MOST]


def _others(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in found if each))[:_MOST]
