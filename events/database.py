"""The one name for an open PostgreSQL connection, pooled or not, and what it raises when the server is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from asyncpg import InterfaceError, PostgresConnectionError
from asyncpg.exceptions import (
    InsufficientResourcesError,
    InternalClientError,
    OperatorInterventionError,
    PostgresSystemError,
)

if TYPE_CHECKING:
    from asyncpg import Connection as _Connection
    from asyncpg import Pool as _Pool
    from asyncpg import Record as Row
    from asyncpg.pool import PoolConnectionProxy

    PooledConnection: TypeAlias = PoolConnectionProxy[Row]
    Connection: TypeAlias = _Connection[Row] | PooledConnection
    Pool: TypeAlias = _Pool[Row]
else:
    from asyncpg import Connection, Pool
    from asyncpg import Record as Row
    from asyncpg.pool import PoolConnectionProxy as PooledConnection

UNAVAILABLE: Final = (
    PostgresConnectionError,
    OperatorInterventionError,
    InsufficientResourcesError,
    PostgresSystemError,  # its disk gives an error
    InterfaceError,
    InternalClientError,  # a connection cut while it was made, or in the middle of an answer
    OSError,
    TimeoutError,
)
"""What tells that the server is away, full or shutting down; `unavailable` says it of one failure."""


def unavailable(failure: BaseException) -> bool:
    """Whether the server is away, full or shutting down, and not the statement at fault.

    A transaction that ends so may have been committed or not.
    """
    return isinstance(failure, UNAVAILABLE)


__all__ = ["UNAVAILABLE", "Connection", "Pool", "PooledConnection", "Row", "unavailable"]
