"""Letters that are not shown: marks that turn the direction of what follows, and could make a text read as another."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

_DIRECTIONS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def straight(text: str) -> str:
    """The text without marks of direction; letters that run from right to left still do."""
    return text.translate(_DIRECTIONS)


def shown(value: object) -> object:
    """The same for whatever a template prints; markup stays markup."""
    if isinstance(value, Markup):
        return Markup(straight(str(value)))  # noqa: S704 - it was markup before
    return straight(value) if isinstance(value, str) else value
