"""Error pages: what happened and what to do, in the look of all pages, and never what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from hub.web.rendering import page


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """The heading of an error page and what it says."""

    title: str
    texts: tuple[str, ...]


_NOT_FOUND: Final = ErrorWords(
    "Page not found",
    ("If you typed the web address, check it is correct. If you pasted it, check you copied all of it.",),
)
_FAILED: Final = ErrorWords(
    "Sorry, there is a problem with the service",
    ("Nothing you sent has been lost unless this page came instead of a confirmation. Try again in a few minutes.",),
)
_WORDS: Final = {
    403: ErrorWords(
        "You cannot do this",
        (
            "The form was opened too long ago, or did not come from this service.",
            "Go back, load the page again and send the form once more.",
        ),
    ),
    404: _NOT_FOUND,
    405: _NOT_FOUND,
    413: ErrorWords("This is too long", ("The form holds more than it can. Go back and try again.",)),
    503: ErrorWords(
        "The service is not ready yet",
        ("The lists are being made. Try again in a minute; this takes no action of yours.",),
    ),
}


def error_page(status: int) -> Response:
    """The page for an HTTP status."""
    words = _WORDS.get(status, _FAILED)
    return page("error.html", status=status, words=words, section="")
