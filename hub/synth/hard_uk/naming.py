"""How surnames are made in one family, by the custom of its origin."""

from __future__ import annotations

from random import Random
from typing import Final

from hub.synth.hard_uk.pools import Group

_WIFE_KEEPS: Final = 0.25
_SINGH_OR_KAUR_ALONE: Final = 0.4


class Naming:
    """The names that the members of one family share."""

    def __init__(self, rng: Random, group: Group) -> None:
        self.group = group
        self.father = group.given(rng, "M")
        self._base = group.surname(rng)
        if rng.random() < group.double:
            self._base = f"{self._base}-{group.surname(rng)}"
        self._second = group.surname(rng)  # the mother's in Portugal, the grandfather's in Somalia
        self._alone = rng.random() < _SINGH_OR_KAUR_ALONE

    def family(self, rng: Random, sex: str, *, married: bool) -> str:
        """The surname of a member. `married`: a wife, who may have kept her own."""
        if married and rng.random() < _WIFE_KEEPS:
            return family_name(rng, self.group, sex)
        return self._styled(rng, sex, married=married)

    def _styled(self, rng: Random, sex: str, *, married: bool) -> str:
        base, style = self._base, self.group.style
        if style == "polish":
            return polish(base, sex)
        if style == "lithuanian":
            return base + ("as" if sex == "M" else "ienė" if married else "aitė")
        if style == "two-surnames":
            return f"{self._second} {base}"
        if style == "own-last":
            return rng.choice(self.group.female_last) if sex == "F" and rng.random() < 2 / 3 else base
        if style == "sikh":
            last = "Kaur" if sex == "F" else "Singh"
            return last if self._alone else f"{last} {base}"
        fathers = {"patronym": self.father, "somali": f"{self.father} {self._second}"}
        return fathers.get(style, base)


def family_name(rng: Random, group: Group, sex: str) -> str:
    """The surname of somebody of this origin who is not of the family."""
    return Naming(rng, group)._styled(rng, sex, married=False)  # noqa: SLF001 - the same rules, another family


def polish(base: str, sex: str) -> str:
    """Kowalski, Kowalska."""
    return f"{base[:-1]}a" if sex == "F" and base.endswith(("ski", "cki")) else base
