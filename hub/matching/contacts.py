"""Telephone numbers and e-mail addresses in one form each, however they were typed."""

from __future__ import annotations

import re
from typing import Final

from events.description import ContactPoint

_NO_DIGITS: Final = re.compile("[^0-9]+")
_FEWEST_DIGITS, _MOST_DIGITS = 9, 15  # of a number with its country (ITU-T E.164 allows 15)


def contact(point: ContactPoint) -> str:
    """`441223…` or `name@example.org`; empty for what cannot be either."""
    return phone(point.value) if point.kind == "phone" else email(point.value)


def phone(text: str) -> str:
    """Digits with the country in front; a national number (0…) is British."""
    text = text.replace("(0)", "")
    digits = _NO_DIGITS.sub("", text)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = f"44{digits[1:]}"
    elif digits.startswith("7") and len(digits) == 10:  # noqa: PLR2004 - a mobile number that lost its zero
        digits = f"44{digits}"
    if digits.startswith("440"):
        digits = f"44{digits[3:]}"
    one_digit = len(set(digits[2:])) <= 1  # 07000 000000 is typed to get past a form
    return digits if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and not one_digit else ""


def email(text: str) -> str:
    """Without case and spaces. The part before the @ may not ignore case by standard; in practice everybody's does."""
    plain = text.strip().casefold()
    name, at, domain = plain.rpartition("@")
    return plain if at and name and "." in domain and " " not in plain else ""
