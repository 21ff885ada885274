from __future__ import annotations

import sys
from itertools import chain

import pytest

from hub.matching.compare import PLACE_OF
from hub.matching.model import Model
from hub.matching.quality import splink_training
from hub.matching.quality.training import RULES, train
from hub.synth.hard_uk import hard_uk


@pytest.fixture(scope="module")
def trained() -> bytes:
    pytest.importorskip("splink", reason="the extra `match` is not installed")
    return train(hard_uk(500, 77), "small", RULES["uk"], seed=1, pairs=30_000)


def test_what_is_learnt_without_labels_speaks_for_agreement_and_against_difference(trained: bytes) -> None:
    model = Model.of_bytes(trained)
    for weights in model.stranger[:3]:  # given, family, birth
        assert weights[1] > 500
        assert weights[-1] < -200


def test_what_a_household_shares_tells_nobody_apart_in_it(trained: bytes) -> None:
    model = Model.of_bytes(trained)
    shared = (model.household[PLACE_OF[name]] for name in ("place", "contacts", "adults", "school"))
    assert not any(chain.from_iterable(shared))


def test_adults_of_one_household_are_hardly_ever_born_on_one_day(trained: bytes) -> None:
    model = Model.of_bytes(trained)
    assert model.grown[PLACE_OF["birth"]][1] > model.household[PLACE_OF["birth"]][1]


def test_common_names_count_less(trained: bytes) -> None:
    families = Model.of_bytes(trained).terms["family"]
    assert families["smith"] < 0


def test_the_same_data_and_seed_make_the_same_bytes(trained: bytes) -> None:
    assert train(hard_uk(500, 77), "small", RULES["uk"], seed=1, pairs=30_000) == trained


def test_without_splink_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(splink_training.Missing):
        train(hard_uk(5, 1), "none", RULES["uk"], seed=1, pairs=30_000)
