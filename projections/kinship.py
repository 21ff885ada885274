"""Words for who somebody is to somebody else, and what the other one is to them in turn.

Knows what people write, and the codes of the DfE Common Transfer File (`PAM`, `FOF`, …; CTF 15 to 21). A word it does
not know is kept as it was told and has no inverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from events.description import Sex


class Words(NamedTuple):
    """One relationship by the sex of who it is said of: female, male, not known."""

    female: str
    male: str
    either: str

    def of(self, sex: Sex) -> str:
        """The word for this sex."""
        return {Sex.FEMALE: self.female, Sex.MALE: self.male}.get(sex, self.either)


@dataclass(frozen=True, slots=True)
class Kinship:
    """What somebody is to a child, and what the child is to them."""

    words: Words
    inverse: Words


_CHILD: Final = Words("daughter", "son", "child")
_PARENT: Final = Kinship(Words("mother", "father", "parent"), _CHILD)
_SIBLINGS: Final = Words("sister", "brother", "sibling")
SIBLING: Final = Kinship(_SIBLINGS, _SIBLINGS)


def _same(prefix: str, of: Kinship) -> Kinship:
    """Step-, foster and adoptive ones, and great-grandparents."""
    return Kinship(Words(*(prefix + word for word in of.words)), Words(*(prefix + word for word in of.inverse)))


def _both(female: str, male: str, either: str, inverse: Words) -> dict[str, tuple[Kinship, Sex]]:
    kinship = Kinship(Words(female, male, either), inverse)
    return _by_word(kinship)


def _by_word(kinship: Kinship) -> dict[str, tuple[Kinship, Sex]]:
    sexes = (Sex.FEMALE, Sex.MALE, Sex.NOT_KNOWN)
    return {_plain(word): (kinship, sex) for word, sex in zip(kinship.words, sexes, strict=True)}


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalpha())


_GRAND: Final = Kinship(
    Words("grandmother", "grandfather", "grandparent"), Words("granddaughter", "grandson", "grandchild")
)
_KNOWN: Final = {
    **_by_word(_PARENT),
    **_by_word(_same("step-", _PARENT)),
    **_by_word(_same("foster ", _PARENT)),
    **_by_word(_same("adoptive ", _PARENT)),
    **_by_word(_GRAND),
    **_by_word(_same("great-", _GRAND)),
    **_by_word(SIBLING),
    **_by_word(_same("half-", SIBLING)),
    **_by_word(_same("step-", SIBLING)),
    **_both("aunt", "uncle", "aunt or uncle", Words("niece", "nephew", "niece or nephew")),
    **_both("cousin", "cousin", "cousin", Words("cousin", "cousin", "cousin")),
    **_both("carer", "carer", "carer", Words(*3 * ("child in the care",))),
    **_both("foster carer", "foster carer", "foster carer", _same("foster ", _PARENT).inverse),
    **_both("guardian", "guardian", "guardian", Words("ward", "ward", "ward")),
    **_both("relative", "relative", "relative", Words("relative", "relative", "relative")),
    **_both("social worker", "social worker", "social worker", Words("client", "client", "client")),
}
_SAID_FOR: Final = {
    "mum": "mother", "mam": "mother", "mummy": "mother", "birthmother": "mother", "pam": "mother",
    "dad": "father", "daddy": "father", "birthfather": "father", "paf": "father",
    "stp": "stepparent", "stepmum": "stepmother", "stepdad": "stepfather",
    "fom": "fostermother", "fof": "fosterfather", "adoptedmother": "adoptivemother", "adoptedfather": "adoptivefather",
    "nan": "grandmother", "nana": "grandmother", "gran": "grandmother", "granny": "grandmother",
    "grandad": "grandfather", "granddad": "grandfather",
    "maternalgrandmother": "grandmother", "paternalgrandmother": "grandmother",
    "maternalgrandfather": "grandfather", "paternalgrandfather": "grandfather",
    "car": "carer", "kinshipcarer": "carer", "legalguardian": "guardian", "specialguardian": "guardian",
    "rel": "relative", "fam": "relative", "familymember": "relative", "swr": "socialworker",
}  # fmt: skip


def kinship(told: str) -> tuple[Kinship, Sex] | None:
    """What a word or code means, and the sex that it implies; None if it is not one of those known.

    Of several with commas between them, as FHIR senders give them, the first one known counts.
    """
    for part in told.split(","):
        word = _plain(part)
        found = _KNOWN.get(_SAID_FOR.get(word, word))
        if found is not None:
            return found
    return None
