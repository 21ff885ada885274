from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.matching import model
from hub.matching.compare import FIELDS, PLACE_OF
from hub.matching.features import features
from hub.matching.model import BadModel, Model, shipped
from hub.matching.score import score
from tests.matching.builders import child

BYTES = (Path(model.__file__).parent / "models" / "uk.json").read_bytes()


def changed(change: dict[str, Any]) -> bytes:
    return orjson.dumps(orjson.loads(BYTES) | change)


def test_the_shipped_model_is_known_by_its_bytes() -> None:
    assert shipped().sha256 == sha256(BYTES).hexdigest()
    assert shipped().name == "uk"


def test_the_shipped_model_weighs_agreement_for_and_disagreement_against() -> None:
    for field, weights in zip(FIELDS, shipped().stranger, strict=True):
        assert weights[0] == 0
        assert weights[1] > 0, field.name
        assert weights[field.levels["DIFFERS" if "DIFFERS" in field.levels.__members__ else "DIFFER"]] < 0, field.name


def test_within_a_household_what_the_household_shares_says_nothing() -> None:
    for name in ("place", "contacts", "adults", "school"):
        assert set(shipped().household[PLACE_OF[name]]) == set(shipped().grown[PLACE_OF[name]]) == {0}, name


@pytest.mark.parametrize("change", [{"stranger": {}}, {"household": {"hair": {}}}, {"household": {"sex": {"SAME": 1}}}])
def test_a_model_that_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadModel):
        Model.of_bytes(changed(change))


def test_a_common_name_says_less_and_a_rare_one_more() -> None:
    terms = {"family": {"madeup": -300, "kalpanik": 200}, "given": {"amelia": -50}}
    told = Model.of_bytes(changed({"terms": terms}))

    def total(family: str, of: Model) -> int:
        one = features(child("Amelia", family))
        return score(one, one, of).total

    bare = Model.of_bytes(changed({"terms": {}}))
    assert total("Madeup", told) - total("Madeup", bare) == -350
    assert total("Kalpanik", told) - total("Kalpanik", bare) == 150
