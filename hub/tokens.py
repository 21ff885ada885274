"""Access tokens of agencies: short-lived ES256 JWTs that this hub issues and this hub alone accepts (RFC 9068).

The algorithm and the key are fixed here, so a token cannot choose either: `alg`, `jku` and `jwk` of its header decide
nothing (promises.md §2.10).
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from hub.clock import Clock
from hub.index import secret_file

_ALGORITHMS: Final = ["ES256"]
_TYPE: Final = "at+jwt"
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_REMEMBERED: Final = 10_000
_LONGEST: Final = 4_096
_CLOCKS_APART: Final = 60  # seconds


class TokenRefused(Exception):
    """The token is not one of ours, or not any more."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token speaks for: the agency's code, the client, what it may do, until when (epoch seconds)."""

    agency: str
    client: str
    scopes: frozenset[str]
    expires_at: int


def signing_key(path: Path) -> ECKey:
    """The P-256 key of the secret in `path`, which is made if there is none; only its owner may read it."""
    wide = hashlib.sha512(b"early-help-hub/token-signing-key" + secret_file(path)).digest()
    number = int.from_bytes(wide, "big") % (_ORDER - 1) + 1  # FIPS 186-5 A.2.1: extra bits, so no bias worth naming
    key = ECKey.import_key(ec.derive_private_key(number, ec.SECP256R1()), {"use": "sig", "alg": _ALGORITHMS[0]})
    key.ensure_kid()
    return key


class Tokens:
    """Issues tokens and reads them again."""

    def __init__(self, key: ECKey, issuer: str, seconds: int, clock: Clock) -> None:
        self._key = key
        self._issuer = issuer
        self._seconds = seconds
        self._clock = clock
        self._read: OrderedDict[bytes, Bearer] = OrderedDict()

    @property
    def seconds(self) -> int:
        """How long a token lives."""
        return self._seconds

    def issue(self, agency: str, client: str, scopes: Iterable[str]) -> str:
        """A token for a client of an agency."""
        now = int(self._clock().timestamp())
        header = {"alg": _ALGORITHMS[0], "typ": _TYPE, "kid": self._key.kid}
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": client,
            "client_id": client,
            "agency": agency,
            "scope": " ".join(sorted(scopes)),
            "iat": now,
            "exp": now + self._seconds,
            "jti": str(uuid4()),
        }
        return jwt.encode(header, claims, self._key, algorithms=_ALGORITHMS)

    def read(self, token: str) -> Bearer:
        """Whom it speaks for; raises `TokenRefused`. A token seen before is not verified again until it expires."""
        digest = hashlib.sha256(token.encode()).digest()
        bearer = self._read.get(digest)
        if bearer is None:
            bearer = self._verified(token)
            self._read[digest] = bearer
            if len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        left = bearer.expires_at - self._clock().timestamp()
        if not 0 < left <= self._seconds + _CLOCKS_APART:  # more: the clock was set back since
            self._read.pop(digest, None)
            raise TokenRefused
        return bearer

    def published(self) -> dict[str, object]:
        """The key set that anybody may check our tokens with (RFC 7517); public parts only."""
        return dict(KeySet([self._key]).as_dict(private=False))

    def _verified(self, token: str) -> Bearer:
        if len(token) > _LONGEST:
            raise TokenRefused
        try:
            decoded = jwt.decode(token, self._key, algorithms=_ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError):
            raise TokenRefused from None
        claims = decoded.claims
        ours = decoded.header.get("typ") == _TYPE and claims.get("iss") == claims.get("aud") == self._issuer
        issued, expires = claims.get("iat"), claims.get("exp")
        if not (ours and isinstance(issued, int) and isinstance(expires, int)):
            raise TokenRefused
        if expires - issued > self._seconds or issued > self._clock().timestamp() + _CLOCKS_APART:
            raise TokenRefused
        return Bearer(
            str(claims.get("agency", "")),
            str(claims.get("client_id", "")),
            frozenset(str(claims.get("scope", "")).split()),
            expires,
        )
