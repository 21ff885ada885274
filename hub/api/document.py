"""`python -m hub.api.document` writes the API description again, as it is committed beside this file."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Final

import asyncpg

from hub.api.app import create_app
from hub.api.description import text
from hub.bootstrap import joined
from hub.clock import system_clock
from hub.settings import Settings

COMMITTED: Final = Path(__file__).with_name("openapi.json")


def document() -> bytes:
    """The description of the API as this code has it. Needs no database."""
    return asyncio.run(_document())


async def _document() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), pages_without_sign_in=False)
        unopened = asyncpg.create_pool("postgresql://nowhere")
        return text(create_app(joined(settings, system_clock, "", unopened)))


if __name__ == "__main__":
    COMMITTED.write_bytes(document())
