"""An agency's client outside of the hub: it posts referrals until its stdin closes, and keeps a ledger of every 2xx.

Arguments: address, client id, secret, seed, ledger. Each referral has an idempotency key and is sent until it is
acknowledged; one in four is sent again after that. The last line of stdout counts what else was answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

import httpx

from hub.synth.referrals import referral_bodies

AT_ONCE: Final = 6
PAUSE: Final = 0.1  # seconds between two referrals of one sender


class Client:
    """Several senders on one ledger."""

    def __init__(self, http: httpx.AsyncClient, credentials: tuple[str, str], seed: int, ledger: Path) -> None:
        self._http = http
        self._credentials = credentials
        self._chance = random.Random(seed)
        lately = datetime.now(UTC).date() - timedelta(days=14)
        self._work = zip(count(), referral_bodies(1_000_000, seed, lately), strict=False)
        self._seed = seed
        self._ledger = ledger
        self._token = "none-yet"
        self.stop = asyncio.Event()
        self.answers: Counter[str] = Counter()

    async def send(self) -> None:
        while not self.stop.is_set():
            number, body = next(self._work)
            key = f"key-{self._seed}-{number}"
            for _ in range(2 if self._chance.random() < 0.25 else 1):
                await self._surely(key, body)
            await asyncio.sleep(PAUSE)

    async def _surely(self, key: str, body: bytes) -> None:
        """With the same key until there is a 2xx."""
        while True:
            answer = await self._post(key, body)
            if answer is not None and answer.is_success:
                told = answer.json()
                line = {"key": key, "at": time.time(), **{n: told[n] for n in ("submission_id", "outcome")}}
                with self._ledger.open("a", encoding="utf-8") as ledger:
                    ledger.write(json.dumps(line) + "\n")
                return
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))

    async def _post(self, key: str, body: bytes) -> httpx.Response | None:
        heads = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            answer = await self._http.post("/v1/referrals", content=body, headers=heads)
            if answer.status_code == 401:
                await self._renew()
                return None
        except httpx.TransportError as failure:
            self.answers[type(failure).__name__] += 1
            return None
        self.answers[str(answer.status_code)] += 1
        return answer

    async def _renew(self) -> None:
        answer = await self._http.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, auth=self._credentials
        )
        if answer.is_success:
            self._token = answer.json()["access_token"]
        else:
            self.answers[f"token {answer.status_code}"] += 1


async def main(arguments: Iterator[str]) -> None:
    url, client_id, secret, seed, ledger = arguments
    async with httpx.AsyncClient(base_url=url, timeout=15) as http:
        client = Client(http, (client_id, secret), int(seed), Path(ledger))
        async with asyncio.TaskGroup() as senders:
            for _ in range(AT_ONCE):
                senders.create_task(client.send())
            await asyncio.to_thread(sys.stdin.read)
            client.stop.set()
    sys.stdout.write(json.dumps(client.answers))


if __name__ == "__main__":
    asyncio.run(main(iter(sys.argv[1:])))
