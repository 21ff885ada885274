"""Seals what of people's descriptions is compared, so that the database alone tells nobody who they are.

One key for the whole hub, derived from the index secret, which is kept outside PostgreSQL: features of thousands of
people are opened in a second, and a key for each of them could not be fetched so fast. Bound to the person, so a row
cannot stand for another one. Destroying a person's own key does not erase these: the row is deleted.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.index import Index
from hub.matching.features import Features

_NONCE: Final = 12
_LENGTH: Final = 2  # bytes of a length


class FeatureSeal:
    """AES-256-GCM with a random nonce and the person's id as additional data."""

    def __init__(self, index: Index) -> None:
        self._cipher = AESGCM(index.derived("features"))

    def seal(self, person_id: UUID, descriptions: Sequence[Features]) -> bytes:
        """Nonce and ciphertext of all descriptions of one person."""
        packed = [each.to_bytes() for each in descriptions]
        plain = b"".join(len(each).to_bytes(_LENGTH, "big") + each for each in packed)
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, person_id.bytes)

    def open(self, person_id: UUID, sealed: bytes) -> list[Features]:
        """The descriptions again, in order. Raises `cryptography.exceptions.InvalidTag`."""
        plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], person_id.bytes)
        found: list[Features] = []
        at = 0
        while at < len(plain):
            start = at + _LENGTH
            at = start + int.from_bytes(plain[at:start], "big")
            found.append(Features.from_bytes(plain[start:at]))
        return found
