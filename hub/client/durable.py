"""Files that are there after a power cut: written aside, flushed, renamed, the folder flushed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ASIDE: Final = ".part"


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file in one step: a reader, or a restart, sees the old or the new content."""
    aside = path.with_name(path.name + ASIDE)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(content)
        flush(written.fileno())
    rename_durably(aside, path)


def rename_durably(aside: Path, path: Path) -> None:
    """Rename a flushed file within one file system."""
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        flush(folder)
    finally:
        os.close(folder)


def flush(descriptor: int) -> None:
    """Wait until the disk has it."""
    os.fsync(descriptor)
