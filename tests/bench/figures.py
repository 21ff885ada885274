"""What the benchmark says: figures, each beside its target and its peer, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `value` is the median of `runs`, and None where it could not be taken.

    `target` and `peer` are in the unit of the figure. `at_most`: the target is a ceiling, else it is a floor.
    """

    name: str
    unit: str
    target: float | None
    runs: tuple[float, ...] = ()
    at_most: bool = False
    peer: float | None = None
    peer_name: str = ""

    @property
    def value(self) -> float | None:
        """The median of the runs."""
        return median(self.runs) if self.runs else None

    @property
    def ratio(self) -> float | None:
        """How many times the peer."""
        return self.value / self.peer if self.value is not None and self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where nothing was measured."""
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target

    def as_json(self) -> Json:
        """The entry of the list that `--json` writes."""
        return {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "target": _rounded(self.target),
            "peer": _rounded(self.peer),
            "ratio": _rounded(self.ratio),
            "met": self.met,
        }

    def row(self) -> str:
        """A line of the table."""
        sign = "≤" if self.at_most else "≥"
        value = f"{_text(self.value)} {self.unit}" if self.value is not None else "not taken"
        runs = f"{_text(min(self.runs))} to {_text(max(self.runs))} ({len(self.runs)})" if len(self.runs) > 1 else ""
        peer = f"{self.peer_name} {_text(self.peer)} (x {_text(self.ratio)})" if self.peer is not None else ""
        met = {True: "yes", False: "**no**", None: "-"}[self.met]
        return f"| `{self.name}` | {value} | {runs} | {sign} {_text(self.target)} | {peer} | {met} |"


def against(figure: Figure, peer_name: str, peers: Sequence[float], factor: float) -> Figure:
    """The same measurement held against a peer: the target is `factor` times the peer's median."""
    name = f"{figure.name}.vs_{peer_name.lower().replace(' ', '_')}"
    if not peers or not figure.runs:
        return Figure(name, figure.unit, None)
    peer = median(peers)
    return Figure(name, figure.unit, factor * peer, figure.runs, peer=peer, peer_name=peer_name)


def table(figures: Sequence[Figure]) -> str:
    """All figures as a table in Markdown."""
    head = "| figure | median | range (runs) | target | peer | met |\n| --- | --- | --- | --- | --- | --- |"
    return "\n".join([head, *(figure.row() for figure in figures)])


def _text(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
