"""Old versions made readable: pure functions, one step each, oldest first, no I/O.

An upcast gets the event's fields as JSON, with `details` as JSON or as `Erased`, and must be total over both. Old
classes leave the catalogue's newest version behind but their golden samples stay in `tests/samples/events` for ever.
"""

from __future__ import annotations

from collections.abc import Callable

from events.catalogue import UnknownEvent
from events.envelope import Json

Upcast = Callable[[Json], Json]


class Upcasts:
    """Steps from each old (name, version) to the next."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, int], Upcast] = {}

    def step(self, name: str, version: int) -> Callable[[Upcast], Upcast]:
        """Register the step from `version` to `version + 1`; refuses a second one."""

        def register(function: Upcast) -> Upcast:
            if (name, version) in self._steps:
                message = f"two upcasts from {name} {version}"
                raise ValueError(message)
            self._steps[name, version] = function
            return function

        return register

    def lift(self, name: str, version: int, newest: int, fields: Json) -> Json:
        """Fields of `version` brought to `newest`; raises `UnknownEvent` if a step is missing."""
        for at in range(version, newest):
            step = self._steps.get((name, at))
            if step is None:
                raise UnknownEvent(name, version)
            fields = step(fields)
        return fields


UPCASTS = Upcasts()
