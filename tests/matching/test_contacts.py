from __future__ import annotations

import pytest

from hub.matching.contacts import email, phone


@pytest.mark.parametrize(
    "written",
    ["07700 900123", "+44 7700 900123", "+44 (0)7700 900123", "0044 7700-900123", "447700900123"],
)
def test_a_telephone_number_is_the_same_however_it_is_written(written: str) -> None:
    assert phone(written) == "447700900123"


@pytest.mark.parametrize("written", ["", "none", "12345", "00000000000", "07777 777777", "1" * 40])
def test_what_is_no_telephone_number_is_left_out(written: str) -> None:
    assert phone(written) == ""


def test_a_number_of_another_country_keeps_its_country() -> None:
    assert phone("+48 601 234 567") == "48601234567"


def test_an_email_address_has_no_case() -> None:
    assert email(" Katherine@Example.ORG ") == "katherine@example.org"


@pytest.mark.parametrize("written", ["", "none", "@example.org", "a b@example.org", "k@localhost"])
def test_what_is_no_email_address_is_left_out(written: str) -> None:
    assert email(written) == ""
