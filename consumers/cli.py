"""`hub`: all commands, with the long-running ones that need what runs in this package."""

from __future__ import annotations

from hub.cli import app


def main() -> None:
    """Entry point of the `hub` script."""
    app()
