"""Seals the personal part of an event under one key, so that destroying the key erases it.

AES-256-GCM with a random 96-bit nonce. The additional data binds the ciphertext to its event, stream, type, version and
key, so it cannot be pasted elsewhere. GCM does not commit to a key, so a tag HMAC-SHA256(key, event id) stands beside
the ciphertext and tells a wrong key from a changed text (promises.md §2.7). Plaintext is padded to a multiple of
`BUCKET` bytes, so lengths say little.
"""

from __future__ import annotations

import hmac
import os
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BUCKET: Final = 64
_TAG: Final = 16
_NONCE: Final = 12


class SealBroken(Exception):
    """A sealed part does not open: changed, moved to another event, or offered the wrong key."""


class Key(NamedTuple):
    """A data key, ready for use."""

    id: UUID
    secret: bytes
    cipher: AESGCM


def new_key(key_id: UUID) -> Key:
    """A fresh random 256-bit key; never derived, or it could not be destroyed."""
    return key_of(key_id, os.urandom(32))


def key_of(key_id: UUID, secret: bytes) -> Key:
    """The key with these 32 bytes."""
    return Key(key_id, secret, AESGCM(secret))


def seal(plain: bytes, key: Key, identity: bytes, context: bytes) -> bytes:
    """Commitment tag, nonce and ciphertext of `plain`. `identity` is the event id's 16 bytes."""
    padded = plain.ljust(-(-len(plain) // BUCKET) * BUCKET)
    nonce = os.urandom(_NONCE)
    return _commitment(key, identity) + nonce + key.cipher.encrypt(nonce, padded, context)


def unseal(sealed: bytes, key: Key, identity: bytes, context: bytes) -> bytes:
    """The plaintext, with its padding of spaces; raises `SealBroken`."""
    if not hmac.compare_digest(sealed[:_TAG], _commitment(key, identity)):
        raise SealBroken
    try:
        return key.cipher.decrypt(sealed[_TAG : _TAG + _NONCE], sealed[_TAG + _NONCE :], context)
    except InvalidTag:
        raise SealBroken from None


def _commitment(key: Key, identity: bytes) -> bytes:
    return hmac.digest(key.secret, identity, "sha256")[:_TAG]
