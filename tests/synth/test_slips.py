"""What an agency gets wrong about a family."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from hub import identifiers as rules
from hub.synth.people import families
from hub.synth.slips import USUAL, Rates, as_known, mistyped, without_accents

ON = date(2026, 11, 23)
NONE = Rates(0, 0, 0, 0, 0, 0, 1)


def test_without_slips_the_record_is_the_truth() -> None:
    for family in families(300, 1, ON):
        settled = replace(family, moved=None)
        known, slips = as_known(settled, Random(1), NONE)
        assert known == settled
        assert not any(slips.values())


def test_slips_change_how_people_are_written_never_who_they_are() -> None:
    rng, seen = Random(3), set[str]()
    for family in families(800, 1, ON):
        known, slips = as_known(family, rng)
        seen.update(slip for made in slips.values() for slip in made)
        assert [child.key for child in known.children] == [child.key for child in family.children]
        assert [child.born for child in known.children] == [child.born for child in family.children]
        assert known.adults == family.adults
        for child, written in zip(family.children, known.children, strict=True):
            assert (child != written) == bool(set(slips[child.key]) - {"old-address", "new-address"})
    assert seen == {
        "nickname", "spelling", "typing", "accents-dropped", "wrong-check", "number-missing",
        "old-address", "new-address",
    }  # fmt: skip


def test_a_wrong_check_digit_is_told_as_such() -> None:
    rng = Random(4)
    for family in families(300, 1, ON):
        known, slips = as_known(family, rng, replace(NONE, wrong_check=1))
        numbers = [child.nhs for child in known.children if child.nhs]
        assert not any(rules.nhs_number(number).valid for number in numbers)
        assert all(("wrong-check" in slips[child.key]) == bool(child.nhs or child.upn) for child in family.children)


def test_usual_rates_leave_most_records_alone() -> None:
    rng = Random(5)
    untouched = sum(not any(as_known(family, rng, USUAL)[1].values()) for family in families(1_000, 1, ON))
    assert untouched > 300


def test_typing_slips_keep_the_first_letter_and_short_names() -> None:
    rng = Random(6)
    assert mistyped("Adé", rng) == "Adé"
    written = {mistyped("Inventedson", rng) for _ in range(200)}
    assert all(word.startswith("I") and 10 <= len(word) <= 12 for word in written)
    assert len(written) > 10


def test_accents_go_as_older_systems_drop_them() -> None:
    assert without_accents("Małgorzata Wymyślony") == "Malgorzata Wymyslony"
    assert without_accents("O\u2019Fictional") == "O'Fictional"
