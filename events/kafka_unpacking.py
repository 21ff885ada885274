"""How far a batch of records may unpack: a limit that the client library has not.

A broker weighs a batch as it comes, packed, and aiokafka (0.14) unpacks it whole before it gives the first record:
8 MiB of gzip may be 8 GiB. The library offers no place for a limit, so its reader is given our function for its own; it
looks that up for each batch, in its own module. A batch that unpacks too far cannot be read, like a damaged one.
Why so, and what stays open: decision 17.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib import import_module
from typing import Any, Final, NoReturn

from aiokafka.errors import CorruptRecordException, UnsupportedCodecError
from aiokafka.record import default_records
from aiokafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

UNPACKED_BYTES: Final = 32 << 20  # of all records of a batch, which packed may be 8 MiB
_GZIP: Final = 16 + zlib.MAX_WBITS
_CODEC: Final = 22  # where in a batch its codec stands, in the lowest bits
_IN_GZIP: Final = 1


class UnpacksTooFar(CorruptRecordException):  # type: ignore[misc] # published without types
    """A batch unpacks to more than is read."""


class LimitNotKept(RuntimeError):
    """The client library does not ask our function any more: see whether its reader has moved."""


@cache
def limit_unpacking() -> None:
    """From now on every consumer of this process keeps to `UNPACKED_BYTES`, and to gzip. Raises `LimitNotKept`."""
    # The compiled reader where the library has one, else the one in Python; both have these names.
    for module in {default_records.__name__, DefaultRecordBatch.__module__}:
        reader: Any = import_module(module)
        reader.gzip_decode = unpacked
        reader.snappy_decode = reader.lz4_decode = reader.zstd_decode = _not_taken
    _prove()


def unpacked(packed: bytes) -> bytes:
    """What a batch in gzip holds. Raises `UnpacksTooFar`, or `CorruptRecordException` for what is no single gzip."""
    reader = zlib.decompressobj(_GZIP)
    try:
        found = reader.decompress(packed, UNPACKED_BYTES + 1)
    except zlib.error as failure:
        raise CorruptRecordException("not in gzip") from failure
    if len(found) > UNPACKED_BYTES:
        raise UnpacksTooFar(f"more than {UNPACKED_BYTES} bytes")
    if not reader.eof or reader.unused_data:
        raise CorruptRecordException("not one whole gzip")
    return found


def _not_taken(_: bytes) -> NoReturn:
    raise UnsupportedCodecError("gzip alone is read: of the others nobody says how far they unpack")


def _prove() -> None:
    """Read a batch that says it is in gzip and is not: the library's own function has another word for that."""
    writing = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=0,
        batch_size=99,
    )
    writing.append(0, 0, None, b"", [])
    batch = writing.build()
    batch[_CODEC] |= _IN_GZIP
    try:
        next(iter(DefaultRecordBatch(bytes(batch))))
    except CorruptRecordException:
        return
    except Exception as failure:
        raise LimitNotKept from failure
