"""What an outside client was told, and how it is held against the log."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from events.basis import AgencyKind, LawfulBasis, Purpose
from events.envelope import Record
from hub.arrival import Agency
from tests.faults.install import Install
from tests.waiting import ending, until

SENDER = Agency(
    "CHARITY-1",
    AgencyKind.CHARITY,
    "Invented Families Trust",
    "9999902",
    frozenset({Purpose.EARLY_HELP}),
    frozenset({LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H, LawfulBasis.CA2004_S10}),
)
ENDS = {"submission.accepted": "accepted", "review.raised": "review"}
ROOT = Path(__file__).parents[2]


@dataclass
class Ledger:
    """Every 2xx by line, oldest first; `other` counts the client's other experiences, known when it has ended."""

    path: Path
    other: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[dict[str, str]]:
        if not self.path.exists():
            return []
        whole = self.path.read_text("utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def submissions(self) -> dict[str, set[tuple[str, str]]]:
        """What each key was answered: (submission id, outcome)."""
        found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for line in self.lines():
            found[line["key"]].add((line["submission_id"], line["outcome"]))
        return dict(found)


@asynccontextmanager
async def client(install: Install, seed: int, *, url: str | None = None) -> AsyncIterator[Ledger]:
    """Referrals come in until the block ends; then what was begun is sent until it is acknowledged."""
    ledger = Ledger(install.folder / f"ledger-{seed}-{uuid4().hex[:4]}")
    client_id, secret = await install.register(SENDER)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.client_process"),
        *(url or install.url, client_id, secret, str(seed), str(ledger.path)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield ledger
        assert process.stdin is not None
        process.stdin.close()
        out, _ = await ending(process.communicate(), "the client is told of all it sent")
        assert process.returncode == 0
        ledger.other = Counter(json.loads(out))
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def acknowledged(ledger: Ledger, more: int = 1) -> None:
    """Wait until so many more have been acknowledged than there were."""
    wanted = len(ledger.lines()) + more

    async def there() -> bool:
        return len(ledger.lines()) >= wanted

    await until(there, f"{more} more acknowledged")


def assert_nothing_lost_or_doubled(ledger: Ledger, records: list[Record]) -> None:
    """Every key has one answer and one effect, and nothing else is on the log."""
    told = ledger.submissions()
    assert told, "nothing was acknowledged"
    assert {key: len(answers) for key, answers in told.items() if len(answers) > 1} == {}, "two answers to one key"
    ends = {(record.stream.removeprefix("submission/"), ENDS[record.type]) for record in records if record.type in ENDS}
    assert ends == {answer for answers in told.values() for answer in answers}
    kinds = Counter(record.type for record in records)
    assert kinds["submission.accepted"] + kinds["review.raised"] == len(told)
    assert kinds["referral.received"] == kinds["submission.accepted"]
