"""The weights that say how much each agreement counts: versioned JSON, known by its SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from hub.matching.compare import FIELDS

Weights = tuple[tuple[int, ...], ...]

_FOLDER: Final = Path(__file__).parent / "models"


_NOTHING: Final = {field.name: dict.fromkeys(field.levels.__members__, 0) for field in FIELDS}


class BadModel(Exception):
    """The model does not fit the fields that are compared."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in hundredths of a bit, `[field][level]`; level 0 weighs nothing.

    stranger: log2(m / u), u being the share of this level among two people who have nothing to do with each other
    household: log2(m / h), h being the share among two people who live together, such as twins; a field that
        the file leaves out here weighs nothing, for a household moves house and changes its telephone together
    grown: the same for two adults of one household, who are hardly ever namesakes or born on one day
    terms: by field, what to add where both have this name: common names say less, rare ones more
    """

    name: str
    version: int
    sha256: str
    stranger: Weights
    household: Weights
    grown: Weights
    terms: dict[str, dict[str, int]]

    @classmethod
    def of_bytes(cls, packed: bytes) -> Model:
        """The model in a file's bytes. Raises `BadModel` where a level has no weight or there are others."""
        told = orjson.loads(packed)
        return cls(
            told["name"],
            told["version"],
            sha256(packed).hexdigest(),
            _weights(told["stranger"]),
            _weights(_NOTHING | told["household"]),
            _weights(_NOTHING | told["grown"]),
            told.get("terms", {}),
        )


@cache
def shipped(name: str = "uk") -> Model:
    """A model that comes with the hub."""
    return Model.of_bytes((_FOLDER / f"{name}.json").read_bytes())


def _weights(told: dict[str, dict[str, Any]]) -> Weights:
    if set(told) != {field.name for field in FIELDS}:
        raise BadModel(sorted(set(told) ^ {field.name for field in FIELDS}))
    for field in FIELDS:
        if set(told[field.name]) != {level.name for level in field.levels}:
            raise BadModel(field.name)
    return tuple((0, *(int(told[field.name][level.name]) for level in field.levels)) for field in FIELDS)
