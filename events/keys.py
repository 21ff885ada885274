"""The key ring: one random data key for each person, matter, review and original, wrapped by a key-encryption key.

Wrapped keys live in their own schema, never on Kafka, never beside what they seal. Destroying a key leaves a row that
says since when, so that what it sealed reads as `Erased(since)` for ever.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.database import Connection, Pool, Row
from events.envelope import Erased
from events.rows import Rows, Write, insertion, write
from events.sealing import Key, key_of, new_key

_COLUMNS: Final = {"id": "uuid", "wrapped": "bytea"}
_DATA_KEY: Final = insertion("keys.data_key", _COLUMNS)
_DATA_KEY_IF_NEW: Final = insertion("keys.data_key", _COLUMNS, "(id) DO NOTHING")


class KeyDestroyed(Exception):
    """Something was to be sealed under a key that was destroyed: the subject has been erased."""


_HELD: Final = Write(
    {"id": "uuid"},
    """SELECT 1 FROM keys.data_key AS k JOIN {rows} USING (id) WHERE k.wrapped IS NOT NULL
       ORDER BY k.id FOR SHARE OF k""",
    KeyDestroyed,
)


class KeyMissing(Exception):
    """A record names a key that the ring has never held: a foreign or damaged key store."""


class KeyRing(Protocol):
    """Fetches keys by id; every id ever created answers with a key or with `Erased`."""

    async def fetch(self, ids: Collection[UUID]) -> Mapping[UUID, Key | Erased]:
        """Keys of these ids; raises `KeyMissing`."""
        ...

    async def destroy(self, key_id: UUID, at: datetime) -> None:
        """Destroy a key; doing it twice changes nothing."""
        ...


class Wrapping(Protocol):
    """Wraps data keys; a key file here, Vault or a cloud KMS behind the same two calls."""

    def wrap(self, key: Key) -> bytes:
        """The wrapped bytes of a key, bound to its id."""
        ...

    def unwrap(self, key_id: UUID, wrapped: bytes) -> Key:
        """The key again; raises `cryptography.exceptions.InvalidTag` for another wrapping key."""
        ...


class KeyFile:
    """A key-encryption key in a file readable by its owner alone, for small installs."""

    def __init__(self, secret: bytes) -> None:
        self._cipher: Final = AESGCM(secret)

    def wrap(self, key: Key) -> bytes:
        """Nonce and ciphertext of the key, bound to its id."""
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, key.secret, key.id.bytes)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> Key:
        """The key that was wrapped."""
        return key_of(key_id, self._cipher.decrypt(wrapped[:12], wrapped[12:], key_id.bytes))


class PostgresKeys:
    """Key ring in PostgreSQL with a bounded cache of open keys.

    A key destroyed by another process is still readable here for `cache_seconds` at most; nothing is sealed under it,
    because `ensure` and `hold` ask the database each time.
    """

    def __init__(self, pool: Pool, wrapping: Wrapping, cache_size: int = 8_000, cache_seconds: float = 60.0) -> None:
        self._pool = pool
        self._wrapping = wrapping
        self._cache: OrderedDict[UUID, tuple[float, Key]] = OrderedDict()
        self._cache_size = cache_size
        self._cache_seconds = cache_seconds

    async def fetch(self, ids: Collection[UUID]) -> Mapping[UUID, Key | Erased]:
        """Keys of these ids; raises `KeyMissing`."""
        oldest = time.monotonic() - self._cache_seconds
        found: dict[UUID, Key | Erased] = {}
        unknown: list[UUID] = []
        for key_id in ids:
            loaded, key = self._cache.get(key_id, _NOTHING)
            if key is None or loaded < oldest:
                unknown.append(key_id)
            else:
                found[key_id] = key
        if unknown:
            async with self._pool.acquire() as connection:
                loaded_now = await self._load(connection, unknown)
            self._remember(loaded_now)
            found.update(loaded_now)
        return found

    async def fetch_anew(self, connection: Connection, ids: Collection[UUID]) -> Mapping[UUID, Key | Erased]:
        """The same past the cache: for whoever writes down for good what the keys open. Raises `KeyMissing`."""
        return await self._load(connection, ids)

    async def ensure(self, connection: Connection, ids: Collection[UUID]) -> dict[UUID, Key]:
        """Keys of these ids inside the caller's transaction, created where new; raises `KeyDestroyed`.

        They stay as they are until the caller's transaction ends. They enter the cache only by a later `fetch`: the
        transaction may still roll back, and a key that was never stored must not seal anything.
        """
        if not ids:
            return {}
        wanted = sorted(set(ids))
        rows = await connection.fetch(
            "SELECT id, wrapped, destroyed_at FROM keys.data_key WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE",
            wanted,
        )
        found = self._opened(rows)
        fresh, (_, rows_of_fresh) = self.make(key_id for key_id in wanted if key_id not in found)
        [made] = await write(connection, (_DATA_KEY_IF_NEW, rows_of_fresh))
        # Fewer: some were made by another transaction while we looked.
        found |= fresh if made == len(fresh) else await self._load(connection, fresh.keys())
        ready = {key_id: key for key_id, key in found.items() if not isinstance(key, Erased)}
        if len(ready) < len(wanted):
            raise KeyDestroyed
        return ready

    async def peek(self, connection: Connection, ids: Collection[UUID]) -> dict[UUID, Key]:
        """Keys of those of these ids that have one now. To seal under them `hold` goes with what is written."""
        if not ids:
            return {}
        found = await self._stored(connection, ids)
        return {key_id: key for key_id, key in found.items() if not isinstance(key, Erased)}

    def hold(self, ids: Iterable[UUID]) -> Rows:
        """Rows that are no change: these keys stay as they are until the transaction ends, or `KeyDestroyed`."""
        return _HELD, [(key_id,) for key_id in ids]

    def make(self, ids: Iterable[UUID]) -> tuple[dict[UUID, Key], Rows]:
        """Keys of ids made just now, that nobody else can know, and their rows: to insert in the same transaction."""
        keys = {key_id: new_key(key_id) for key_id in ids}
        return keys, (_DATA_KEY, [(key_id, self._wrapping.wrap(key)) for key_id, key in keys.items()])

    async def destroy(self, key_id: UUID, at: datetime) -> None:
        """Destroy a key; doing it twice changes nothing. Waits for transactions that are sealing under it."""
        async with self._pool.acquire() as connection:
            await self.destroy_within(connection, [key_id], at)

    async def destroy_within(self, connection: Connection, ids: Collection[UUID], at: datetime) -> None:
        """The same inside the caller's transaction."""
        await connection.execute(
            """UPDATE keys.data_key SET wrapped = NULL, destroyed_at = $2
               WHERE id = ANY($1::uuid[]) AND destroyed_at IS NULL""",
            list(ids),
            at,
        )
        for key_id in ids:
            self._cache.pop(key_id, None)

    async def destroy_again(self) -> None:
        """Destroy the keys of all whose erasure is on the log: a backup may have brought some of them back."""
        await self._pool.execute(
            """UPDATE keys.data_key AS k SET wrapped = NULL, destroyed_at = e.occurred_at FROM log.event AS e
               WHERE e.type = 'subject.erased' AND k.id = split_part(e.stream, '/', 2)::uuid
                 AND k.wrapped IS NOT NULL"""
        )

    async def _load(self, connection: Connection, ids: Collection[UUID]) -> dict[UUID, Key | Erased]:
        found = await self._stored(connection, ids)
        if len(found) != len(set(ids)):
            raise KeyMissing
        return found

    async def _stored(self, connection: Connection, ids: Collection[UUID]) -> dict[UUID, Key | Erased]:
        rows = await connection.fetch(
            "SELECT id, wrapped, destroyed_at FROM keys.data_key WHERE id = ANY($1::uuid[])", list(ids)
        )
        return self._opened(rows)

    def _opened(self, rows: Sequence[Row]) -> dict[UUID, Key | Erased]:
        found: dict[UUID, Key | Erased] = {}
        for row in rows:
            if row["wrapped"] is None:
                found[row["id"]] = Erased(since=row["destroyed_at"])
            else:
                _, known = self._cache.get(row["id"], _NOTHING)
                found[row["id"]] = known or self._wrapping.unwrap(row["id"], row["wrapped"])
        return found

    def _remember(self, keys: Mapping[UUID, Key | Erased]) -> None:
        now = time.monotonic()
        for key_id, key in keys.items():
            if isinstance(key, Key):
                self._cache[key_id] = (now, key)
            else:
                self._cache.pop(key_id, None)
        while len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)


_NOTHING: Final[tuple[float, Key | None]] = (0.0, None)


class MemoryKeys:
    """Key ring for the in-memory log: same answers, nothing kept."""

    def __init__(self) -> None:
        self._keys: dict[UUID, Key | Erased] = {}

    async def fetch(self, ids: Collection[UUID]) -> Mapping[UUID, Key | Erased]:
        """Keys of these ids; raises `KeyMissing`."""
        if not self._keys.keys() >= set(ids):
            raise KeyMissing
        return {key_id: self._keys[key_id] for key_id in ids}

    def ensure(self, ids: Collection[UUID]) -> dict[UUID, Key]:
        """Keys of these ids, created where new; raises `KeyDestroyed`."""
        ready: dict[UUID, Key] = {}
        for key_id in ids:
            key = self._keys.setdefault(key_id, new_key(key_id))
            if isinstance(key, Erased):
                raise KeyDestroyed
            ready[key_id] = key
        return ready

    async def destroy(self, key_id: UUID, at: datetime | None = None) -> None:
        """Destroy a key; doing it twice changes nothing."""
        if not isinstance(self._keys.get(key_id), Erased):
            self._keys[key_id] = Erased(since=at or datetime.now(UTC))
