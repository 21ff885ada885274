"""Names as the hub compares them: folded to plain lower-case words, without titles, particles or words for "no name".

What stays apart in the record (accents, apostrophes, hyphens, capitals) is how the same name differs between two
agencies' systems, so none of it counts here. Nothing is shown in this form.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_KEPT: Final = 20_000  # names are few, and each comes again and again
LONGEST: Final = 64  # characters of a name that are compared; longer ones are pasted texts

# Letters that no decomposition takes apart.
_APOSTROPHES: Final = "'`\u00b4\u02bb\u02bc\u02be\u02bf\u055a\u2018\u2019\u2032\uff07"  # and letters for a glottal stop
_LETTERS: Final = (
    str.maketrans("łøðđħŋəɛɔŧƙɓɗ\u0131", "loddhnaeotkbdi")  # the last one is the i without a dot
    | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th"})
    | dict.fromkeys(map(ord, _APOSTROPHES))  # O'Fictional is OFictional in another system
)
_TITLES: Final = frozenset({"mr", "mrs", "miss", "ms", "mx", "dr", "master", "rev"})
_PARTICLES: Final = frozenset(
    {"de", "da", "di", "do", "dos", "das", "du", "del", "della", "van", "von", "der", "den", "ter"}
    | {"la", "le", "el", "al", "ul", "ur", "bin", "ibn", "bint"}
)
_NO_NAMES: Final = frozenset(
    {"unknown", "not known", "notknown", "not given", "not stated", "not provided", "not recorded", "no name"}
    | {"noname", "none", "null", "nil", "n a", "nk", "tbc", "tba", "to be confirmed", "anon", "anonymous", "unnamed"}
    | {"fnu", "lnu", "infant", "newborn", "unborn", "bump", "child", "boy", "girl", "male", "female", "withheld"}
    | {"mother", "father", "mum", "dad", "parent", "carer", "sibling", "twin"}
)
_PLACEHOLDER: Final = re.compile(
    r"x+( x+)*|(baby|unborn|twin|unknown|not known|infant)( .*)?|(baby|unborn)(boy|girl|child|baby)"
)


@lru_cache(maxsize=_KEPT)
def folded(text: str) -> str:
    """Lower-case words of plain letters and digits with one space between, at most `LONGEST` characters. Idempotent."""
    text = text[: 2 * LONGEST]
    if not text.isascii():
        spread = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
        spread = unicodedata.normalize("NFKD", spread).casefold().translate(_LETTERS)
        text = "".join(sign for sign in spread if not unicodedata.category(sign).startswith("M"))
    else:
        text = text.lower().translate(_LETTERS)
    if not text.isalnum():
        text = " ".join("".join(sign if sign.isalnum() else " " for sign in text).split())
    return text[:LONGEST].rstrip()


@lru_cache(maxsize=_KEPT)
def name_words(text: str | None) -> tuple[str, ...]:
    """The words of a name; empty for what is no name, such as "Baby", "???" or "Not known"."""
    if not text:
        return ()
    plain = folded(text)
    if plain in _NO_NAMES or _PLACEHOLDER.fullmatch(plain):
        return ()
    found = plain.split(" ") if plain else []
    if len(found) > 1 and found[0] in _TITLES:
        del found[0]
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def family_words(text: str | None) -> tuple[str, ...]:
    """The words of a family name without particles: "van der Madeup" is "madeup". Mac and Mc are one."""
    found = name_words(text)
    telling = [word for word in found if word not in _PARTICLES] or list(found)
    if telling in (["al"], ["el"]):
        return ()  # the article, of a name that was cut short
    if len(telling) > 1 and telling[0] in {"mc", "mac", "o"}:
        telling[:2] = [telling[0] + telling[1]]
    return tuple(_mac(word) for word in telling)


def _mac(word: str) -> str:
    return f"mc{word[3:]}" if word.startswith("mac") and len(word) > len("macey") else word
