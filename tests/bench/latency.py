"""From the acknowledgement to the row in the queue, at a steady 50 referrals a second."""

from __future__ import annotations

import asyncio

import asyncpg
import orjson

from hub.synth.referrals import referral_bodies
from projections.queues import QUEUES
from tests.bench.figures import Figure
from tests.bench.filling import last_week
from tests.bench.ground import Place, database
from tests.bench.http import Connection, connections, referral, token
from tests.bench.load import percentile
from tests.bench.process import serving, working
from tests.bench.size import Size

RATE = 50
_CONNECTIONS = 16
_PATIENCE = 30.0

# PostgreSQL tells of a row at the moment it can be seen: a notification is delivered when its transaction commits.
_TELL_OF_ROWS = """
CREATE FUNCTION public.tell_of_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_notify('bench_row', (SELECT string_agg(told ->> 'submission_id', ' ')
                                  FROM jsonb_array_elements(NEW.referrals::jsonb) AS told));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON "%s".entry FOR EACH ROW EXECUTE FUNCTION public.tell_of_row()
"""


async def latency_figure(ground: Place, size: Size, engine: str) -> Figure:
    """The 95th percentile in ms, over several runs on one hub."""
    name = f"live.latency.{engine}.p95"
    if engine == "kafka" and ground.kafka is None:
        return Figure(name, "ms", 200, at_most=True)
    async with database(ground, f"bench_latency_{engine}") as empty:
        asked = empty.relayed_to("bench-latency") if engine == "kafka" else empty
        async with serving(asked) as (place, _):
            bearer = await token(place)  # registering is the first event, so the worker has something to show
            async with working(place), connections(place.port, _CONNECTIONS) as clients:
                watch = _Watch()
                await watch.begin(place)
                runs = []
                for seed in range(size.runs):
                    bodies = referral_bodies(int(RATE * size.latency_seconds), seed, last_week())
                    taken = await watch.time(clients, [referral(body, bearer) for body in bodies])
                    runs.append(1_000 * percentile(taken, 95))
                await watch.end()
    return Figure(name, "ms", 200, tuple(runs), at_most=True)


class _Watch:
    """Notes when each submission was acknowledged, and when its row was first to be seen."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._seen: dict[str, float] = {}
        self._told_more = asyncio.Event()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def begin(self, place: Place) -> None:
        """Listen for rows."""
        self._connection = await asyncpg.connect(place.dsn)
        await self._connection.execute(_TELL_OF_ROWS % QUEUES.schema)
        await self._connection.add_listener("bench_row", self._told)

    async def end(self) -> None:
        """Hang up."""
        if self._connection is not None:
            await self._connection.close()

    def _told(self, _: object, __: int, ___: str, payload: object) -> None:
        for submission in str(payload).split():
            self._seen.setdefault(submission, self._loop.time())
        self._told_more.set()

    async def time(self, clients: list[Connection], requests: list[bytes]) -> list[float]:
        """Seconds from acknowledgement to row of each; sent at a steady pace, whatever the answers do."""
        began = self._loop.time()
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for client in clients:
            free.put_nowait(client)
        acknowledged: dict[str, float] = {}

        async def send(request: bytes, due: float) -> None:
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            client = await free.get()
            answer = await client.send(request)
            free.put_nowait(client)
            assert answer.status == 201, answer.body
            told = orjson.loads(answer.body)
            if told["outcome"] == "accepted":
                acknowledged[told["submission_id"]] = answer.at

        await asyncio.gather(*(send(request, began + number / RATE) for number, request in enumerate(requests)))
        async with asyncio.timeout(_PATIENCE):
            while not acknowledged.keys() <= self._seen.keys():
                self._told_more.clear()
                await self._told_more.wait()
        return [max(0.0, self._seen[submission] - at) for submission, at in acknowledged.items()]
