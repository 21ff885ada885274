"""Keyed hashes: blind indexes of identifiers, and opaque forms of senders' own references.

HMAC-SHA256 with a key kept outside PostgreSQL; a plain or salted hash of ten digits could be counted through
(promises.md §2.7). The kind of what is hashed is part of the input, so equal values of two kinds differ.
"""

from __future__ import annotations

import hmac
import os
from hashlib import blake2b
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_BYTES: Final = 16
_NUMBER: Final = 8


class Index:
    """Makes keyed hashes of 16 bytes under one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._numbers = blake2b(key=self.derived("numbers"), digest_size=_NUMBER)

    @classmethod
    def at(cls, path: Path) -> Index:
        """The index whose secret is in `path`."""
        return cls(secret_file(path))

    def of(self, kind: str, *parts: str | bytes) -> bytes:
        """Keyed hash of some parts, told apart by their lengths."""
        text = [kind.encode()]
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            text.append(b"%d:%b" % (len(data), data))
        return hmac.digest(self._secret, b"|".join(text), "sha256")[:_BYTES]

    def hex(self, kind: str, *parts: str | bytes) -> str:
        """The same in hex."""
        return self.of(kind, *parts).hex()

    def number(self, kind: str, value: str) -> int:
        """Keyed hash of 64 bits, signed, as PostgreSQL's `bigint`: BLAKE2b, for a person has a dozen of them.

        `kind` has no `|`.
        """
        numbers = self._numbers.copy()
        numbers.update(f"{kind}|{value}".encode())
        return int.from_bytes(numbers.digest(), "big", signed=True)

    def derived(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose (HKDF-SHA256), from which the secret cannot be told."""
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self._secret)


def secret_file(path: Path) -> bytes:
    """32 random bytes in a file of its owner alone, made if there is none; safe with two starters at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, os.urandom(32))
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(fresh, path)  # fails where another starter was first, whose secret then counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
