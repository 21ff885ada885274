"""How a name sounds, roughly and in no one language: what is left when spellings that are confused are made one.

Only for finding candidates (`keys.py`), never for judging them: too much sounds alike.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_ONE_SOUND: Final = (
    ("sch", "s"), ("ph", "f"), ("sh", "s"), ("ch", "k"), ("th", "t"), ("gh", "g"), ("kh", "k"), ("dh", "d"),
    ("bh", "b"), ("zh", "s"), ("ck", "k"), ("cz", "s"), ("sz", "s"), ("rz", "s"), ("ts", "s"), ("dz", "s"),
    ("x", "ks"), ("q", "k"),
)  # fmt: skip
_SOFT_C: Final = re.compile("c(?=[eiy])")
_ALIKE: Final = str.maketrans({"c": "k", "z": "s", "w": "v", "g": "j"})
_SILENT: Final = re.compile("[aeiouhy]")
_TWICE: Final = re.compile(r"(.)\1+")
_LONGEST: Final = 4


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """At most four letters: the first sound and the consonants after it. Vowels at the start are one. Never empty."""
    text = word
    for letters, one in _ONE_SOUND:
        text = text.replace(letters, one)
    text = _SOFT_C.sub("s", text).translate(_ALIKE)
    first = "a" if text[:1] in "aeiouhy" else text[:1]
    return _TWICE.sub(r"\1", first + _SILENT.sub("", text[1:]))[:_LONGEST]
