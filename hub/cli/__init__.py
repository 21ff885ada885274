"""The commands of engineers and agencies. `app` has all but the long-running ones, which `consumers.cli` adds."""

from __future__ import annotations

from hub.cli.app import app

__all__ = ["app"]
