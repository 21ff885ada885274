"""National identifiers: what one looks like when normalised, whether it can be right, and if not, why.

Rules and sources: standards.md §5 (NHS Data Dictionary, UPN 2.0, HMRC NIM39110). A bad identifier never rejects
anything: it is kept as supplied, marked, and never matched on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from events.description import Identifier, IdentifierScheme

UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"  # no I, O, S; a letter's place is its value, modulus 23

_SEPARATORS: Final = re.compile(r"[\s\u2010-\u2015-]+")
_UPN: Final = re.compile(rf"[{UPN_LETTERS}][0-9]{{11}}[0-9{UPN_LETTERS}]")
_UPN_UNKNOWN: Final = re.compile(r"UN[1-9]")
_NINO: Final = re.compile(r"([A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])[0-9]{6}([A-D]?)")
_NINO_NEVER: Final = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found: the normalised value, and a stable code why it is not valid (None when it is)."""

    value: str
    reason: str | None = None

    @property
    def valid(self) -> bool:
        """Whether it may be relied on, for example to match."""
        return self.reason is None


def nhs_number(text: str) -> Check:
    """Ten ASCII digits, the last a modulus 11 check over weights 10 to 2. One digit ten times is a placeholder."""
    value = _bare(text)
    if not re.fullmatch("[0-9]{10}", value):
        return Check(value, "not-ten-digits")
    total = sum(int(digit) * weight for digit, weight in zip(value, range(10, 1, -1), strict=False))
    if (11 - total % 11) % 11 != int(value[9]):  # a check of 10 equals no digit, so it is refused too
        return Check(value, "check-digit")
    return Check(value, "placeholder" if len(set(value)) == 1 else None)


def upn(text: str) -> Check:
    """A check letter, 11 digits and a digit, or a letter for a temporary number. No list of authorities is kept."""
    value = _bare(text)
    if _UPN_UNKNOWN.fullmatch(value):
        return Check(value, "unknown-code")
    if not _UPN.fullmatch(value):
        return Check(value, "shape")
    return Check(value, None if value[0] == upn_letter(value[1:]) else "check-letter")


def upn_letter(rest: str) -> str:
    """The check letter that belongs before the other 12 characters of a UPN."""
    figures = (int(sign) if sign.isdigit() else UPN_LETTERS.index(sign) for sign in rest)
    return UPN_LETTERS[sum(figure * weight for weight, figure in enumerate(figures, start=2)) % 23]


def ni_number(text: str) -> Check:
    """Two letters, six digits and A to D. Without the last letter it is `incomplete`, which is not wrong."""
    value = _bare(text)
    match = _NINO.fullmatch(value)
    if not match:
        return Check(value, "shape")
    if match[1] in _NINO_NEVER:
        return Check(value, "prefix")
    return Check(value, None if match[2] else "incomplete")


def postcode(text: str) -> Check:
    """Upper case with one space before the last three. Only the shape is checked, not that Royal Mail knows it."""
    match = _POSTCODE.fullmatch(_bare(text))
    return Check(f"{match[1]} {match[2]}") if match else Check(text.strip().upper(), "shape")


def is_pseudo_postcode(text: str) -> bool:
    """`ZZ99` codes stand for a situation (no fixed abode, abroad), not for a place."""
    return _bare(text).startswith("ZZ99")


def urn(text: str) -> Check:
    """A school's Unique Reference Number in GIAS: six digits."""
    return _shaped(text, "[0-9]{6}")


def dfe_number(text: str) -> Check:
    """A school's DfE number: three digits of the authority, four of the establishment; `873/2001` too."""
    return _shaped(text.replace("/", ""), "[0-9]{7}")


def ods_code(text: str) -> Check:
    """A health body's Organisation Data Service code: 3 to 12 capital letters and digits."""
    return _shaped(text, "[A-Z0-9]{3,12}")


def charity_number(text: str) -> Check:
    """A Charity Commission number: six or seven digits; org-id style `GB-CHC-` goes."""
    return _shaped(_bare(text).removeprefix("GBCHC"), "[0-9]{6,7}")


def ofsted_number(text: str) -> Check:
    """An Ofsted registration: `EY` and six digits, or six or seven digits."""
    return _shaped(text, "EY[0-9]{6}|[0-9]{6,7}")


def checked(identifier: Identifier) -> Identifier:
    """The identifier with `valid` set: normalised when valid, else as supplied.

    None where it cannot be said: a scheme without a rule, or an NI number without its last letter.
    """
    rule = RULES.get(identifier.scheme)
    if rule is None:
        return identifier.model_copy(update={"valid": None})
    check = rule(identifier.value)
    if check.reason == "incomplete":
        return identifier.model_copy(update={"valid": None})
    value = check.value if check.valid else identifier.value
    return identifier.model_copy(update={"value": value, "valid": check.valid})


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _shaped(text: str, shape: str) -> Check:
    value = _bare(text)
    return Check(value, None if re.fullmatch(shape, value) else "shape")


RULES: Final[dict[IdentifierScheme, Callable[[str], Check]]] = {
    IdentifierScheme.NHS_NUMBER: nhs_number,
    IdentifierScheme.UPN: upn,
    IdentifierScheme.FORMER_UPN: upn,
    IdentifierScheme.NI_NUMBER: ni_number,
}
