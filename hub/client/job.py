"""What the caller of `hub send` asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hub.client.credentials import Credentials, Unusable
from hub.client.entry import Route
from hub.client.guess import guess
from hub.client.watch import Folder
from hub.connectors import CONNECTORS, connector_for


@dataclass(frozen=True, slots=True)
class Job:
    """What the caller asked for; times in seconds."""

    agency: str
    url: str
    credentials: Credentials
    spool: Path
    files: tuple[Path, ...]
    format: str | None
    watch: Path | None
    give_up: float
    settle: float
    poll: float

    def route(self, path: Path) -> Route | None:
        """The way a file goes; None if its format cannot be told."""
        connector = connector_for(self.format) if self.format else guess(path, CONNECTORS.values())
        if connector is None:
            return None
        return Route(agency=self.agency, format=connector.name, media_type=connector.media_type, url=self.url)

    def folder(self, notice: Callable[[str], None]) -> Folder:
        """The folder to watch."""
        return Folder(self.watch or Path(), self.route, notice, self.settle, self.poll)

    def checked(self) -> list[tuple[Path, Route]]:
        """The files with their ways. Raises `Unusable` before any is taken."""
        if self.format and connector_for(self.format) is None:
            raise Unusable(f"no such format; there are: {', '.join(CONNECTORS)}")
        if self.watch and not self.watch.is_dir():
            raise Unusable(f"{self.watch} is not a folder")
        found = []
        for path in self.files:
            if not path.is_file():
                raise Unusable(f"{path} is not a file")
            route = self.route(path)
            if route is None:
                raise Unusable(f"the format of {path} cannot be told: say --format, one of {', '.join(CONNECTORS)}")
            found.append((path, route))
        return found
