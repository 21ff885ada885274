"""Where the families of the hard set live: streets, flats of one building, a hostel, sites, nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from hub.synth.hard_uk.pools import Group
from hub.synth.places import AREA_WEIGHTS, AREAS, NO_FIXED_ABODE, Area, a_postcode

_HOMES_OF_POSTCODE: Final = 15
_FLATS, _HOSTEL, _NO_HOME, _SITE = 0.25, 0.015, 0.02, 0.6
_MOST_FLATS, _ROOMS, _MOST_NUMBERS = 24, 60, 80
_STREETS: Final = tuple(
    f"{name} {kind}"
    for name in ("Invented", "Madeup", "Pretend", "Figment", "Imaginary", "Fable", "Nowhere", "Unreal", "Storybook")
    for kind in ("Road", "Lane", "Close", "Street", "Avenue", "Drive", "Court", "Gardens", "Way", "Crescent")
)


@dataclass(frozen=True, slots=True)
class Home:
    """One dwelling. `flat` is empty for a house; all of it is empty for no fixed abode."""

    flat: str
    house: str
    street: str
    postcode: str
    district: str
    town: str = ""


class Homes:
    """Hands out dwellings of a number of streets that fits the number of families."""

    def __init__(self, rng: Random, count: int) -> None:
        self._rng = rng
        self._streets = [self._street() for _ in range(max(4, count // _HOMES_OF_POSTCODE))]
        self._hostel = self._street()
        self._sites = [self._street() for _ in range(max(1, count // 800))]

    def one(self, group: Group | None = None) -> Home:
        """A dwelling, as such a family has it."""
        rng, chance = self._rng, self._rng.random()
        if chance < _NO_HOME:
            return Home("", "", "", NO_FIXED_ABODE, rng.choices(AREAS, cum_weights=AREA_WEIGHTS)[0].district)
        if chance < _NO_HOME + _HOSTEL:
            return replace(self._hostel, flat=f"Room {rng.randrange(1, _ROOMS)}", house="1", street="Invented House")
        if group and group.code == "WIRT" and rng.random() < _SITE:
            return replace(rng.choice(self._sites), flat=f"Plot {rng.randrange(1, 20)}", street="The Pretend Site")
        return self.near(rng.choice(self._streets))

    def near(self, other: Home) -> Home:
        """Another dwelling in the same street, or in the same building."""
        rng = self._rng
        if rng.random() < _FLATS:
            return replace(other, flat=f"Flat {rng.randrange(1, _MOST_FLATS)}", house=other.house or "1")
        return replace(other, flat="", house=str(rng.randrange(1, _MOST_NUMBERS)))

    def _street(self) -> Home:
        area: Area = self._rng.choices(AREAS, cum_weights=AREA_WEIGHTS)[0]
        building = str(self._rng.randrange(1, _MOST_NUMBERS))
        return Home(
            "",
            building,
            self._rng.choice(_STREETS),
            a_postcode(self._rng, area),
            area.district,
            self._rng.choice(area.towns),
        )
