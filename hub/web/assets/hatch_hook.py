"""The wheel's build hook: puts GOV.UK Frontend's files in place, so that the built wheel holds them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StaticFiles(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own configuration type is private
    """Runs static.py before a wheel is packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """An editable install reads the checkout, where `make` has laid the files out already."""
        if version == "editable":
            return
        subprocess.run([sys.executable, str(Path(self.root) / "hub/web/assets/static.py")], check=True)
