"""`hub status` and `hub doctor`: how it goes, and what is wrong; exit 0 well, 1 not."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiokafka.errors import KafkaError

from events import schema
from events.durability import postgres_findings
from events.kafka_topics import TopicPlan, Topics, kafka_findings
from hub.bootstrap import Hub
from hub.cli.running import AsJson, Exit, notice, say, say_json, with_hub
from hub.settings import Engine
from hub.verify import verify as verify_log
from projections import ALL
from projections.former import former_versions
from projections.progress import Status
from projections.progress import status as progress_status

_BEHIND_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `fault` empty: it is well."""

    what: str
    fault: str


def status(as_json: AsJson = False) -> None:
    """How far the log and the read models are. Exit 1 if something stands still or lags by more than a minute."""

    async def work(hub: Hub) -> int:
        heads = await hub.log.heads()
        now = await progress_status(hub.pool, ALL)
        models = {projection.name: projection.schema for projection in ALL}
        parked = {count.model: count.events for count in now.parked}
        well = not now.troubles and all(now.oldest_seconds(model) < _BEHIND_SECONDS for model in models.values())
        if as_json:
            say_json(_as_json(heads.position, now, models, parked, well=well))
        else:
            say(f"{heads.position} events on the log, {len(heads.sequences)} partitions, {now.workers} workers")
            for name, model in models.items():
                waits = f"{now.lag(model)} behind" if now.lag(model) else "up to date"
                say(f"  {name:12} {waits:16} {parked.get(model, 0)} parked")
            for trouble in now.troubles:
                say(f"  stands still: {trouble.model} partition {trouble.partition} since {trouble.since:%d %B %H:%M}")
        return Exit.WELL if well else Exit.NOT_WELL

    with_hub(work)


def doctor(as_json: AsJson = False) -> None:
    """Look at everything the hub needs: schema, durability, keys, read models, Kafka; say what is wrong."""

    async def work(hub: Hub) -> int:
        looks: dict[str, Callable[[Hub], Awaitable[str]]] = {
            "database schema": _schema,
            "nothing acknowledged can be lost (PostgreSQL)": _durable,
            "key files are private": _private_keys,
            "every key of the log is in the ring": _keys,
            "positions have no gap": _no_gap,
            "read models": _models,
            "nothing is kept of older read models": _former,
        }
        if hub.settings.engine is Engine.KAFKA:
            looks["nothing published can be lost (Kafka)"] = _kafka
        found = [Finding(what, await look(hub)) for what, look in looks.items()]
        if as_json:
            say_json([{"what": one.what, "well": not one.fault, "fault": one.fault} for one in found])
        else:
            for one in found:
                say(f"{'well' if not one.fault else 'NOT WELL':9} {one.what}{': ' + one.fault if one.fault else ''}")
        return Exit.NOT_WELL if any(one.fault for one in found) else Exit.WELL

    with_hub(work)


def verify(as_json: AsJson = False) -> None:
    """Read the whole log, and the topic with Kafka, and name each place that is not as it was written."""

    async def work(hub: Hub) -> int:
        try:
            faults = await verify_log(hub)
        except KafkaError as failure:
            notice(f"Cannot reach Kafka: {type(failure).__name__}")
            return Exit.CANNOT_CONNECT
        if as_json:
            say_json([fault._asdict() for fault in faults])
        else:
            for each in faults:
                say(f"{each.store} partition {each.partition} sequence {each.sequence}: {each.what}")
        return Exit.NOT_WELL if faults else Exit.WELL

    with_hub(work)


def _as_json(
    position: int, now: Status, models: dict[str, str], parked: dict[str, int], *, well: bool
) -> dict[str, object]:
    return {
        "well": well,
        "position": position,
        "workers": now.workers,
        "models": {
            name: {
                "behind": now.lag(model),
                "oldest_seconds": round(now.oldest_seconds(model), 3),
                "parked": parked.get(model, 0),
            }
            for name, model in models.items()
        },
        "troubles": [trouble._asdict() for trouble in now.troubles],
    }


async def _schema(hub: Hub) -> str:
    async with hub.pool.acquire() as connection:
        missing = await schema.pending(connection)
    return f"run `hub db upgrade`: {', '.join(missing)}" if missing else ""


async def _durable(hub: Hub) -> str:
    async with hub.pool.acquire() as connection:
        return "; ".join(str(finding) for finding in await postgres_findings(connection))


async def _private_keys(hub: Hub) -> str:
    folder = hub.settings.key_dir
    open_to_others = [path.name for path in sorted(folder.glob("*")) if path.stat().st_mode & 0o077]
    owned = folder.stat().st_uid == os.geteuid()
    faults = [f"chmod 600 {name}" for name in open_to_others] + ([] if owned else ["the folder is somebody else's"])
    return "; ".join(faults)


async def _keys(hub: Hub) -> str:
    missing = await hub.pool.fetchval(
        """SELECT count(DISTINCT key_id) FROM log.event AS e
           WHERE key_id IS NOT NULL AND NOT EXISTS (SELECT FROM keys.data_key AS k WHERE k.id = e.key_id)"""
    )
    return f"{missing} keys are missing: restore the key store's backup" if missing else ""


async def _no_gap(hub: Hub) -> str:
    row = await hub.pool.fetchrow("SELECT count(*) AS events, coalesce(max(position), 0) AS last FROM log.event")
    head = (await hub.log.heads()).position
    if row is None or row["events"] == row["last"] == head:
        return ""
    return f"{row['events']} events, last position {row['last']}, head {head}: the database was damaged or edited"


async def _models(hub: Hub) -> str:
    now = await progress_status(hub.pool, ALL)
    faults = [f"{trouble.model} stands still ({trouble.error})" for trouble in now.troubles]
    faults += [f"{count.events} events parked in {count.model}" for count in now.parked if count.events]
    if not now.workers and any(now.lag(projection.schema) for projection in ALL):
        faults.append("behind, and no worker runs: start `hub work`")
    return "; ".join(faults)


async def _former(hub: Hub) -> str:
    """Names stand there for no purpose. Old ones that are still needed are not found fault with."""
    async with hub.pool.acquire() as connection:
        found = await former_versions(connection, ALL, (await hub.log.heads()).sequences)
    left = [each.schema for each in found if not each.needed]
    return f"once no older program runs: `hub rebuild --drop-old`, for {', '.join(left)}" if left else ""


async def _kafka(hub: Hub) -> str:
    settings = hub.settings
    plan = TopicPlan(Topics(settings.area).events, settings.partitions, settings.kafka_replication)
    try:
        found = await kafka_findings(settings.kafka_bootstrap or "", [plan])
    except KafkaError as failure:
        return f"cannot be reached: {type(failure).__name__}"
    return "; ".join(map(str, found))
