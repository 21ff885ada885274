"""What every sending endpoint shares: who is calling, and how many may wait for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Final

import asyncpg
from starlette.requests import Request

from events.basis import Purpose
from events.database import unavailable
from hub.agencies import Agencies
from hub.api.problems import Problem
from hub.arrival import Agency
from hub.telemetry import TURNED_AWAY, WAITING
from hub.tokens import Bearer, TokenRefused, Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

READ: Final = "submissions:read"
PURPOSE: Final = "purpose:"
MOST_WAITING: Final = 256
MOST_OF_ONE_AGENCY: Final = 128
ANSWER_SECONDS: Final = 10.0
_STALLED_SECONDS: Final = 2.0
_STALLED_WAITING: Final = 16
_AGENCY_SECONDS: Final = 2.0
_SINGLE: Final = (b"authorization", b"idempotency-key", b"x-request-id", b"x-correlation-id", b"content-type")


def away(failure: Exception) -> bool:
    """Whether the database is away, full or overrun.

    What was sent may or may not stand then: a retry with the same key finds out.
    """
    rolled_back = asyncpg.TransactionRollbackError, asyncpg.ReadOnlySQLTransactionError
    return unavailable(failure) or isinstance(failure, rolled_back)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is sending: the agency narrowed to the purposes of its token, and the client it sends with."""

    agency: Agency
    client: str
    scopes: frozenset[str]

    def asked(self, scope: str) -> None:
        """Raises `Problem` where the token does not have it."""
        if scope not in self.scopes:
            raise Problem("scope-missing", f"This needs the scope {scope}.")

    def may_send(self) -> None:
        """Raises `Problem` where the token is for no purpose at all."""
        if not self.agency.purposes:
            raise Problem("scope-missing", "Sending needs a scope that names a purpose.")


class Callers:
    """Reads bearer tokens. The agency behind one is looked up anew every two seconds, so that a suspension bites."""

    def __init__(self, tokens: Tokens, agencies: Agencies) -> None:
        self._tokens = tokens
        self._agencies = agencies
        self._seen: dict[str, tuple[float, Agency]] = {}

    async def of(self, heads: Mapping[bytes, bytes]) -> Caller:
        """The caller; raises `Problem`."""
        kind, _, token = heads.get(b"authorization", b"").partition(b" ")
        if kind.lower() != b"bearer" or not token:
            raise Problem("token-missing")
        try:
            bearer = self._tokens.read(token.decode("ascii").strip())
        except (TokenRefused, UnicodeDecodeError):
            raise Problem("token-refused", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}) from None
        return _narrowed(await self._agency(bearer.agency), bearer)

    async def _agency(self, code: str) -> Agency:
        looked, agency = self._seen.get(code, (0.0, None))
        if agency is None or monotonic() - looked > _AGENCY_SECONDS:
            agency = await self._agencies.find(code)
            if agency is None:
                raise Problem("token-refused")
            self._seen[code] = monotonic(), agency
        if agency.suspended:
            raise Problem("agency-suspended")
        return agency


def _narrowed(agency: Agency, bearer: Bearer) -> Caller:
    allowed = frozenset(purpose for purpose in agency.purposes if PURPOSE + purpose in bearer.scopes)
    if allowed != agency.purposes:
        agency = replace(agency, purposes=allowed)
    return Caller(agency, bearer.client, bearer.scopes)


def scopes_of(agency: Agency) -> frozenset[str]:
    """Everything a token of this agency can be for."""
    return frozenset({READ, *(PURPOSE + Purpose(purpose).value for purpose in agency.purposes)})


class Waiting:
    """How many submissions may wait for a decision, in all and of one agency: more are told to come back."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()
        self._all = 0
        self._last_done = monotonic()

    @contextmanager
    def place(self, agency: str) -> Iterator[None]:
        """A place to wait in; raises `Problem` if there is none, or if nobody has been answered for a while."""
        if self._all >= MOST_WAITING or self._of[agency] >= MOST_OF_ONE_AGENCY:
            TURNED_AWAY.labels("full").inc()
            raise Problem("busy")
        if self._all >= _STALLED_WAITING and monotonic() - self._last_done > _STALLED_SECONDS:
            TURNED_AWAY.labels("stalled").inc()
            raise Problem("busy")
        if not self._all:
            self._last_done = monotonic()
        self._all += 1
        self._of[agency] += 1
        WAITING.inc()
        try:
            yield
        except Exception as failure:
            if not away(failure):
                raise
            TURNED_AWAY.labels("unavailable").inc()
            raise Problem("unavailable") from None
        else:
            self._last_done = monotonic()
        finally:
            self._all -= 1
            self._of[agency] -= 1
            WAITING.dec()


def heads_of(request: Request) -> dict[bytes, bytes]:
    """Headers by lower-case name; a doubled one that decides something is refused, not chosen from."""
    pairs = request.scope["headers"]
    heads = dict(pairs)
    if len(heads) != len(pairs):
        for name in _SINGLE:
            if sum(found == name for found, _ in pairs) > 1:
                raise Problem("bad-request", f"The header {name.decode()} occurs twice.")
    return heads
