"""How far two people's names agree. Each function gives a level of its field in `compare.py`; 0: cannot be compared."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from hub.matching.features import Features
from hub.matching.given_names import far_rarer, is_given_name
from hub.matching.nicknames import ENGLISH_BESIDE, SHARED_BY_MANY, short_for, shortened, spelt
from hub.matching.spelling import as_read, spelling

_CLOSE, _SIMILAR = 0.92, 0.83  # Jaro-Winkler similarity
_BOTH_ALONE = 2  # names, one of each
_SHORTEST = 3  # letters of a short form, and of what was left away
_RARE_LENGTH = 5  # letters
# Parents who choose two names that are near choose two that are names; a slip is written of one in a thousand.
_NEVER_BESIDE, _SELDOM_GIVEN, _LESS_GIVEN = 50, 30, 2  # times as rare
_PAIRS = 10_000  # of words are remembered: everybody of a household is compared with the same others
_SLIP_LENGTH = 4  # from here on one wrong letter still is the same word


class GivenLevel(IntEnum):
    """Levels of the given name, the strongest first."""

    SAME = 1
    ALSO_KNOWN_AS = 2
    ONE_OF_SEVERAL = 3
    SPELT = 4
    SLIP = 5
    SHORTENED = 6
    NICKNAME = 7
    SWAPPED = 8
    CLOSE = 9
    INITIAL = 10
    OTHER_MIDDLE = 11
    SIMILAR = 12
    SECOND = 13
    DIFFERS = 14


_FORMS = frozenset({GivenLevel.SPELT, GivenLevel.SLIP, GivenLevel.SHORTENED, GivenLevel.NICKNAME, GivenLevel.CLOSE})


class FamilyLevel(IntEnum):
    """Levels of the family name, the strongest first."""

    SAME = 1
    ALSO_KNOWN_AS = 2
    ONE_OF_SEVERAL = 3
    CLOSE = 4
    SIMILAR = 5
    DIFFERS = 6


def given_level(a: Features, b: Features) -> int:
    """The given names; and both names at once where given and family name changed places."""
    if not a.given or not b.given:
        return 0
    one, other = a.given[0], b.given[0]
    if one == other and len(one) > 1:
        return GivenLevel.OTHER_MIDDLE if _middle_differs(a, b) else GivenLevel.SAME
    if (
        len(a.given) + len(b.given) > _BOTH_ALONE
        and len(one) > 1
        and len(other) > 1
        and not set(a.given).isdisjoint(b.given)
    ):
        return GivenLevel.ALSO_KNOWN_AS
    if changed_places(a, b):
        return GivenLevel.SWAPPED
    if len(one) == 1 or len(other) == 1:
        return _by_initial(a, b)
    level = _by_words(a, b)
    return GivenLevel.SECOND if level == GivenLevel.DIFFERS and _may_be_second(a, b) else level


def _by_initial(a: Features, b: Features) -> int:
    """An initial of Muhammad is one of all the brothers."""
    if a.given[0][0] != b.given[0][0]:
        return GivenLevel.DIFFERS
    several = any(len(each.given_words) > 1 and each.given_words[0] in SHARED_BY_MANY for each in (a, b))
    return GivenLevel.ONE_OF_SEVERAL if several else GivenLevel.INITIAL


def _may_be_second(a: Features, b: Features) -> bool:
    """One name is English and the other is not, where families have both."""
    if is_given_name(a.given[0]) == is_given_name(b.given[0]):
        return False
    return bool(a.family and b.family) and {a.family[0], b.family[0]} <= ENGLISH_BESIDE


def _by_words(a: Features, b: Features) -> int:
    """Names that many have, such as Muhammad or Maria, say little beside another one: the other one is compared."""
    all_a, all_b = a.given_words + a.middle, b.given_words + b.middle
    if len(all_a) == len(all_b) == 1:
        return _by_one_word(all_a[0], all_b[0])
    level = _with_a_slip(a, b) or _by_several_words(a, b, all_a, all_b)
    may_differ = level in {GivenLevel.SAME, GivenLevel.SLIP, GivenLevel.SPELT}
    return GivenLevel.OTHER_MIDDLE if may_differ and _middle_differs(a, b) else level


def _by_several_words(a: Features, b: Features, all_a: tuple[str, ...], all_b: tuple[str, ...]) -> int:
    mine = [word for word in a.given_words if word not in SHARED_BY_MANY]
    theirs = [word for word in b.given_words if word not in SHARED_BY_MANY]
    if "".join(all_a) == "".join(all_b) or (mine and mine == theirs):
        return GivenLevel.SAME
    if _shared_word(all_a, all_b):
        return GivenLevel.OTHER_MIDDLE if _others_differ(all_a, all_b) else _beside_a_shared_one(mine, theirs)
    if not mine or not theirs:
        again = any(one == other or spelt(one, other) for one in a.given_words for other in b.given_words)
        # Brothers may all be Muhammad, each with a name of his own.
        said = GivenLevel.ONE_OF_SEVERAL if mine or theirs else GivenLevel.SPELT
        return said if again else _by_one_word(a.given_words[0], b.given_words[0])
    return GivenLevel.SPELT if spelt(mine[0], theirs[0]) else _by_one_word("".join(mine), "".join(theirs))


def _with_a_slip(a: Features, b: Features) -> int:
    """A slip of the pen in one of several names, or in one that has other forms beside it; 0 if it is not that."""
    if len(a.given) == len(b.given) == 1 and len(a.given_words) == len(b.given_words) > 1:
        pairs = [(one, other) for one, other in zip(a.given_words, b.given_words, strict=True) if one != other]
    else:
        pairs = [(one, other) for one in a.given for other in b.given if len(one) > 1 and len(other) > 1]
        pairs = [(one, other) for one, other in pairs if OSA.distance(one, other, score_cutoff=1) <= 1][:1]
    if len(pairs) != 1:
        return 0
    return GivenLevel.SLIP if _is_slip(*pairs[0]) else 0


def _beside_a_shared_one(mine: list[str], theirs: list[str]) -> int:
    """How the first names agree; that another one is the same says no more, for brothers may have one middle name."""
    first = _by_one_word(mine[0], theirs[0]) if mine and theirs and mine[0] != theirs[0] else 0
    return first if first in _FORMS else GivenLevel.ONE_OF_SEVERAL


def _others_differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Beside the names they share, each has a name of which the other has nothing: twins named crosswise, perhaps."""
    mine, theirs = set(one).difference(other), set(other).difference(one)
    if not mine or not theirs:
        return False
    initial = not {each[0] for each in mine}.isdisjoint(each[0] for each in theirs if len(each) == 1)
    initial = initial or not {each[0] for each in theirs}.isdisjoint(each[0] for each in mine if len(each) == 1)
    return not initial and not any(_alike(a, b) or short_for(a, b) for a in mine for b in theirs)


def _by_one_word(one: str, other: str) -> int:
    if spelt(one, other):
        return GivenLevel.SPELT
    if short_for(one, other):
        short, long = sorted((one, other), key=len)
        no_more = (shortened(one, other) and far_rarer(short, long, _LESS_GIVEN)) or far_rarer(
            short, long, _SELDOM_GIVEN
        )
        return GivenLevel.SHORTENED if no_more else GivenLevel.NICKNAME
    if _cut_short(one, other):
        return GivenLevel.SHORTENED
    if _read_alike(one, other) and not (is_given_name(one) and is_given_name(other)):
        return GivenLevel.SLIP
    level = _by_letters(one, other, GivenLevel.CLOSE, GivenLevel.SIMILAR, GivenLevel.DIFFERS)
    return GivenLevel.SLIP if level == GivenLevel.CLOSE and _is_slip(one, other) else level


def _cut_short(one: str, other: str) -> bool:
    """One is the beginning of the other, which is much longer: Siva, Sivakumar; but twins may be Sam and Samina."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST or not long.startswith(short) or short == long:
        return False
    if is_given_name(short):
        return far_rarer(short, long, _NEVER_BESIDE) or (
            not is_given_name(long) and len(short) <= len(long) - _SHORTEST
        )
    return len(short) <= len(long) - _SHORTEST or is_given_name(long)


def _is_slip(one: str, other: str) -> bool:
    """One wrong letter, not the first, made a name into none or into one far rarer, or two letters changed places.

    Twins have two names. Two that nobody knows, long and with one letter between them, are one that is rare.
    """
    if OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    if sorted(one) == sorted(other):
        return True
    if is_given_name(one) or is_given_name(other):
        never = far_rarer(one, other, _NEVER_BESIDE) or far_rarer(other, one, _NEVER_BESIDE)
        return one[0] == other[0] and never
    return min(len(one), len(other)) >= _RARE_LENGTH and one.isalpha() and other.isalpha()


def _middle_differs(a: Features, b: Features) -> bool:
    """Both have middle names, and not even an initial is the same."""
    return set(a.middle).isdisjoint(b.middle) and _others_differ(a.middle, b.middle)


def family_level(a: Features, b: Features) -> int:
    """The family names; 0 where given and family name changed places, which the given name tells already."""
    if not a.family or not b.family:
        return 0
    one, other = a.family[0], b.family[0]
    if one == other:
        return FamilyLevel.SAME
    if len(a.family_words) + len(b.family_words) > _BOTH_ALONE:
        if not set(a.family).isdisjoint(b.family):
            return FamilyLevel.ALSO_KNOWN_AS
        if _shared_word(a.family_words, b.family_words):
            return FamilyLevel.ONE_OF_SEVERAL
    if a.given and b.given and changed_places(a, b):
        return 0
    return _by_spelling(one, other)


def _by_spelling(one: str, other: str) -> int:
    if spelt(one, other) or one.removeprefix("al") == other.removeprefix("al"):
        return FamilyLevel.CLOSE
    return _by_letters(one, other, FamilyLevel.CLOSE, FamilyLevel.SIMILAR, FamilyLevel.DIFFERS)


def changed_places(a: Features, b: Features) -> bool:
    """Given and family name changed places between two people who have both; a slip of the pen may be in it."""
    if not a.family or not b.family or a.given[0] == b.given[0] or a.family[0] == b.family[0]:
        return False
    if _alike(a.given[0], b.family[0]) and _one_name(a.family[0], b.given[0]):
        return True
    if _one_name(a.given[0], b.family[0]) and _alike(a.family[0], b.given[0]):
        return True
    of_several = len(a.given_words) + len(b.given_words) + len(a.family_words) + len(b.family_words) > 2 * _BOTH_ALONE
    return of_several and _shared_word(a.given_words, b.family_words) and _shared_word(a.family_words, b.given_words)


def shares_the_familys_name(a: Features, b: Features) -> bool:
    """The given name is the same, the family name is not, and an adult around them has that given name too.

    Where a child's names may come in either order, or the father's given name is the child's family name, two of one
    household are alike so: both were written the wrong way round.
    """
    if not a.given or not b.given or not same_word(a.given[0], b.given[0]) or _one_family_name(a, b):
        return False
    if any(each.family[0] in {adult.split(" ")[1] for adult in each.adults} for each in (a, b) if each.family):
        return False  # it stands in its own place
    around = {word for adult in (*a.adults, *b.adults) for word in adult.split(" ")}
    return any(_alike(given, word) for given in (a.given[0], b.given[0]) for word in around)


def _one_family_name(a: Features, b: Features) -> bool:
    """The family names have a word in common, or nearly so while they are not the given names of two people."""
    if not set(a.family).isdisjoint(b.family) or _shared_word(a.family_words, b.family_words):
        return True
    if not a.family or not b.family or not _alike(a.family[0], b.family[0]):
        return False
    return not (is_given_name(a.family[0]) and is_given_name(b.family[0]))


@lru_cache(maxsize=_PAIRS)
def _alike(one: str, other: str) -> bool:
    return same_word(one, other) or spelt(one, other) or _read_alike(one, other)


def _read_alike(one: str, other: str) -> bool:
    return spelling(as_read(one)) == spelling(as_read(other))


def _one_name(one: str, other: str) -> bool:
    return _alike(one, other) or short_for(one, other)


def _shared_word(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """They have a word in common that says something."""
    return not SHARED_BY_MANY.issuperset(set(one).intersection(other))


def same_word(one: str, other: str) -> bool:
    """Equal, or as close as one slip of the pen."""
    if one == other:
        return True
    if one[0] != other[0] and one[-1] != other[-1]:
        return False
    return _by_letters(one, other, 1, 0, 0) == 1


def _by_letters(one: str, other: str, close: int, similar: int, differs: int) -> int:
    likeness = JaroWinkler.similarity(one, other)
    if likeness >= _CLOSE:
        return close
    if min(len(one), len(other)) >= _SLIP_LENGTH and OSA.distance(one, other, score_cutoff=1) <= 1:
        return close
    return similar if likeness >= _SIMILAR else differs
