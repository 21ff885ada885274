"""Partner agencies: registering them, what they may send, and the credentials they show."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import uuid4

from events.agency import AgencyRegistered, AgencySuspended
from events.basis import AgencyKind, LawfulBasis, Purpose
from events.database import Connection, Pool
from events.envelope import Draft, Event, Provenance, Record, stream
from events.log import Append
from events.postgres_log import PostgresLog
from hub.arrival import Agency
from hub.clock import Clock


class UnknownAgency(Exception):
    """No agency is registered under this code."""


class Agencies:
    """The register of agencies: facts on the log, a decision table to look up, credentials apart from both."""

    def __init__(self, pool: Pool, log: PostgresLog, clock: Clock) -> None:
        self._pool = pool
        self._log = log
        self._clock = clock

    async def register(self, agency: Agency, actor: str) -> tuple[Record, ...]:
        """Register an agency, or change what one may send. Registering the same again writes nothing."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", agency.code)
            if await _found(connection, agency.code) == agency:
                return ()
            await connection.execute(
                """INSERT INTO decide.agency (code, kind, title, identifier, purposes, bases, suspended)
                   VALUES ($1, $2, $3, $4, $5, $6, false)
                   ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, title = excluded.title,
                       identifier = excluded.identifier, purposes = excluded.purposes, bases = excluded.bases,
                       suspended = false""",
                agency.code,
                agency.kind,
                agency.title,
                agency.identifier,
                sorted(agency.purposes),
                sorted(agency.bases),
            )
            event = AgencyRegistered(
                code=agency.code,
                kind=agency.kind,
                title=agency.title,
                identifier=agency.identifier,
                purposes=tuple(sorted(agency.purposes)),
                bases=tuple(sorted(agency.bases)),
            )
            return await self._append(connection, agency.code, event, actor)

    async def suspend(self, code: str, actor: str) -> tuple[Record, ...]:
        """Let an agency send no more. Raises `UnknownAgency`."""
        async with self._pool.acquire() as connection, connection.transaction():
            agency = await _found(connection, code)
            if agency is None:
                raise UnknownAgency
            if agency.suspended:
                return ()
            await connection.execute("UPDATE decide.agency SET suspended = true WHERE code = $1", code)
            return await self._append(connection, code, AgencySuspended(code=code), actor)

    async def find(self, code: str) -> Agency | None:
        """The agency of a code."""
        async with self._pool.acquire() as connection:
            return await _found(connection, code)

    async def every(self) -> list[Agency]:
        """All agencies by code."""
        rows = await self._pool.fetch("SELECT * FROM decide.agency ORDER BY code")
        return [_agency(dict(row)) for row in rows]

    async def issue_credentials(self, code: str) -> tuple[str, str]:
        """A new (client id, secret) for an agency. The secret is shown this once; its hash is kept."""
        if await self.find(code) is None:
            raise UnknownAgency
        client_id, secret = f"{code.lower()}-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
        await self._pool.execute(
            "INSERT INTO access.client (client_id, agency, secret_hash, issued_at) VALUES ($1, $2, $3, $4)",
            client_id,
            code,
            _hash(secret),
            self._clock(),
        )
        return client_id, secret

    async def authenticate(self, client_id: str, secret: str) -> Agency | None:
        """The agency whose credentials these are, unless they are wrong, revoked, or it is suspended."""
        row = await self._pool.fetchrow(
            "SELECT agency, secret_hash FROM access.client WHERE client_id = $1 AND revoked_at IS NULL", client_id
        )
        expected = row["secret_hash"] if row else bytes(32)  # the same work whether the client exists or not
        if not hmac.compare_digest(expected, _hash(secret)) or row is None:
            return None
        agency = await self.find(row["agency"])
        return None if agency is None or agency.suspended else agency

    async def _append(self, connection: Connection, code: str, event: Event, actor: str) -> tuple[Record, ...]:
        provenance = Provenance(code, actor, (LawfulBasis.ART6_1_E,), Purpose.EARLY_HELP, uuid4())
        draft = Draft(stream("agency", code), event, self._clock())
        [records] = await self._log.append_within(connection, [Append((draft,), provenance)])
        return tuple(records)


async def _found(connection: Connection, code: str) -> Agency | None:
    row = await connection.fetchrow("SELECT * FROM decide.agency WHERE code = $1", code)
    return None if row is None else _agency(dict(row))


def _agency(row: dict[str, object]) -> Agency:
    return Agency(
        code=str(row["code"]),
        kind=AgencyKind(str(row["kind"])),
        title=str(row["title"]),
        identifier=str(row["identifier"]),
        purposes=frozenset(Purpose(text) for text in _texts(row["purposes"])),
        bases=frozenset(LawfulBasis(text) for text in _texts(row["bases"])),
        suspended=bool(row["suspended"]),
    )


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _hash(secret: str) -> bytes:
    """SHA-256 is enough for 32 random bytes: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()
