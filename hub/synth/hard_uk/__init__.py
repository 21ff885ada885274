"""A register of invented families, and what agencies then say about people: made to be hard to match.

A measure, not a demo. The rules were written before anything was measured and are not tuned to the matcher. One seed
makes one set.

People
- Families of 22 origins (`weight` in `names.json`: far more minorities than the country has, so that each can be
  measured) with names as that origin writes them: shared, gendered (Polish), by marriage (Lithuanian), two surnames
  (Portuguese), by sex and not by house (Pakistani, Bangladeshi, Sikh), the father's name (Tamil, Somali), an English
  name beside (Chinese), tone marks (Yoruba), few names for many (Travellers, Roma). Names are real ones in chance
  combinations; a third of British surnames is composed. Common names are common (Zipf).
- 1 to 5 children, 0 to 17 years old. Of families with several, 5 % have twins: 60 % of the same sex, and 60 % of these
  with names that are near (`twins` in `names.json`).
- In 3 % of the families a child is named after a parent. 5 % have cousins elsewhere in the set: the same surname, and a
  child of the same given name born within two years; a fifth of them in the same street.
- Fifteen homes share a postcode. A quarter are flats, up to 24 in a building. 1.5 % live in one hostel, 2 % have no
  fixed abode; Travellers share sites without house numbers.
- Each child has an NHS number and, from the age of five, a UPN; each adult an NHS and an NI number, two thirds a
  telephone.

What is known and what arrives
- Of two thirds of the families the hub knows each child with 85 % and each adult with 75 %, as one agency described
  them: so it may know one twin and hear of the other.
- Then agencies tell of 70 % of the known families and of all the others: a school, health, DWP, the police, a nursery,
  a charity; of a quarter of them twice. 10 % have moved. Each tells of one child or more and of adults, and gives what
  such an agency holds (`agencies.py`): the school a UPN, health an NHS number, DWP the adult's NI number, the police
  none and often no date.
- Every description, the first one too, has the slips of `slips.py`: typing and reading errors, short forms, other
  spellings, names in the wrong place, accents lost, names changed by marriage, dates swapped, mistyped, guessed or cut
  short, what an adult is to the child left out or vague, and 3 % of the numbers wrong: half fail their check, half are
  valid and somebody else's.

The truth is the key of the person; subgroups are ethnicity (DfE codes), sex and district.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from hub.matching.quality.told import Dataset, Submission
from hub.synth.hard_uk.agencies import AGENCIES, POLICE, account, told
from hub.synth.hard_uk.families import Family, Human, families
from hub.synth.hard_uk.homes import Homes

_KNOWN, _CHILD_KNOWN, _ADULT_KNOWN = 2 / 3, 0.85, 0.75
_TOLD_OF, _TWICE = 0.7, 0.25
_MOVED, _MOVED_NEARBY = 0.1, 0.3
_FIRST_ACCOUNTS: Final = tuple(agency for agency in AGENCIES if agency is not POLICE)


def hard_uk(households: int, seed: int) -> Dataset:
    """The set of so many families, the same for one seed."""
    rng = Random(f"hard uk {seed}")  # noqa: S311 - repeatable on purpose
    everybody, homes = families(rng, households)
    strangers = [human for family in everybody for human in (*family.children, *family.adults)]
    known: list[Submission] = []
    arriving: list[Submission] = []
    for family in everybody:
        if rng.random() < _KNOWN:
            known.append(_first_account(rng, family, strangers))
            if rng.random() >= _TOLD_OF:
                continue
        arriving += _later_accounts(rng, family, homes, strangers)
    rng.shuffle(arriving)
    return Dataset("hard-uk", tuple(filter(None, known)), tuple(arriving))


def _first_account(rng: Random, family: Family, strangers: Sequence[Human]) -> Submission:
    members = [child for child in family.children if rng.random() < _CHILD_KNOWN]
    members += [adult for adult in family.adults if rng.random() < _ADULT_KNOWN]
    return account(rng, family, rng.choice(_FIRST_ACCOUNTS), family.home, members, strangers)


def _later_accounts(rng: Random, family: Family, homes: Homes, strangers: Sequence[Human]) -> Iterator[Submission]:
    home = family.home
    if rng.random() < _MOVED:
        home = homes.near(home) if rng.random() < _MOVED_NEARBY else homes.one(family.group)
    for _ in range(2 if rng.random() < _TWICE else 1):
        yield told(rng, family, rng.choice(AGENCIES), home, strangers)
