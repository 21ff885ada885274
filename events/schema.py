"""Brings a database to this code's schema: numbered SQL files, each applied once, in one transaction, under a lock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Final

from events.database import Connection

PACKAGES: Final = ("events", "projections", "hub")
_LOCK: Final = 0x68756264


class SchemaChanged(Exception):
    """An SQL file that has been applied was edited afterwards: restore it and add a new step instead."""


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered SQL file of a package."""

    name: str
    sql: str

    @property
    def digest(self) -> str:
        """SHA-256 of the file, hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def steps(packages: Sequence[str] = PACKAGES) -> list[Step]:
    """All steps in the order they are applied: packages in turn, files by number."""
    found: list[Step] = []
    for package in packages:
        folder = files(package) / "sql"
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
        found += [Step(f"{package}/{name}", (folder / name).read_text("utf-8")) for name in names]
    return found


async def upgrade(connection: Connection, packages: Sequence[str] = PACKAGES) -> list[str]:
    """Apply what is missing; returns the names applied. Raises `SchemaChanged`.

    Each step is one transaction, so a failing step leaves the ones before it in place and nothing of itself.
    """
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        await connection.execute(
            """CREATE TABLE IF NOT EXISTS public.schema_step (
                   name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"""
        )
        rows = await connection.fetch("SELECT name, digest FROM public.schema_step")
        applied = {row["name"]: row["digest"] for row in rows}
        done: list[str] = []
        for step in steps(packages):
            if step.name not in applied:
                async with connection.transaction():
                    await connection.execute(step.sql)
                    await connection.execute(
                        "INSERT INTO public.schema_step (name, digest) VALUES ($1, $2)",
                        step.name,
                        step.digest,
                    )
                done.append(step.name)
            elif applied[step.name] != step.digest:
                raise SchemaChanged(step.name)
        return done
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def pending(connection: Connection, packages: Sequence[str] = PACKAGES) -> list[str]:
    """Names of the steps this database does not have yet."""
    if await connection.fetchval("SELECT to_regclass('public.schema_step')") is None:
        return [step.name for step in steps(packages)]
    rows = await connection.fetch("SELECT name FROM public.schema_step")
    applied = {row["name"] for row in rows}
    return [step.name for step in steps(packages) if step.name not in applied]


async def applied(connection: Connection) -> list[tuple[str, datetime]]:
    """Names and times of the steps this database has, oldest first."""
    rows = await connection.fetch("SELECT name, applied_at FROM public.schema_step ORDER BY applied_at, name")
    return [(row["name"], row["applied_at"]) for row in rows]
