"""`EventLog` on Kafka: written through the journal, which decides; followed on the topic that the relay fills."""

from __future__ import annotations

from events.envelope import Record
from events.kafka_follower import KafkaFollower
from events.log import Append, Heads


class KafkaLog(KafkaFollower):
    """`EventLog` whose readers need the topic alone.

    `append`, `read_stream` and `heads` are the journal's: a decision must see what was just written, and the topic is
    behind by the time the relay takes. `follow` and `drain` read the topic.
    """

    async def append(self, append: Append) -> tuple[Record, ...]:
        """Write it to the journal; the relay carries it on. Raises `WrongVersion`, `KeyDestroyed`."""
        return await self._journal.append(append)

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        """Records of one stream, from the journal."""
        return await self._journal.read_stream(stream, after)

    async def heads(self) -> Heads:
        """Last position and sequences of the journal; the topic may be behind."""
        return await self._journal.heads()
