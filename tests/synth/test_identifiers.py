"""The generator's own check rules against the hub's: two writings of one rule."""

from __future__ import annotations

from random import Random

from hub import identifiers as rules
from hub.synth.identifiers import TEST_NUMBERS, message_id, nhs_number, ni_number, telephone, upn, wrong_check


def test_nhs_numbers_are_valid_distinct_and_of_the_test_range() -> None:
    numbers = [number for n in range(20_000) if (number := nhs_number(n))]
    assert all(rules.nhs_number(number).valid for number in numbers)
    assert all(number.startswith("999") for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert len(numbers) > 18_000  # the rule leaves out one in eleven


def test_a_used_up_range_gives_no_number_rather_than_one_twice() -> None:
    assert nhs_number(TEST_NUMBERS) is None


def test_telephone_numbers_are_distinct_until_the_ranges_for_drama_are_used_up() -> None:
    numbers = [telephone(n) for n in range(17_000)]
    assert None not in numbers
    assert len(set(numbers)) == len(numbers)
    assert telephone(17_000) is None


def test_pupil_numbers_are_valid_and_distinct() -> None:
    numbers = [upn(n, "874", 2019) for n in range(20_000)]
    assert all(rules.upn(number).valid for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_ni_numbers_are_valid_and_distinct() -> None:
    numbers = [ni_number(n) for n in range(20_000)]
    assert all(rules.ni_number(number).valid for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_a_wrong_check_is_always_wrong() -> None:
    rng = Random(1)
    for n in range(2_000):
        right = nhs_number(n)
        if right:
            assert rules.nhs_number(wrong_check(right, rng)).reason == "check-digit"
        assert rules.upn(wrong_check(upn(n, "873", 2020), rng)).reason == "check-letter"


def test_message_ids_are_version_4_and_repeatable() -> None:
    first, again = Random(5), Random(5)
    ids = [message_id(first) for _ in range(500)]
    assert ids == [message_id(again) for _ in range(500)]
    assert len(set(ids)) == 500
    assert all(len(each) == 36 and each[14] == "4" and each[19] in "89ab" for each in ids)
