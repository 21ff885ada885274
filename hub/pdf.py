"""A panel pack as PDF/UA-1 by Typst: tagged for screen readers, marked on every page, the same bytes for the same pack.

What is printed goes in as data and never as Typst code, so that no name can be an instruction. PDF/UA refuses letters
that its fonts do not have; such a passage says in what script it is and that the page shows it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import orjson
import typst

from hub.web.letters import straight

if TYPE_CHECKING:
    from hub.web.pack_document import Document

_MISSING: Final = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_BEYOND_EUROPE: Final = "\u0590"  # from here on, a script of which one letter is missing is taken to be missing
_PICTURES: Final = "\U0001f000"
_MOST_TRIES: Final = 40


class CannotPrint(Exception):
    """The pack holds text that cannot be put into the PDF."""


def pdf(document: Document) -> bytes:
    """The PDF; takes some 0.05 s, so not to be called in an event loop. Raises `CannotPrint`."""
    data = straight(orjson.dumps(asdict(document)).decode())
    missing: set[str] = set()
    for _ in range(_MOST_TRIES):
        try:
            return _compiled(_without(data, missing))
        except typst.TypstError as failure:
            found = _MISSING.search(str(failure))
            if found is None:
                raise CannotPrint from None  # the error quotes what it failed on
            missing |= _as_bad_as(found[1], set(data) - missing)
    raise CannotPrint


def _compiled(data: str) -> bytes:
    made: bytes = typst.compile(
        _template(), sys_inputs={"data": data}, pdf_standards=["ua-1"], ignore_system_fonts=True, timestamp=0
    )
    return made


@cache
def _template() -> bytes:
    return (files("hub") / "pack.typ").read_bytes()


def _as_bad_as(text: str, letters: set[str]) -> set[str]:
    """The letters of a passage that could not be printed, and those that cannot be expected to."""
    scripts = {_script(letter) for letter in text if letter >= _BEYOND_EUROPE}
    return set(text) & letters | {each for each in letters if each >= _BEYOND_EUROPE and _script(each) in scripts}


def _script(letter: str) -> str:
    """`Arabic`, `Cjk`, `Bengali` and so on, by the letter's name."""
    return "picture" if letter >= _PICTURES else unicodedata.name(letter, "special").split(" ")[0].split("-")[0].title()


def _without(data: str, missing: set[str]) -> str:
    """The data with every passage of missing letters replaced by a note of what it is."""
    if not missing:
        return data
    letters = "".join(map(re.escape, sorted(missing)))
    passage = re.compile(f"[{letters}](?:[{letters} ]*[{letters}])?")
    return passage.sub(lambda found: f"[{_script(found[0][0])} text: see the page]", data)
