"""Every setting of the hub, typed and checked once. Environment variables `HUB_…`, or a `.env` file."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# As much as decides whether it can be read: a scheme, and for each of its hosts a port that is a number, if any.
_HOST: Final = r"(\[[0-9A-Fa-f:.%]+\]|[^@:/?#\[\]]*)(:\d{1,5})?"
_DATABASE_URL: Final = re.compile(rf"postgres(ql)?://([^/?#]*@)?{_HOST}(,{_HOST})*([/?#].*)?\Z", re.DOTALL)


class Engine(StrEnum):
    """Where projectors read the log: the journal itself, or Kafka fed by the relay."""

    EMBEDDED = "embedded"
    KAFKA = "kafka"


def _data_dir() -> Path:
    """Root's home is closed to the account that PostgreSQL runs as, so root's data has its place in the system."""
    return Path("/var/lib/early-help-hub" if os.geteuid() == 0 else "~/.local/share/early-help-hub")


class Settings(BaseSettings):
    """Settings of one install. `area` is part of every topic name from the first day (design.md §13)."""

    model_config = SettingsConfigDict(env_prefix="HUB_", env_file=".env", extra="ignore", frozen=True)

    area: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")] = "cp"
    engine: Engine = Engine.EMBEDDED
    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL address; without it the embedded PostgreSQL is started"
    )
    kafka_bootstrap: str | None = Field(default=None, description="host:port, comma separated")
    kafka_replication: Annotated[int, Field(ge=1, le=9)] = 1
    partitions: Annotated[int, Field(ge=1, le=512, description="fixed at install")] = 8
    data_dir: Path = Field(default_factory=_data_dir, description="keys, and the embedded PostgreSQL")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: str = Field(default="http://127.0.0.1:8080", description="issuer and audience of tokens")
    token_seconds: Annotated[int, Field(ge=30, le=300)] = 300
    body_limit: Annotated[int, Field(ge=1024)] = 1 << 20
    file_limit: Annotated[int, Field(ge=1024)] = 1 << 30
    pool_size: Annotated[int, Field(ge=4, le=200)] = 12
    match_false_links: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=10, description="of 10,000 people linked to a known one without a person looking, how many may be wrong"
    )
    match_missed_links: Annotated[int, Field(ge=1, le=5000)] = Field(
        default=500,
        description="of 10,000 people taken for new without a person looking, how many may be known",
    )
    bars_receivers: str = Field(
        default="",
        description="our ODS codes and service ids, comma separated; a BaRS message to others is refused",
    )
    pages_without_sign_in: bool = Field(
        default=False, description="set by `hub demo` alone; refused on any but a loopback address"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _names_a_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        """Its text may hold a password, so what is wrong with it is not said more exactly."""
        if value and not _DATABASE_URL.match(value.get_secret_value()):
            message = "must be postgresql://user:password@host:port/database"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _kafka_has_an_address(self) -> Self:
        if self.engine is Engine.KAFKA and not self.kafka_bootstrap:
            message = "HUB_ENGINE=kafka needs HUB_KAFKA_BOOTSTRAP"
            raise ValueError(message)
        return self

    @cached_property
    def key_dir(self) -> Path:
        """Folder of the key files, apart from the database."""
        return self.data_dir.expanduser() / "keys"

    @cached_property
    def bars_addresses(self) -> frozenset[str]:
        """What a BaRS message must be addressed to, in capitals; empty takes every destination."""
        return frozenset(code.strip().upper() for code in self.bars_receivers.split(",") if code.strip())
