"""The reader rule on one partition of the topic: from messages as they lie to records in sequence, each once."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

from events.envelope import Record
from events.kafka_codec import Unreadable, record_of, sequence_of
from events.log import Gap, Tampered

_REMEMBERED: Final = 512
_MOST_AHEAD: Final = 10_000


class Message(Protocol):
    """A Kafka message as the client library gives it, nothing decoded."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


class PartitionReader:
    """Accepts sequence `last + 1` and nothing else.

    A lower one is a copy: skipped, and compared with what was accepted as far back as 512 records; older ones are put
    into `copies` for the caller to compare with the journal. A higher one waits in `ahead` until the ones before it
    come; if too many wait, that is a `Gap`.
    """

    def __init__(self, last: int) -> None:
        self.last = last
        self.ahead: dict[int, Message] = {}
        self.copies: list[Message] = []
        self.skipped = 0
        self._recent: deque[Message] = deque(maxlen=_REMEMBERED)

    def accept(self, messages: Sequence[Message]) -> list[Message]:
        """Those that are next, in order. Raises `Gap`, `Tampered`, `Unreadable`."""
        if not messages:
            return []
        sequences = [sequence_of(message.headers) for message in messages]
        first = self.last + 1
        if not self.ahead and sequences == list(range(first, first + len(sequences))):
            accepted = list(messages)
            self.last = sequences[-1]
        else:
            accepted = []
            for sequence, message in zip(sequences, messages, strict=True):
                self._one(sequence, message, accepted)
        self._recent.extend(accepted[-_REMEMBERED:])
        return accepted

    def _one(self, sequence: int, message: Message, accepted: list[Message]) -> None:
        if sequence <= self.last:
            self.skipped += 1
            self._compare(sequence, message, accepted)
            return
        if sequence in self.ahead:
            refuse_different(self.ahead[sequence], message)
            return
        self.ahead[sequence] = message
        while (found := self.ahead.pop(self.last + 1, None)) is not None:
            accepted.append(found)
            self.last += 1
        if len(self.ahead) > _MOST_AHEAD:
            raise Gap

    def _compare(self, sequence: int, message: Message, accepted: Sequence[Message]) -> None:
        back = self.last - sequence  # 0: the one accepted last
        if back < len(accepted):
            refuse_different(accepted[-1 - back], message)
        elif back - len(accepted) < len(self._recent):
            refuse_different(self._recent[-1 - (back - len(accepted))], message)
        else:
            self.copies.append(message)


def opened(message: Message) -> Record:
    """The record of a message; raises `Unreadable`, and `Tampered` if it lies in a partition that is not its own."""
    record = record_of(message.headers, message.value)
    if record.partition != message.partition:
        raise Tampered
    return record


def refuse_different(accepted: Message, copy: Message) -> None:
    """Raises `Tampered` unless both are the same record."""
    if accepted.value == copy.value and accepted.headers == copy.headers:
        return
    try:
        same = opened(accepted) == opened(copy)  # another release may write its headers in another way
    except Unreadable:
        same = False
    if not same:
        raise Tampered
