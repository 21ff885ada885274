from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.description import Identifier, IdentifierScheme
from hub import identifiers
from hub.identifiers import UPN_LETTERS, Check


def nhs_check(first_nine: str) -> int:
    """The Data Dictionary's rule, written out once more: multiply, add, remainder, take from eleven."""
    remainder = 0
    for place, digit in enumerate(first_nine):
        remainder = (remainder + int(digit) * (10 - place)) % 11
    return 0 if remainder == 0 else 11 - remainder


@st.composite
def nhs_numbers(draw: st.DrawFn) -> str:
    first = draw(st.text("0123456789", min_size=9, max_size=9))
    check = nhs_check(first)
    assume(check < 10 and len(set(f"{first}{check}")) > 1)
    return f"{first}{check}"


@st.composite
def upns(draw: st.DrawFn) -> str:
    rest = draw(st.text("0123456789", min_size=11, max_size=11)) + draw(st.sampled_from("0123456789" + UPN_LETTERS))
    return identifiers.upn_letter(rest) + rest


@given(nhs_numbers())
def test_a_number_with_its_check_digit_is_valid(number: str) -> None:
    assert identifiers.nhs_number(number).valid


@given(nhs_numbers(), st.integers(0, 9), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_of_an_nhs_number_is_caught(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    assert not identifiers.nhs_number(number[:place] + digit + number[place + 1 :]).valid


@given(nhs_numbers(), st.integers(0, 8))
def test_two_neighbouring_digits_in_the_wrong_order_are_caught(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert not identifiers.nhs_number(swapped).valid


@given(nhs_numbers(), st.integers(0, 10), st.sampled_from([" ", "-", "\u00a0", "\u2011", "  "]))
def test_separators_do_not_matter(number: str, place: int, separator: str) -> None:
    assert identifiers.nhs_number(number[:place] + separator + number[place:]) == Check(number)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9912003890", "check-digit"),  # a UK Core example
        ("3478526985", "check-digit"),  # the number of the BaRS examples
        ("90000000091", "not-ten-digits"),
        ("900000000", "not-ten-digits"),
        ("", "not-ten-digits"),
        ("٩٠٠٠٠٠٠٠٠٩", "not-ten-digits"),
        ("9.43E+09", "not-ten-digits"),
        ("0000000000", "placeholder"),
        ("1111111111", "placeholder"),
    ],
)
def test_wrong_nhs_numbers_say_why(text: str, reason: str) -> None:
    assert identifiers.nhs_number(text).reason == reason


@pytest.mark.parametrize("text", ["9000000009", "900 000 0009", "900-000-0009", " 9000000009 "])
def test_an_nhs_number_is_normalised(text: str) -> None:
    assert identifiers.nhs_number(text) == Check("9000000009")


@given(upns(), st.integers(1, 11), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_of_a_upn_is_caught(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    assert identifiers.upn(number).valid
    assert not identifiers.upn(number[:place] + digit + number[place + 1 :]).valid


@given(upns(), st.sampled_from(UPN_LETTERS))
def test_every_wrong_check_letter_of_a_upn_is_caught(number: str, letter: str) -> None:
    assume(letter != number[0])
    assert identifiers.upn(letter + number[1:]).reason == "check-letter"


@pytest.mark.parametrize("text", ["B801200005001", "R674123101121", "P207000016049", "b801 2000 05001"])
def test_known_upns_are_valid_whatever_their_authority(text: str) -> None:
    assert identifiers.upn(text).valid


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A801200005001", "check-letter"),
        ("Q207000016049", "check-letter"),  # a vendor's help page, wrong by one
        ("I801200005001", "shape"),
        ("B80120000500", "shape"),
        ("B80120000500I", "shape"),
        ("UN3", "unknown-code"),
    ],
)
def test_wrong_upns_say_why(text: str, reason: str) -> None:
    assert identifiers.upn(text).reason == reason


@pytest.mark.parametrize("text", ["AB123456C", "ab 12 34 56 c", "JM-12-34-56-A"])
def test_ni_numbers_may_have_blanks_and_small_letters(text: str) -> None:
    assert identifiers.ni_number(text).valid


@given(bad=st.sampled_from("DFIQUV"), other=st.sampled_from(string.ascii_uppercase), first=st.booleans())
def test_letters_that_no_ni_number_begins_with_are_refused(bad: str, other: str, *, first: bool) -> None:
    prefix = bad + other if first else other + bad
    assert not identifiers.ni_number(f"{prefix}123456A").valid


@pytest.mark.parametrize("prefix", ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"])
def test_prefixes_never_given_out_are_refused(prefix: str) -> None:
    assert identifiers.ni_number(f"{prefix}123456A").reason == "prefix"


@pytest.mark.parametrize("text", ["QQ123456A", "AO123456A", "AB123456E", "AB12345C", "AB1234567"])
def test_other_wrong_ni_numbers_are_refused(text: str) -> None:
    assert identifiers.ni_number(text).reason == "shape"


@pytest.mark.parametrize(
    ("text", "value"),
    [("pe19vv", "PE1 9VV"), ("CB4  7CK", "CB4 7CK"), ("EC1A1BB", "EC1A 1BB"), ("zz993vz", "ZZ99 3VZ")],
)
def test_a_postcode_has_one_space_before_its_last_three(text: str, value: str) -> None:
    assert identifiers.postcode(text) == Check(value)


def test_what_is_no_postcode_is_kept_and_marked() -> None:
    assert identifiers.postcode("near the church") == Check("NEAR THE CHURCH", "shape")


def test_pseudo_postcodes_are_known() -> None:
    assert identifiers.is_pseudo_postcode("zz99 3vz")
    assert not identifiers.is_pseudo_postcode("PE1 9VV")


def test_organisations_are_checked_by_shape() -> None:
    assert identifiers.urn("100000").valid
    assert not identifiers.urn("10000").valid
    assert identifiers.dfe_number("873/2001") == Check("8732001")
    assert not identifiers.dfe_number("873").valid
    assert identifiers.ods_code("rgt01") == Check("RGT01")
    assert not identifiers.ods_code("R!").valid
    assert identifiers.charity_number("GB-CHC-1234567") == Check("1234567")
    assert not identifiers.charity_number("12345").valid
    assert identifiers.ofsted_number("ey123456") == Check("EY123456")
    assert not identifiers.ofsted_number("EY12").valid


def test_a_valid_identifier_is_normalised_and_a_bad_one_kept_as_supplied() -> None:
    good = identifiers.checked(Identifier(scheme=IdentifierScheme.NHS_NUMBER, value="900 000 0009"))
    bad = identifiers.checked(Identifier(scheme=IdentifierScheme.NHS_NUMBER, value="347 852 6985", valid=True))
    assert (good.value, good.valid) == ("9000000009", True)
    assert (bad.value, bad.valid) == ("347 852 6985", False)


def test_it_cannot_be_said_of_an_incomplete_or_a_local_number() -> None:
    incomplete = Identifier(scheme=IdentifierScheme.NI_NUMBER, value="AB123456", valid=True)
    local = Identifier(scheme=IdentifierScheme.LOCAL, value="X1", valid=True)
    assert identifiers.ni_number("AB 12 34 56").reason == "incomplete"
    assert identifiers.checked(incomplete).valid is None
    assert identifiers.checked(local).valid is None


@given(st.sampled_from(IdentifierScheme), st.text(min_size=1, max_size=64))
def test_no_text_is_too_odd_to_be_checked(scheme: IdentifierScheme, text: str) -> None:
    identifier = Identifier.model_construct(scheme=scheme, value=text)
    once = identifiers.checked(identifier)
    assert identifiers.checked(once) == once
