"""Names of the hub's topics, how they are made, and the settings without which the hub refuses to start.

`hub.<area>.…` is written by the hub alone; partners may be given write access to `intake.<area>.<agency>` and to
nothing else, so the two have different first words and one access rule by prefix each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from events.durability import DataAtRisk, Finding
from events.kafka_client import start

MESSAGE_BYTES: Final = 8 << 20  # a submission of 1 MiB, sealed and in base64, and its envelope, with room
_BROKERS_FOR_TWO: Final = 3
_TOLD_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one area."""

    area: str

    @property
    def events(self) -> str:
        """The log."""
        return f"hub.{self.area}.events"

    @property
    def access(self) -> str:
        """Who viewed what."""
        return f"hub.{self.area}.access"

    @property
    def checkpoints(self) -> str:
        """Signed checkpoints of the log."""
        return f"hub.{self.area}.checkpoints"

    def intake(self, agency: str) -> str:
        """Where this agency may write."""
        return f"intake.{self.area}.{agency}"

    def agency(self, topic: str) -> str:
        """The agency an intake topic belongs to; raises `ValueError` for any other topic."""
        prefix, found, agency = topic.partition(f"intake.{self.area}.")
        if prefix or not found or not agency:
            message = f"{topic} is not an intake topic of this area"
            raise ValueError(message)
        return agency


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """One topic as it must be. `partitions` is fixed for ever: the partition of a stream follows from it.

    The hub's own topics keep for ever. Intake topics hold personal data in clear until it is taken and kept sealed, so
    they keep it for `keep_days` and no longer.
    """

    name: str
    partitions: int
    replication: int = 1
    keep_days: int | None = None

    @property
    def settings(self) -> dict[str, str]:
        """Kept for ever, on enough brokers, and never by a broker that was behind."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": "-1" if self.keep_days is None else str(self.keep_days * 86_400_000),
            "retention.bytes": "-1",
            "min.insync.replicas": "2" if self.replication >= _BROKERS_FOR_TWO else "1",
            "unclean.leader.election.enable": "false",
            "max.message.bytes": str(MESSAGE_BYTES),
        }


def topic_findings(plan: TopicPlan, found: Mapping[str, str]) -> list[Finding]:
    """Settings of a topic that lose data; `found` holds all of them, as a broker or a compose file tells."""
    findings: list[Finding] = []
    for setting, needed in plan.settings.items():
        value = found.get(setting, "unset")
        at_least = setting in ("min.insync.replicas", "max.message.bytes")
        fine = value.isdecimal() and int(value) >= int(needed) if at_least else value == needed
        if not fine:
            mend = (
                "kafka-configs.sh --bootstrap-server <address> --alter --entity-type topics "
                f"--entity-name {plan.name} --add-config {setting}={needed}"
            )
            wanted = f"{needed} or more" if at_least else needed
            findings.append(Finding(f"{plan.name} {setting}", value, wanted, mend))
    return findings


async def create_topics(bootstrap: str, plans: Sequence[TopicPlan]) -> None:
    """Make those that are missing; one that is there is left as it is, for the check to judge."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await start(admin)
        there = set(await admin.list_topics())
        missing = [plan for plan in plans if plan.name not in there]
        if not missing:
            return
        answer = await admin.create_topics(
            [NewTopic(plan.name, plan.partitions, plan.replication, topic_configs=plan.settings) for plan in missing]
        )
        for topic, code, *message in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:  # another process was first
                raise error(f"{topic}: {message[0] if message else 'not created'}")
        # Made is not yet told to every broker, and what is not told of would be taken for missing.
        async with asyncio.timeout(_TOLD_SECONDS):
            while not {plan.name for plan in missing} <= set(await admin.list_topics()):  # noqa: ASYNC110 - Kafka
                await asyncio.sleep(0.05)
    finally:
        await admin.close()


async def kafka_findings(bootstrap: str, plans: Sequence[TopicPlan]) -> list[Finding]:
    """What is wrong with these topics; empty if nothing is."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await start(admin)
        there = set(await admin.list_topics())
        present = [plan for plan in plans if plan.name in there]
        findings = [
            Finding(plan.name, "missing", f"a topic of {plan.partitions} partitions", "start the hub, which makes it")
            for plan in plans
            if plan.name not in there
        ]
        if present:
            shapes = {told["topic"]: told for told in await admin.describe_topics([plan.name for plan in present])}
            settings = await _settings(admin, present)
            for plan in present:
                findings += _shape(plan, shapes[plan.name]["partitions"])
                findings += topic_findings(plan, settings[plan.name])
        return findings
    finally:
        await admin.close()


async def require_durable_topics(bootstrap: str, plans: Sequence[TopicPlan]) -> None:
    """Raises `DataAtRisk` with every finding."""
    findings = await kafka_findings(bootstrap, plans)
    if findings:
        raise DataAtRisk(findings)


def _shape(plan: TopicPlan, partitions: Sequence[Mapping[str, Sequence[int]]]) -> list[Finding]:
    findings: list[Finding] = []
    if len(partitions) != plan.partitions:
        mend = "install with the topic's own count, or rebuild the topic from the journal under the planned count"
        findings.append(Finding(f"{plan.name} partitions", str(len(partitions)), str(plan.partitions), mend))
    fewest = min(len(partition["replicas"]) for partition in partitions)
    if fewest < plan.replication:
        mend = f"kafka-reassign-partitions.sh --bootstrap-server <address> --execute with {plan.replication} replicas"
        findings.append(Finding(f"{plan.name} replicas", str(fewest), f"{plan.replication} or more", mend))
    return findings


async def _settings(admin: AIOKafkaAdminClient, plans: Sequence[TopicPlan]) -> dict[str, dict[str, str]]:
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, plan.name) for plan in plans])
    found: dict[str, dict[str, str]] = {}
    for answer in answers:
        for code, message, _, name, entries in answer.resources:
            if code:
                raise for_code(code)(f"{name}: {message}")
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found
