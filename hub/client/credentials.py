"""The agency's client credentials: from the environment, or from a file only its owner can read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

_AGENCY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Unusable(Exception):
    """What the caller gave cannot be used; the message says what to mend."""


class Credentials(BaseModel):
    """As the hub issued them (`hub agency add`); `url` is the hub's address, if the file names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: str
    client_secret: SecretStr
    url: str | None = None


def find_credentials(agency: str, environment: Mapping[str, str]) -> Credentials:
    """`HUB_CLIENT_ID` and `HUB_CLIENT_SECRET`, else `AGENCY.json` in the configuration folder. Raises `Unusable`."""
    if not _AGENCY.fullmatch(agency):
        raise Unusable("an agency is named by its code: letters, digits, '.', '_' and '-'")
    named = environment.get("HUB_CLIENT_ID"), environment.get("HUB_CLIENT_SECRET")
    if named[0] and named[1]:
        return Credentials(client_id=named[0], client_secret=SecretStr(named[1]))
    return _read(folder("HUB_CONFIG_DIR", "XDG_CONFIG_HOME", ".config", environment) / f"{agency}.json")


def folder(own: str, base: str, default: str, environment: Mapping[str, str]) -> Path:
    """The variable of our own, else `early-help-hub` in the desktop's base folder, else in the default one at home."""
    if environment.get(own):
        return Path(environment[own])
    return Path(environment.get(base) or Path.home() / default) / "early-help-hub"


def secure_url(url: str) -> str:
    """The hub's address without a trailing slash. Raises `Unusable` if a secret would travel in clear."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https") or parts.username or parts.query:
        raise Unusable("the hub's address must look like https://hub.example")
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise Unusable("the hub must be reached by https; http is for this machine alone")
    return url.rstrip("/")


def _read(path: Path) -> Credentials:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        raise Unusable(
            f"no credentials: set HUB_CLIENT_ID and HUB_CLIENT_SECRET, or write {path} (mode 0600)"
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise Unusable(f"others can read {path}: chmod 600 it")
        try:
            return Credentials.model_validate_json(file.read())
        except ValidationError:  # its text would quote the secret
            raise Unusable(f"{path} must hold client_id and client_secret, as JSON") from None
