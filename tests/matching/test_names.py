from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.matching.names import LONGEST, family_words, folded, name_words
from hub.matching.sounds import sound
from tests.matching.strategies import LINES, ODD


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Małgorzata", "malgorzata"),
        ("Žygimantas", "zygimantas"),
        ("Søren Þór Æsæ", "soren thor aesae"),
        ("Olúwaṣeun", "oluwaseun"),
        ("Çağan", "cagan"),
        ("I\u015e\u0131k", "isik"),
        ("Weiß", "weiss"),
        ("Mei-Ling", "mei ling"),
        ("O\u2019Fictional", "ofictional"),
        ("D'Arcy  \u2019", "darcy"),
        ("  \U0001f600 ", ""),
        ("\u0645\u064f\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f"),  # with and without vowel signs
    ],
)
def test_a_name_is_folded_to_plain_words(written: str, plain: str) -> None:
    assert folded(written) == plain


@given(LINES | st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert len(folded(text)) <= LONGEST


@pytest.mark.parametrize(
    "text", ["Unknown", "not known", "???", "Baby", "BABY BOY", "Baby of K", "N/A", "xxx", "-", ""]
)
def test_what_is_no_name_has_no_words(text: str) -> None:
    assert name_words(text) == ()


@pytest.mark.parametrize("text", ["Babette", "Twinkle", "Max", "Unnati", "X\u00e6"])
def test_names_that_begin_like_no_name_are_names(text: str) -> None:
    assert name_words(text) != ()


@pytest.mark.parametrize(
    "same",
    [
        ("O\u2019Fictional", "O'Fictional", "OFictional", "O Fictional", "o\u2019fictional"),
        ("McPretend", "MacPretend", "Mc Pretend", "Mac Pretend", "MCPRETEND"),
        ("al-Khayali", "Al Khayali", "Khayali"),
        ("van der Madeup", "Van Der Madeup", "Madeup"),
        ("da Fantasia", "Fantasia"),
        ("Imaginário", "IMAGINARIO"),
    ],
)
def test_a_family_name_is_the_same_however_it_is_written(same: tuple[str, ...]) -> None:
    assert {"".join(family_words(name)) for name in same} == {"".join(family_words(same[0]))}


def test_a_name_of_particles_alone_is_kept() -> None:
    assert family_words("De La") == ("de", "la")


def test_titles_are_no_part_of_a_name() -> None:
    assert name_words("Mrs Katherine") == ("katherine",)
    assert name_words("Miss") == ("miss",)


@pytest.mark.parametrize(
    "alike",
    [
        ("yusuf", "yousef"),
        ("catherine", "katherine"),
        ("philip", "filip"),
        ("inventedson", "inventedsen"),
        ("wood", "vood"),
    ],
)
def test_names_that_are_confused_sound_alike(alike: tuple[str, str]) -> None:
    assert sound(alike[0]) == sound(alike[1])


@given(LINES)
def test_every_word_has_a_sound(text: str) -> None:
    assert all(sound(word) for word in name_words(text))


@pytest.mark.parametrize("odd", ODD)
def test_odd_names_have_words_without_empty_ones(odd: str) -> None:
    assert all(family_words(odd)) and all(name_words(odd))  # noqa: PT018 - the same of both
