"""Bodies as they come in: counted and timed piece by piece, refused before they are whole if they are too much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect, Request

from hub.api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY_SECONDS: Final = 10.0
PIECE_SECONDS: Final = 30.0
THROWN_AWAY_BYTES: Final = 16 << 20
_QUIET_SECONDS: Final = 0.2
_CLOSE: Final = {"Connection": "close"}  # the rest of the body is not worth reading


async def whole_body(request: Request, heads: Mapping[bytes, bytes], limit: int) -> bytes:
    """The body, counted while it comes in; raises `Problem` when it is encoded, too large or too slow."""
    pieces: list[bytes] = []
    try:
        refuse_by_head(heads, limit)
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in _counted(request, limit):
                pieces.append(piece)  # noqa: PERF401 - what has come in may not outgrow the limit
    except TimeoutError:
        raise Problem("too-slow", headers=_CLOSE) from None
    except Problem:
        await _thrown_away(request, heads)
        raise
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def streamed(request: Request, limit: int) -> AsyncIterator[bytes]:
    """A large body piece by piece, each within its time; raises `Problem`."""
    pieces = _counted(request, limit)
    while True:
        try:
            async with asyncio.timeout(PIECE_SECONDS):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Problem("too-slow", headers=_CLOSE) from None
        yield piece


def refuse_by_head(heads: Mapping[bytes, bytes], limit: int) -> None:
    """What the headers alone say is too much, or packed; raises `Problem`, and where it is too much, closes."""
    if heads.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Problem("encoded-body")
    length = heads.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > len("1000000000000") or int(length) > limit:
        raise Problem("too-large", f"The limit here is {limit} bytes.", headers=_CLOSE)


async def _thrown_away(request: Request, heads: Mapping[bytes, bytes]) -> None:
    """The rest of a body that is refused, as far as it comes at once and is not endless.

    A connection closed on what still comes in is reset, and whoever sends all before reading never learns why.
    """
    size, more = 0, b"expect" not in heads  # such a sender waits for our word
    with suppress(TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            while more and size < THROWN_AWAY_BYTES:
                async with asyncio.timeout(_QUIET_SECONDS):
                    message = await request.receive()
                size += len(message.get("body", b""))
                more = message.get("more_body", False)


async def _counted(request: Request, limit: int) -> AsyncIterator[bytes]:
    size = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise Problem("too-large", f"The limit here is {limit} bytes.", headers=_CLOSE)
        if piece:
            yield piece
        if not message.get("more_body", False):
            return
