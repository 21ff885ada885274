"""One spelling for each name: what is left when letters that are written for each other are made one.

Finer than `sounds.sound`, for it judges: vowels stay, and what only sounds alike (Sarah and Zara, Isa and Isha) stays
two. Parents do not give two spellings of one name to two children.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_ENDING: Final = re.compile("(?<=..)(?:ie|ey|ee|eigh|ay|y)$")  # Maisie, Maisy
_ONE: Final = (
    ("chr", "kr"), ("sz", "s"), ("ph", "f"), ("ck", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("bh", "b"),
    ("th", "t"), ("q", "k"), ("x", "ks"),
)  # fmt: skip
_DIPHTHONG: Final = re.compile("(?:ai|ay|ei|ey|ae)(?![aeiouy])")  # Zainab, Zeynab
_SOFT_C: Final = re.compile("c(?=[eiy])")
_HARD_C: Final = re.compile("c(?!h)")
_FIRST: Final = {"y": "j", "w": "v"}  # Yasmin, Jasmin; Wiktoria, Viktoria
_WITHIN: Final = str.maketrans({"z": "s", "j": "i", "y": "i", "w": "v"})
_THRICE: Final = re.compile(r"([a-z])\1{2,}")
_TYPED_TWICE: Final = re.compile(r"([b-df-hj-np-tv-z])\1")  # before letters are read together: Khhan
_TWICE: Final = re.compile(r"([a-z])\1+")
_READ: Final = str.maketrans({"l": "i", "v": "u", "e": "c", "b": "h"})
_TELLING: Final = 3  # letters before an h at the end that is not heard


@lru_cache(maxsize=20_000)
def spelling(word: str) -> str:
    """The folded word in that spelling; not for reading. Never empty."""
    text = _ENDING.sub("i", _TYPED_TWICE.sub(r"\1", _THRICE.sub(r"\1\1", word)))
    for letters, one in _ONE:
        text = text.replace(letters, one)
    text = _DIPHTHONG.sub("e", text).replace("ee", "i").replace("oo", "u").replace("ou", "u")
    text = _HARD_C.sub("k", _SOFT_C.sub("s", text))
    text = _FIRST.get(text[:1], text[:1]) + text[1:].translate(_WITHIN)
    if len(text) > _TELLING and text[-1] == "h":
        text = text[:-1]
    return _TWICE.sub(r"\1", text)


@lru_cache(maxsize=20_000)
def as_read(word: str) -> str:
    """The folded word, with one letter for those that a reader, human or machine, takes for each other."""
    return _TWICE.sub(r"\1", word.replace("rn", "m")).translate(_READ)
