from __future__ import annotations

import pytest

from events.description import Address
from hub.matching.addresses import Place, outward, place, plain_postcode


@pytest.mark.parametrize(
    ("lines", "house", "street"),
    [
        (("12 Invented Road",), "12", "invented road"),
        (("12a Invented Rd",), "12a", "invented road"),
        (("12 A Invented Road",), "12a", "invented road"),
        (("Flat 3, 12 Invented Road",), "3/12", "invented road"),
        (("Flat 3", "12 Invented Road"), "3/12", "invented road"),
        (("Rose Cottage", "Imagined Lane"), "", "rose cottage imagined"),
        (("Unit B",), "b/", ""),
        ((), "", ""),
    ],
)
def test_house_and_street_are_found(lines: tuple[str, ...], house: str, street: str) -> None:
    found = place(Address(lines=lines))
    assert (found.house, found.street) == (house, street)


@pytest.mark.parametrize("written", ["PE29 1AA", "pe291aa", " Pe29  1aa", "PE29-1AA"])
def test_a_postcode_is_the_same_however_it_is_written(written: str) -> None:
    assert plain_postcode(written) == "PE291AA"


@pytest.mark.parametrize("written", [None, "", "ZZ99 3VZ", "zz993wz", "??", "NONE", "TBC"])
def test_what_stands_for_no_place_is_left_out(written: str | None) -> None:
    assert plain_postcode(written) == ""


def test_only_a_united_kingdom_postcode_has_a_district() -> None:
    assert outward("PE291AA") == "PE29"
    assert outward("2611") == ""


def test_no_address_is_no_place() -> None:
    assert place(None) == Place()
