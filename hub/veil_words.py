"""Free text without the places in it: those that are known of a protected family, and whatever else looks like one.

House names and villages cannot be told from other words, so they are found only where somebody told them as an address
of the family; of these every spelling that people use is hidden. The patterns hide what nobody told as an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from events.description import Address

HIDDEN: Final = "[protected]"

_GAP: Final = r"[\s,.;:/()\u2013-]{1,4}"
_NO_GAP: Final = r"[\s.-]{0,3}"
_SHORT: Final = {
    "Avenue": "Ave|Av",
    "Close": "Cl",
    "Court": "Ct|Crt",
    "Crescent": "Cres|Cresc",
    "Drive": "Dr|Drv",
    "Gardens": "Gdns|Gdn",
    "Grove": "Gr",
    "Lane": "Ln",
    "Place": "Pl",
    "Road": "Rd",
    "Square": "Sq",
    "Street": "St|Str",
    "Terrace": "Terr|Tce|Ter",
}
_OTHERS: Final = (
    "Approach|Bank|Broadway|Chase|Cottages?|Croft|Dene|Drove|Fen|Fields?|Gate|Green|Grange|Heath|Hill|House|Hostel|Lodge"
    "|Mead|Meadows?|Mews|Mill|Mount|Orchard|Parade|Park|Path|Quay|Refuge|Rise|Row|Vale|View|Villas?|Walk|Way|Wharf|Yard"
)
# Words that stand between a number and a word such as `way` or `close` where no address is meant.
_NOT_A_NAME: Final = (
    "a|an|the|and|or|of|in|on|at|to|by|for|from|with|her|his|their|our|my|is|are|was|were|has|had|that|who|which|not|no|all"
    "|any|every|each|other|more|very|too|so|as|but|than|then|when|it|its|he|she|they|we|this|these|those"
    "|am|pm|days?|weeks?|months?|years?|hours?|minutes?|mins?|terms?|nights?|mornings?|evenings?|times?|sessions?"
    "|lessons?|children|child|people|adults?|siblings?|brothers?|sisters?|boys?|girls?|miles?|metres?|pounds?|per|percent"
)
_FORMS: Final = {
    form.casefold(): (long, *short.split("|")) for long, short in _SHORT.items() for form in (long, *short.split("|"))
}
_TYPES: Final = "|".join([*_SHORT, _OTHERS])
_SHORT_TYPES: Final = "|".join(_SHORT.values())
_NAME: Final = rf"(?!(?:{_NOT_A_NAME})\b)[^\W\d_][\w'\u2019-]{{0,30}}"
_UNIT: Final = r"(?:flat|apartment|apt|bedsit|maisonette)"
_NUMBER: Final = r"\d{1,5}[a-z]?"
_FLAT_BEFORE: Final = rf"(?:{_UNIT}\s{{0,2}}{_NUMBER}{_GAP})?"
# Every repetition is bounded, so that no text of an agency makes the search slow.
_PLACE: Final = re.compile(
    rf"""\b{_FLAT_BEFORE}{_NUMBER}{_GAP}(?:{_NAME}{_GAP}){{1,3}}(?:{_TYPES}|{_SHORT_TYPES})\b # 7 New Lane, 7 new ln
         |\b{_UNIT}\s{{0,2}}(?:no\.?\s{{0,2}})?(?:{_NUMBER}|(?-i:[A-Z]))\b           # flat 3, Flat B
         |\b{_NUMBER},?\s{{1,3}}(?-i:(?:{_TYPES})\b)                               # 4 Court
         |(?-i:\b(?:[A-Z][\w'\u2019-]{{0,30}}\s{{1,3}}){{1,3}}(?:{"|".join(_SHORT)}|Mews|Drove)\b) # New Lane
         |\b[a-z]{{1,2}}\d[a-z\d]?{_NO_GAP}\d{_NO_GAP}[a-z]{{2}}\b                   # a postcode
         |(?<!\d)(?:\+\s?44|0)(?:[\s()-]{{0,3}}\d){{9,10}}(?!\d)                     # a telephone number
         |[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}                      # an e-mail address
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_HOUSE: Final = re.compile(rf"{_NUMBER}|{_UNIT}|unit|room|plot|no|number", re.IGNORECASE)
_OF_NOBODY: Final = frozenset(
    {"the", "house", "cottage", "flat", "lodge", "farm", "barn", "road", "lane", "street", "close", "care", "of", "co"}
)
"""Words that alone tell no place."""
_OUTWARD: Final = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]{2}")


class Veil:
    """Hides places in what others wrote about a family. `addresses`: all that was ever told of where they live."""

    def __init__(self, addresses: Iterable[Address] = ()) -> None:
        spellings = {each for address in addresses for each in _spellings(address)}
        found = sorted(spellings, key=lambda each: (-len(each), each))
        self._known = re.compile("|".join(found), re.IGNORECASE) if found else None

    def over(self, text: str) -> str:
        """The text with `[protected]` wherever a place, a telephone number or an e-mail address stands."""
        known = self._known.sub(HIDDEN, text) if self._known else text
        return _PLACE.sub(HIDDEN, known)


def _spellings(address: Address) -> Iterator[str]:
    """Patterns of each part of an address."""
    for line in (*address.lines, address.town or ""):
        yield from _of_line(line)
    postcode = "".join(letter for letter in (address.postcode or "").upper() if letter.isalnum())
    if postcode:
        yield rf"\b{_NO_GAP.join(map(re.escape, postcode))}\b"
    if outward := _OUTWARD.fullmatch(postcode):
        yield rf"\b{_NO_GAP.join(map(re.escape, outward[1]))}\b"
    if address.uprn:
        yield rf"\b{re.escape(address.uprn)}\b"


def _of_line(line: str) -> Iterator[str]:
    """The words of a line, with the number of the house or flat before it if somebody wrote it, in any spelling."""
    words = _WORD.findall(line)
    while words and _HOUSE.fullmatch(words[0]):
        words = words[1:]
    if not words or all(word.casefold() in _OF_NOBODY for word in words):
        return
    said = _GAP.join(_word(word, last=place == len(words) - 1) for place, word in enumerate(words))
    yield rf"\b(?:(?:{_UNIT}\s{{0,2}})?{_NUMBER}{_GAP}){{0,2}}{said}\b(?:[ ](?:{_TYPES})\b)?"


def _word(word: str, *, last: bool) -> str:
    """One word with or without its apostrophe; the last one also as it is shortened or written out."""
    if word.casefold() in {"st", "saint"} and not last:
        return "(?:st|saint)"
    forms = _FORMS.get(word.casefold(), (word,)) if last else (word,)
    said = (r"['\u2019]?".join(re.escape(part) for part in re.split(r"['\u2019]", form)) for form in forms)
    return f"(?:{'|'.join(said)})"
