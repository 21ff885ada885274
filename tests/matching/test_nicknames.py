from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from hub.matching import nicknames
from hub.matching.names import folded
from hub.matching.nicknames import short_for, spelt, stand_in
from hub.synth.names import NICKNAMES, SPELLINGS

LISTS = orjson.loads((Path(nicknames.__file__).parent / "nicknames.json").read_bytes())
NAMES = sorted({name for kind in ("nicknames", "spellings") for group in LISTS[kind] for name in group})


def test_every_name_of_the_list_is_one_folded_word() -> None:
    assert [name for name in NAMES if folded(name) != name or " " in name] == []


def test_being_related_is_symmetric() -> None:
    for one in NAMES[::5]:
        for other in NAMES:
            assert short_for(one, other) == short_for(other, one)
            assert spelt(one, other) == spelt(other, one)


def test_a_nickname_of_two_names_does_not_make_them_one() -> None:
    assert short_for("alex", "alexander")
    assert short_for("alex", "alexandra")
    assert not short_for("alexander", "alexandra")


@pytest.mark.parametrize(("name", "nickname"), NICKNAMES.items())
def test_the_nicknames_that_invented_agencies_use_are_known(name: str, nickname: str) -> None:
    assert short_for(folded(name), folded(nickname))


@pytest.mark.parametrize("name", ["Aisha", "Fatima", "Katherine", "Muhammad", "Seán", "Yusuf", "Zainab"])
def test_the_spellings_that_invented_agencies_use_are_known(name: str) -> None:
    assert spelt(folded(name), folded(SPELLINGS[name]))


def test_spellings_of_one_name_have_one_stand_in() -> None:
    assert len({stand_in(name) for name in ("muhammad", "mohammed", "mo", "mohamed")}) == 1
    assert stand_in("wymyslona") == "wymyslona"
