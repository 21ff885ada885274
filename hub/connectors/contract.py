"""What a connector is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from hub.submission import ForReview, Item, Refusal, Submission

Read = Submission | ForReview | Refusal


@dataclass(frozen=True, slots=True)
class Connector:
    """One format an agency can send.

    `check` reads the whole file once and raises `FileRefused` if any of it cannot be read as this format, so that no
    file is ever half taken. `read` yields one `Item` for each part, in order, at flat memory. Both start at the
    stream's current position and neither does I/O besides reading it. `suffixes` lets `hub send` guess the format:
    the longest one that ends the file's name, in lower case.
    """

    name: str
    title: str
    media_type: str
    suffixes: tuple[str, ...]
    check: Callable[[BinaryIO], None]
    read: Callable[[BinaryIO], Iterator[Item]]
