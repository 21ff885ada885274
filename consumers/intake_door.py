"""The Kafka door: a message becomes the same arrival as over HTTP, so that the same decision is taken on it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated, Final

import uuid_utils.compat
from pydantic import Field, TypeAdapter, ValidationError

from consumers.intake_message import BARS, HUB_JSON, IntakeMessage
from events.referral import Channel
from hub.agencies import Agencies
from hub.arrival import Agency, Arrival, Intake, KeyReused, Outcome
from hub.clock import Clock
from hub.connectors import connector_for
from hub.connectors.bars import read_bundle
from hub.connectors.bars_reader import parse_json, parse_xml
from hub.connectors.contract import Read
from hub.files import Files, Sent
from hub.guard import BadInput, check_json
from hub.index import Index
from hub.submission import FileRefused, InformationReceipt, Referral, Refusal

_CANONICAL: Final[TypeAdapter[Referral | InformationReceipt]] = TypeAdapter(
    Annotated[Referral | InformationReceipt, Field(discriminator="kind")]
)


class AgencyUnknown(Exception):
    """A topic's agency is not registered, or suspended: nothing may be kept for it, so its topic is left alone."""


@dataclass(frozen=True, slots=True)
class IntakeDoor:
    """Takes one message at a time for one agency."""

    agencies: Agencies
    intake: Intake
    files: Files
    index: Index
    clock: Clock
    body_limit: int
    bars_addresses: frozenset[str] = frozenset()

    async def take(self, code: str, message: IntakeMessage) -> str:
        """Decide a message; returns the outcome's name. Raises `AgencyUnknown`, or what the database raises.

        What cannot be read is quarantined: its bytes are kept sealed and `submission.refused` names the fault.
        """
        agency = await self.agencies.find(code)
        if agency is None or agency.suspended:
            raise AgencyUnknown
        if message.fault:
            return await self._refuse(agency, message, message.fault)
        try:
            if message.format == HUB_JSON or message.format in BARS:
                return await self._submit(agency, message, self._read(message))
            return await self._file(agency, message)
        except KeyReused:
            return await self._refuse(agency, message, "key-reused")

    async def quarantine(self, code: str, message: IntakeMessage) -> str:
        """Set a message aside that we failed to take for no fault of its own that we know of."""
        agency = await self.agencies.find(code)
        if agency is None:
            raise AgencyUnknown
        return await self._refuse(agency, message, "could-not-be-taken")

    async def _refuse(self, agency: Agency, message: IntakeMessage, fault: str) -> str:
        """Under its place as key: read again after a crash, it is still one refusal."""
        return await self._submit(agency, replace(message, key=message.place), Refusal(fault, ""))

    async def _submit(self, agency: Agency, message: IntakeMessage, read: Read) -> str:
        submission_id = uuid_utils.compat.uuid7()
        decided = await self.intake.submit(
            Arrival(
                agency=agency,
                actor=_actor(agency),
                channel=Channel.KAFKA,
                format=message.format,
                submission_id=submission_id,
                correlation_id=submission_id,
                received_at=self.clock(),
                idempotency=self.index.hex("idempotency", agency.code, message.key),
                fingerprint=self.index.hex("fingerprint", message.body),
                read=read,
                original=message.body,
            )
        )
        return decided.outcome.value

    def _read(self, message: IntakeMessage) -> Read:
        if len(message.body) > self.body_limit:
            return Refusal("too-large", f"The limit here is {self.body_limit} bytes.")
        try:
            return _parsed(message, self.bars_addresses)
        except BadInput as fault:
            return Refusal(fault.code, fault.detail, fault.pointer)
        except FileRefused as refused:
            return refused.refusal
        except ValidationError:
            return Refusal("not-valid", "The message does not have the agreed shape.")

    async def _file(self, agency: Agency, message: IntakeMessage) -> str:
        connector = connector_for(message.format)
        if connector is None:
            return await self._refuse(agency, message, "unknown-format")
        sent = Sent(agency, _actor(agency), Channel.KAFKA, connector, message.key)
        try:
            return (await self.files.take(sent, _whole(message.body))).outcome
        except FileRefused:  # said on the log, and kept, by the files themselves
            return Outcome.REFUSED.value


def _parsed(message: IntakeMessage, ours: frozenset[str]) -> Read:
    if message.format == "bars-xml":
        return read_bundle(parse_xml(io.BytesIO(message.body)), message.key, ours)
    check_json(message.body)
    if message.format == "bars-json":
        return read_bundle(parse_json(io.BytesIO(message.body)), message.key, ours)
    return _CANONICAL.validate_json(message.body)


def _actor(agency: Agency) -> str:
    """Whoever may write to the agency's topic."""
    return f"kafka:{agency.code}"


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body
