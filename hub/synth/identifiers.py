"""National identifiers for invented people, by the check rules of standards.md §5.

The n-th person gets the n-th number, so that no two people share one and no table of used numbers is kept. Written
apart from the hub's own validation on purpose: the two check each other in the tests.
"""

from __future__ import annotations

import string
from operator import mul
from random import Random
from typing import Final

UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
TEST_NUMBERS: Final = 1_000_000
_NHS_WEIGHTS: Final = range(10, 1, -1)
_UPN_WEIGHTS: Final = range(2, 14)
# 999 is the test range, so no patient has such a number.
_TEST_RANGE: Final = "999"
# Odd and not a multiple of 5: the steps visit every number of the range once.
_STRIDE: Final = 618_033
# Pairs that HMRC's rule allows and that are far from any series in common issue.
_NI_PREFIXES: Final = ("XX", "XY", "XZ", "YX", "YY", "YZ", "ZX", "ZY")
_SERIALS: Final = 1_000
# Telephone numbers for drama use (Ofcom): a thousand each, and no call ever reaches anybody.
_DRAMA: Final = (
    "07700 900", "01632 960", "0113 496 0", "0114 496 0", "0115 496 0", "0116 496 0", "0117 496 0", "0118 496 0",
    "0121 496 0", "0131 496 0", "0141 496 0", "0151 496 0", "0161 496 0", "020 7946 0", "0191 498 0", "028 9649 6",
    "029 2018 0",
)  # fmt: skip


def nhs_check_digit(nine: str) -> int:
    """Weights 10 to 2, modulo 11; 11 is written 0, 10 means that the nine digits are not used."""
    total: int = sum(map(mul, map(int, nine), _NHS_WEIGHTS))
    return -total % 11


def nhs_number(n: int) -> str | None:
    """The n-th number of the 999 test range; None where the rule leaves it out or the range is used up."""
    if n >= TEST_NUMBERS:
        return None
    nine = f"{_TEST_RANGE}{n * _STRIDE % TEST_NUMBERS:06d}"
    check = nhs_check_digit(nine)
    return None if check == 10 else f"{nine}{check}"  # noqa: PLR2004 - the rule's own number


def upn(n: int, authority: str, year: int) -> str:
    """A pupil number: check letter, authority (3 digits), establishment 9xxx, year of entry, serial."""
    establishment, serial = divmod(n % (_SERIALS * _SERIALS), _SERIALS)
    digits = f"{authority}9{establishment:03d}{year % 100:02d}{serial:03d}"
    return upn_check_letter(digits) + digits


def upn_check_letter(digits: str) -> str:
    """Weights 2 to 13 over the twelve digits, modulo 23, as a letter."""
    return UPN_LETTERS[sum(map(mul, map(int, digits), _UPN_WEIGHTS)) % len(UPN_LETTERS)]


def ni_number(n: int) -> str:
    """An adult's number in the shape HMRC allows (NIM39110)."""
    prefix = _NI_PREFIXES[n // TEST_NUMBERS % len(_NI_PREFIXES)]
    return f"{prefix}{n * _STRIDE % TEST_NUMBERS:06d}{'ABCD'[n % 4]}"


def wrong_check(identifier: str, rng: Random) -> str:
    """The same identifier with its check digit or check letter wrong, as a slip of the pen leaves it."""
    if identifier[0].isdigit():
        wrong = (int(identifier[-1]) + rng.randrange(1, 10)) % 10
        return f"{identifier[:-1]}{wrong}"
    others = [letter for letter in UPN_LETTERS if letter != identifier[0]]
    return rng.choice(others) + identifier[1:]


def telephone(n: int) -> str | None:
    """The n-th number of Ofcom's ranges for drama, mobiles first; None where they are used up."""
    if n >= len(_DRAMA) * _SERIALS:
        return None
    return f"{_DRAMA[n // _SERIALS]}{n % _SERIALS:03d}"


def message_id(rng: Random) -> str:
    """A GUID (version 4) from the seeded generator, never from the system's own randomness."""
    text = "".join(rng.choices(string.hexdigits[:16], k=32))
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) % 4]}{text[17:20]}-{text[20:]}"
