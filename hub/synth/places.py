"""Places that do not exist on outward codes that do, so that routing by district has something to work on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

# Inward letters C, I, K, M, O and V are never used, so such a postcode belongs to nobody.
IMPOSSIBLE_LETTERS: Final = "CIKMOV"
NO_FIXED_ABODE: Final = "ZZ99 3VZ"
CAMBRIDGESHIRE: Final = "873"
PETERBOROUGH: Final = "874"


@dataclass(frozen=True, slots=True)
class Area:
    """A district: where help is asked for. `authority` is the DfE number of the local authority."""

    district: str
    authority: str
    outward: tuple[str, ...]
    towns: tuple[str, ...]
    weight: int


# fmt: off
AREAS: Final[tuple[Area, ...]] = (
    Area(
        "PETERBOROUGH", PETERBOROUGH,
        ("PE1", "PE2", "PE3", "PE4", "PE5", "PE6", "PE7"), ("Inventborough", "Figment Parnwell", "Orton Pretend"), 30,
    ),
    Area("CAMBRIDGE", CAMBRIDGESHIRE, ("CB1", "CB2", "CB3", "CB4", "CB5"), ("Madeupbridge", "Kings Fiction"), 16),
    Area("EAST_CAMBS", CAMBRIDGESHIRE, ("CB6", "CB7", "CB8"), ("Elyless", "Sohamish Pretend"), 10),
    Area("FENLAND", CAMBRIDGESHIRE, ("PE13", "PE14", "PE15", "PE16"), ("Fenshire Drove", "Marchless", "Wisbecque"), 16),
    Area(
        "HUNTINGDONSHIRE", CAMBRIDGESHIRE,
        ("PE19", "PE26", "PE27", "PE28", "PE29"), ("Huntingfiction", "St Nobody's", "Ramsaywhat"), 16,
    ),
    Area(
        "SOUTH_CAMBS", CAMBRIDGESHIRE,
        ("CB21", "CB22", "CB23", "CB24", "CB25", "SG8"), ("Cambournish", "Great Madeup", "Histonless"), 12,
    ),
)
# fmt: on
AREA_WEIGHTS: Final = tuple(accumulate(area.weight for area in AREAS))

# PE7 1, 2 and 3 lie in other districts than the rest of PE7.
_SECTORS: Final = "456789"
_HOUSES: Final = 0.9
_NAMED: Final = (
    "Invented Madeup Pretend Figment Imaginary Fable Nowhere Unreal Storybook Mythical Whimsy Legend Fancy Daydream"
)
_KINDS: Final = "Road Lane Close Street Avenue Court Drove Way Crescent Gardens Drive Terrace Green Rise"
_STREETS: Final = (
    "St Fictitia's Walk",
    *(f"{name} {kind}" for name in _NAMED.split() for kind in _KINDS.split()),
)


@dataclass(frozen=True, slots=True)
class Home:
    """One dwelling. `restricted` is a safe address: it must be shown to nobody."""

    number: str
    street: str
    town: str
    postcode: str
    area: Area
    restricted: bool = False

    @property
    def line(self) -> str:
        """First line of the address; empty for nobody's fixed home."""
        return f"{self.number} {self.street}".strip()


def a_home(rng: Random, area: Area | None = None) -> Home:
    """A dwelling in the area, or anywhere."""
    where = area or rng.choices(AREAS, cum_weights=AREA_WEIGHTS)[0]
    number = str(rng.randrange(1, 200)) if rng.random() < _HOUSES else f"Flat {rng.randrange(1, 30)},"
    return Home(number, rng.choice(_STREETS), rng.choice(where.towns), a_postcode(rng, where), where)


def a_postcode(rng: Random, area: Area) -> str:
    """A real outward code with an inward part that cannot exist."""
    letters = IMPOSSIBLE_LETTERS
    return f"{rng.choice(area.outward)} {rng.choice(_SECTORS)}{rng.choice(letters)}{rng.choice(letters)}"


def no_home(area: Area) -> Home:
    """No fixed abode: the pseudo postcode of standards.md §5."""
    return Home("", "", "", NO_FIXED_ABODE, area)
