"""How many children have a given name: what is none, or is far rarer than the name beside it, is a slip of the pen.

`given_names.txt` has the names that ten children or more were given in the United Kingdom (England and Wales 1996 to
2020, Scotland 1974 to 2020, Northern Ireland 1997 to 2020), folded, each word of several for itself, and how many. It
was made from the lists of the Office for National Statistics, National Records of Scotland and the Northern Ireland
Statistics and Research Agency, as put together in the R package `ukbabynames` 0.3.0 (CC0). Contains public sector
information licensed under the Open Government Licence v3.0.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_LINES: Final = (Path(__file__).parent / "given_names.txt").read_text("ascii").splitlines()
_CHILDREN: Final = {name: int(children) for name, _, children in (line.partition(" ") for line in _LINES)}


def is_given_name(word: str) -> bool:
    """Whether enough children have this name. The word is folded; a rare name is not known here."""
    return word in _CHILDREN


def far_rarer(one: str, other: str, times: int) -> bool:
    """Whether the other is a name, and the first one none or so many times as rare. Both are folded."""
    return other in _CHILDREN and _CHILDREN.get(one, 0) * times <= _CHILDREN[other]
