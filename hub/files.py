"""An agency's own file through intake: keep it sealed, check all of it, then decide it part by part.

The bytes are kept, sealed, before they are read. The connector checks the whole file before any of it is acted on, so
no file is half taken. Parts are decided in batches, each idempotent by itself, and the answer comes when all are
decided: a sender that was cut off sends the file again under the same key, and what was done is not done twice.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Final
from uuid import UUID, uuid4

import orjson

from events.codec import canonical
from events.database import Pool
from events.envelope import Draft, Event, Json, Provenance, stream
from events.keys import PostgresKeys
from events.log import Append
from events.postgres_log import PostgresLog
from events.referral import Channel
from events.sealing import Key
from events.submission import SubmissionAccepted, SubmissionRefused
from hub.arrival import Agency, Arrival, Decided, Intake, KeyReused, Outcome, Ready, Receipt
from hub.clock import Clock
from hub.connectors import Connector
from hub.index import Index
from hub.original_file import OriginalFile, file_key, keep_chunks, open_original
from hub.submission import FileRefused, Item, Refusal, Submission

BATCH: Final = 250
REFUSALS_LISTED: Final = 1_000
_CHANGED: Final = Refusal(
    "changed-without-superseding", "This reference was sent before with other content.", "/source/message_id"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it arrives: whose, by which door, in which format, under the sender's own key."""

    agency: Agency
    actor: str
    channel: Channel
    connector: Connector
    key: str


class Files:
    """Takes files; see the module."""

    def __init__(
        self, pool: Pool, log: PostgresLog, keys: PostgresKeys, intake: Intake, index: Index, clock: Clock
    ) -> None:
        self._pool = pool
        self._log = log
        self._keys = keys
        self._intake = intake
        self._index = index
        self._clock = clock

    async def take(self, sent: Sent, body: AsyncIterator[bytes]) -> Receipt:
        """Decide a file. Raises `KeyReused`, `FileRefused`."""
        original = await self._known(sent)
        key = await file_key(self._keys, self._pool, original.submission_id)
        original = await self._keep(sent, original, key, body)
        if original.receipt is not None:
            return stored_receipt(original.receipt)
        try:
            await asyncio.to_thread(sent.connector.check, open_original(self._pool, key, original))
        except FileRefused as refused:
            await self._close(sent, original, refused.refusal)
            raise
        receipt = await self._decide(sent, original, open_original(self._pool, key, original))
        await self._close(sent, original)
        await self._pool.execute(
            "UPDATE original.file SET receipt = $2 WHERE submission_id = $1",
            original.submission_id,
            orjson.dumps(receipt, option=orjson.OPT_NON_STR_KEYS),
        )
        return receipt

    async def _known(self, sent: Sent) -> OriginalFile:
        """The file of this key, known from an earlier attempt or new."""
        row = await self._pool.fetchrow(
            """INSERT INTO original.file (agency, idempotency, submission_id, received_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (agency, idempotency) DO UPDATE SET agency = excluded.agency RETURNING *""",
            sent.agency.code,
            self._index.hex("idempotency", sent.agency.code, sent.key),
            uuid4(),
            self._clock(),
        )
        fields = dict(row or {})
        return OriginalFile(**fields | {"submission_id": UUID(bytes=fields["submission_id"].bytes)})

    async def _keep(self, sent: Sent, original: OriginalFile, key: Key, body: AsyncIterator[bytes]) -> OriginalFile:
        """Keep all bytes, sealed; bytes that came before are only compared. Raises `KeyReused`."""
        digest = hashlib.sha256()

        async def hashed() -> AsyncIterator[bytes]:
            async for piece in body:
                digest.update(piece)
                yield piece

        attempt = uuid4()
        if original.fingerprint is None:
            await keep_chunks(self._pool, key, original.submission_id, attempt, hashed())
        else:
            async for _ in hashed():
                pass
        fingerprint = self._index.hex("fingerprint", digest.digest())
        if original.fingerprint is None:
            original = await self._whole(sent, replace(original, fingerprint=fingerprint, attempt=attempt))
        if original.fingerprint != fingerprint:
            raise KeyReused
        return original

    async def _whole(self, sent: Sent, original: OriginalFile) -> OriginalFile:
        """All bytes are here. The first upload that is whole counts; what others wrote is thrown away."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(
                """UPDATE original.file SET fingerprint = coalesce(fingerprint, $2), attempt = coalesce(attempt, $3)
                   WHERE submission_id = $1 RETURNING fingerprint, attempt, receipt""",
                original.submission_id,
                original.fingerprint,
                original.attempt,
            )
            counted = replace(original, **dict(row or {}))
            await connection.execute(
                "DELETE FROM original.chunk WHERE submission_id = $1 AND attempt <> $2",
                counted.submission_id,
                counted.attempt,
            )
            await connection.execute(
                """INSERT INTO original.submission (submission_id, agency, format, key_id, received_at)
                   VALUES ($1, $2, $3, $1, $4) ON CONFLICT DO NOTHING""",
                counted.submission_id,
                sent.agency.code,
                sent.connector.name,
                counted.received_at,
            )
        return counted

    async def _decide(self, sent: Sent, original: OriginalFile, body: BinaryIO) -> Receipt:
        """All parts in batches; the next batch is read and made ready while the last is being decided.

        One thread reads a file from its first part to its last: an XML parser may not change threads midway.
        """
        tally = _Tally(original)
        parts = sent.connector.read(body)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="file") as reader:

            def read_ahead() -> asyncio.Future[list[Item]]:
                return asyncio.get_running_loop().run_in_executor(reader, _batch, parts)

            ahead = read_ahead()
            deciding: list[asyncio.Task[None]] = []  # one, once there is a batch
            try:
                while items := await ahead:
                    ahead = read_ahead()
                    ready = await self._intake.ready([self._arrival(sent, original, item) for item in items])
                    await asyncio.gather(*deciding)
                    deciding = [asyncio.create_task(self._decide_batch(items, ready, tally))]
                await asyncio.gather(*deciding)
            finally:
                for batch in deciding:
                    batch.cancel()
                await asyncio.gather(*deciding, return_exceptions=True)
                await asyncio.wait([ahead])
                await asyncio.get_running_loop().run_in_executor(reader, _closed, parts)
        return tally.receipt()

    async def _decide_batch(self, items: Sequence[Item], ready: Sequence[Ready], tally: _Tally) -> None:
        for item, answer in zip(items, await self._intake.decide(ready), strict=True):
            tally.add(item, answer)

    def _arrival(self, sent: Sent, original: OriginalFile, item: Item) -> Arrival:
        agency, told = sent.agency.code, item.read
        if isinstance(told, Submission) and told.source.message_id:
            idempotency = self._index.hex("message", agency, told.source.system or "", told.source.message_id)
            fingerprint = self._index.hex("content", canonical(told.model_dump(mode="json")))
        else:
            idempotency = self._index.hex("part", original.submission_id.bytes, str(item.number))
            fingerprint = original.fingerprint or ""
        return Arrival(
            agency=sent.agency,
            actor=sent.actor,
            channel=sent.channel,
            format=sent.connector.name,
            submission_id=uuid4(),
            correlation_id=original.submission_id,
            received_at=original.received_at,
            idempotency=idempotency,
            fingerprint=fingerprint,
            read=told,
            part=item.number,
        )

    async def _close(self, sent: Sent, original: OriginalFile, refusal: Refusal | None = None) -> None:
        """Say on the log that the file as a whole was taken or refused; said once, whatever is repeated."""
        agency = sent.agency
        fields: Json = {
            "submission_id": original.submission_id,
            "idempotency": original.idempotency,
            "fingerprint": original.fingerprint,
            "channel": sent.channel.value,
            "format": sent.connector.name,
        }
        if refusal is None:
            event: Event = SubmissionAccepted.model_validate(fields)
        else:
            event = SubmissionRefused.model_validate(fields | {"code": refusal.code})
        provenance = Provenance(
            agency.code, sent.actor, agency.default_basis, agency.default_purpose, original.submission_id
        )
        draft = Draft(stream("submission", original.submission_id), event, original.received_at)
        said_once = f"file:{agency.code}:{original.idempotency}"
        await self._log.append(Append((draft,), provenance, idempotency=said_once))


class _Tally:
    """Counts what became of a file's parts."""

    def __init__(self, original: OriginalFile) -> None:
        self._original = original
        self._count = dict.fromkeys(Outcome, 0)
        self._refusals: list[tuple[int, Refusal]] = []
        self._places: dict[int, int] = {}

    def add(self, item: Item, answer: Decided | KeyReused) -> None:
        if isinstance(answer, KeyReused):
            outcome, refusal = Outcome.REFUSED, _CHANGED
        else:
            outcome, refusal = answer.outcome, Refusal(answer.code, answer.detail, answer.pointer)
            for partition, sequence in answer.places.items():
                self._places[partition] = max(sequence, self._places.get(partition, 0))
        self._count[outcome] += 1
        if outcome is Outcome.REFUSED and len(self._refusals) < REFUSALS_LISTED:
            self._refusals.append((item.number, refusal))

    def receipt(self) -> Receipt:
        return Receipt(
            submission_id=self._original.submission_id,
            received_at=self._original.received_at,
            items=sum(self._count.values()),
            accepted=self._count[Outcome.ACCEPTED],
            review=self._count[Outcome.REVIEW],
            refused=self._count[Outcome.REFUSED],
            refusals=tuple(self._refusals),
            places=self._places,
        )


def stored_receipt(stored: bytes) -> Receipt:
    """A receipt as it was kept; repeated."""
    fields = orjson.loads(stored)
    fields["submission_id"] = UUID(fields["submission_id"])
    fields["received_at"] = datetime.fromisoformat(fields["received_at"])
    fields["refusals"] = tuple((number, Refusal(**refusal)) for number, refusal in fields["refusals"])
    fields["places"] = {int(partition): sequence for partition, sequence in fields["places"].items()}
    return Receipt(**fields | {"repeated": True})


def _batch(parts: Iterator[Item]) -> list[Item]:
    return list(islice(parts, BATCH))


def _closed(parts: Iterator[Item]) -> None:
    if isinstance(parts, Generator):
        parts.close()
