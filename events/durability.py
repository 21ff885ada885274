"""Settings under which PostgreSQL could lose what it acknowledged: refused at start-up, with the way to mend them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from events.database import Connection

# A commit that returns before its own server has flushed is no commit; the others flush at least here.
_FLUSHED: Final = ("on", "remote_apply", "remote_write", "local")


class DataAtRisk(Exception):
    """A store is set so that it can lose what it acknowledged; the hub does not start on it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Finding:
    """One setting that loses data: what it is, what it must be, and the command that mends it."""

    setting: str
    found: str
    needed: str
    mend: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.setting} is {self.found}, must be {self.needed}. To mend it: {self.mend}"


async def postgres_findings(connection: Connection) -> list[Finding]:
    """What is wrong with this server's settings, as this connection has them; empty if nothing is."""
    rows = await connection.fetch(
        "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
    )
    findings = findings_of({row["name"]: row["setting"] for row in rows})
    kind = await connection.fetchval("SELECT relpersistence::text FROM pg_class WHERE oid = to_regclass('log.event')")
    if kind not in (None, "p"):
        findings.append(Finding("log.event", "unlogged", "logged", "ALTER TABLE log.event SET LOGGED"))
    return findings


def findings_of(settings: Mapping[str, str]) -> list[Finding]:
    """The same for settings read elsewhere, such as in a compose file; one that is not named has its default."""
    needed = {"fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": _FLUSHED}
    return [
        Finding(
            name,
            settings[name],
            allowed[0],
            f"ALTER SYSTEM SET {name} = {allowed[0]}; SELECT pg_reload_conf(); see ALTER ROLE and DATABASE too",
        )
        for name, allowed in needed.items()
        if settings.get(name, "on") not in allowed
    ]


async def require_durable_postgres(connection: Connection) -> None:
    """Raises `DataAtRisk` with every finding."""
    findings = await postgres_findings(connection)
    if findings:
        raise DataAtRisk(findings)
