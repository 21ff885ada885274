"""The folders of a PostgreSQL of our own: where its socket and its data are, and whose they are."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hub.engine.binaries import Programs
from hub.engine.process import EngineError

_SOCKET_LIMIT = 107  # bytes of a Unix socket's path, the closing zero not counted
_BUILTIN_LOCALE = 17  # the first PostgreSQL that brings its own collation


def make_cluster(programs: Programs, data: Path, environment: Mapping[str, str]) -> None:
    """`initdb` in `data`, ordered by code point so that no sort depends on the machine it runs on."""
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if programs.major >= _BUILTIN_LOCALE
        else ["--locale=C.UTF-8"]
    )
    command = [programs.folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", *locale]
    made = subprocess.run(
        [*map(str, command), "--no-instructions"],
        check=False, capture_output=True, text=True, cwd=data, env=environment,
        user=programs.user, group=programs.user, extra_groups=None if programs.user is None else [],
    )  # fmt: skip
    if made.returncode:
        raise EngineError(f"PostgreSQL could not make its data folder {data}:\n{made.stderr.strip()}")


def short_folder(within: Path | None = None) -> Path:
    """A private folder, `within` or where temporary files lie; its socket's path stays within the system's limit."""
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-", dir=within))
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= _SOCKET_LIMIT:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="hub-pg-", dir="/tmp"))  # mkdtemp makes it private


def own_folder(data: Path, user: int | None) -> None:
    """Makes `data`, private to the user the server runs as; EngineError where that user cannot reach it."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is None:
        return
    if data.stat().st_uid != user:
        if any(data.iterdir()):
            raise EngineError(f"{data} is not empty and belongs to another user: give PostgreSQL a folder of its own")
        os.chown(data, user, user)
    closed = [folder for folder in data.resolve().parents if not _may_enter(folder, user)]
    if closed:
        raise EngineError(
            f"As root, PostgreSQL runs as user id {user}, which may not enter {closed[0]}: set HUB_DATA_DIR to a "
            "folder that every user can reach, such as /var/lib/early-help-hub, or start the hub as an ordinary user."
        )


def _may_enter(folder: Path, user: int) -> bool:
    told = folder.stat()
    return bool(told.st_mode & 0o001) or (told.st_uid == user and bool(told.st_mode & 0o100))
