"""How strongly what two descriptions say speaks for one person: the sum of Fellegi-Sunter weights."""

from __future__ import annotations

from operator import getitem
from typing import Final, NamedTuple

from hub.matching.compare import PLACE_OF, levels
from hub.matching.features import Features
from hub.matching.model import Model
from hub.matching.same_household import SameLevel
from hub.matching.same_name import FamilyLevel, GivenLevel

_GIVEN: Final = PLACE_OF["given"]
_SEX: Final = PLACE_OF["sex"]
_FAMILY: Final = PLACE_OF["family"]
_NONE: Final[dict[str, int]] = {}


class Score(NamedTuple):
    """Evidence in hundredths of a bit: 100 doubles the odds.

    total: that this is one person and not two strangers; within: and not two people of one household, such as twins
    levels, weights: by field of `compare.FIELDS`, what was found and what each counts in `total`
    weights_within: what each counts in `within`
    """

    total: int
    within: int
    levels: tuple[int, ...]
    weights: tuple[int, ...]
    weights_within: tuple[int, ...]


def score(a: Features, b: Features, model: Model) -> Score:
    """Symmetric, and always the same for the same features and model."""
    found = levels(a, b)
    weights = list(map(getitem, model.stranger, found))
    if found[_FAMILY] == FamilyLevel.SAME:
        weights[_FAMILY] += model.terms.get("family", _NONE).get(a.family[0], 0)
    if found[_GIVEN] == GivenLevel.SAME and a.given[0] == b.given[0]:
        weights[_GIVEN] += model.terms.get("given", _NONE).get(a.given[0], 0)
    household = model.grown if a.adult and b.adult else model.household
    within = list(map(getitem, household, found))
    if found[_SEX] == SameLevel.DIFFERS and found[_GIVEN] == GivenLevel.SAME:
        # A name has a sex: two of one household who have the same name are of the same sex, as one person is.
        within[_SEX] = 0
    return Score(sum(weights), sum(within), found, tuple(weights), tuple(within))
