"""What the hub tells its operators: JSON log lines and Prometheus metrics, neither with personal data.

A log line holds named fields of a closed list, so that nothing slips in by being passed along. Of an exception it
holds the class and the places in the code, never the text: that may quote a row or a message.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, BinaryIO, Final, TextIO, cast

import orjson
import structlog
from prometheus_client import Counter, Gauge, Histogram

FIELDS: Final = frozenset(
    {
        "event", "level", "timestamp", "logger", "request_id", "trace_id", "method", "route", "status", "ms", "agency",
        "client", "submission_id", "outcome", "code", "channel", "format", "items", "repeated", "failure", "frames",
        "projection", "partition", "sequence", "position", "count", "seconds", "engine", "address", "pid", "signal",
    }
)  # fmt: skip
"""Every field a log line may have. None of them can hold what a sender wrote."""

REQUESTS: Final = Counter("hub_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS: Final = Histogram(
    "hub_http_seconds",
    "Seconds from the first byte of a request to the last of its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
SUBMISSIONS: Final = Counter("hub_submissions", "Submissions decided", ["channel", "outcome"])
WAITING: Final = Gauge("hub_submissions_waiting", "Submissions read and not decided yet")
TURNED_AWAY: Final = Counter("hub_turned_away", "Submissions answered with 503 and Retry-After", ["why"])


def only_known(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: fields that are not on the list are left out."""
    failure = line.pop("exc_info", None)
    if isinstance(failure, BaseException):
        line.update(described(failure))
    return {name: value for name, value in line.items() if name in FIELDS}


def described(failure: BaseException) -> dict[str, Any]:
    """Class of an exception and the last places of its way up, without its text."""
    frames = traceback.extract_tb(failure.__traceback__)[-8:]
    return {
        "failure": type(failure).__qualname__,
        "frames": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
    }


class _Line(logging.Formatter):
    """Lines of libraries in the same shape. Their template is kept and its arguments are not."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "event": str(record.msg),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
        }
        if record.exc_info and record.exc_info[1]:
            line |= described(record.exc_info[1])
        return orjson.dumps(line).decode()


def configure_logs(level: str = "INFO", out: TextIO | None = None) -> None:
    """JSON lines on stderr (or `out`) from here on, of this code and of libraries."""
    stream = out or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Line())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # While a broker is away it writes dozens of lines a second, which say no more than our own one for each try.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            only_known,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", stream.buffer)),
    )


def _dumps(line: object, **_: object) -> bytes:
    return orjson.dumps(line, default=str)
