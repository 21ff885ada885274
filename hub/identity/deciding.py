"""One entry for every decision about identity: read, lock, decide, write the tables, append - in one transaction."""

from __future__ import annotations

from dataclasses import fields
from typing import Final
from uuid import UUID, uuid4

from asyncpg import DeadlockDetectedError

from events.envelope import Record
from events.identity import DecisionDetails
from events.keys import KeyDestroyed
from events.log import WrongVersion
from hub.bootstrap import Hub
from hub.feature_seal import FeatureSeal
from hub.identity import history, moving, settling, tables, taking_out, undoing
from hub.identity.commands import (
    Done,
    IdentityCommand,
    MergeFamilies,
    MergePeople,
    SettleDoubt,
    SplitFamily,
    SplitPeople,
    TakeOut,
    Undo,
)
from hub.identity.known import Deciding, Decision, History, Known
from hub.identity.refusals import ErasedSince
from hub.identity.taken_tables import write_taken_out
from hub.index import Index

_TRIES: Final = 5


async def decide_identity(hub: Hub, command: IdentityCommand) -> Done:
    """Decide it, once for each key. Raises an `IdentityRefused`, and then nothing was written.

    Raises `WrongVersion` if the streams move on faster than they can be decided on.
    """
    for _ in range(_TRIES - 1):
        try:
            return await _decide_once(hub, command)
        except (WrongVersion, DeadlockDetectedError):  # intake wrote there, or locked the same rows the other way round
            continue
    return await _decide_once(hub, command)


async def _decide_once(hub: Hub, command: IdentityCommand) -> Done:
    told = await _recall(hub, command)
    deciding = Deciding(uuid4(), command.actor, hub.clock(), DecisionDetails(reason=command.reason))
    key = _key(hub, command)
    async with hub.pool.acquire() as connection, connection.transaction():
        earlier = await tables.hold(connection, key)
        if earlier is not None:
            return earlier
        await tables.expect(connection, told.expected)
        known = await tables.find_known(connection, *_concerned(command, told))
        decision = _decide(command, told, known, deciding, hub.index)
        await tables.write(connection, deciding.decision_id, decision)
        if decision.taken_out is not None:
            await write_taken_out(connection, decision.taken_out, FeatureSeal(hub.index))
        try:
            written = await hub.log.append_within(connection, decision.appends)
        except KeyDestroyed:
            raise ErasedSince from None
        records = [record for each in written for record in each]
        await tables.remember(connection, key, records)
    return Done(deciding.decision_id, _places(records))


async def _recall(hub: Hub, command: IdentityCommand) -> History:
    """What the decision reads, if anything, outside its transaction: it may need the key ring."""
    match command:
        case SettleDoubt():
            return await history.of_people(hub, settling.doubted(command))
        case TakeOut():
            return await history.of_submission(hub, command.submission_id)
        case Undo():
            return await history.of_decision(hub, command.decision_id)
        case _:
            return History()


def _concerned(command: IdentityCommand, told: History) -> tuple[set[UUID], set[UUID]]:
    """People and families whose blocks are needed; the families of the people come by themselves."""
    people: set[UUID] = set()
    families: set[UUID] = set()
    match command:
        case MergePeople():
            people = {command.one, command.other}
        case SplitPeople():
            people = set(command.people)
        case MergeFamilies():
            families = {command.one, command.other}
        case SplitFamily():
            families = set(command.families)
        case SettleDoubt():
            people = settling.concerned(command, told)
        case TakeOut():
            people = set(told.brought.telling.everybody) if told.brought else set()
        case Undo():
            people, families = undoing.concerned(told)
    return people, families


def _decide(command: IdentityCommand, told: History, known: Known, deciding: Deciding, index: Index) -> Decision:  # noqa: PLR0911 - one line a command
    match command:
        case MergePeople():
            return moving.merge_people(command, known, deciding)
        case SplitPeople():
            return moving.split_people(command, known, deciding)
        case MergeFamilies():
            return moving.merge_families(command, known, deciding)
        case SplitFamily():
            return moving.split_family(command, known, deciding)
        case SettleDoubt():
            return settling.settle(command, told, known, deciding)
        case TakeOut():
            return taking_out.take_out(told, known, deciding, index)
        case Undo():
            return undoing.undo(command, told, known, deciding)


def _key(hub: Hub, command: IdentityCommand) -> str:
    """The form's key, bound to what was decided, so that it cannot answer for another decision."""
    what = [str(getattr(command, each.name)) for each in fields(command) if each.name not in ("actor", "key", "reason")]
    return hub.index.hex("identity", type(command).__name__, *what, command.key)


def _places(records: list[Record]) -> dict[int, int]:
    places: dict[int, int] = {}
    for record in records:
        places[record.partition] = max(record.sequence, places.get(record.partition, 0))
    return places
