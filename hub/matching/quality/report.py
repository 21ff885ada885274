"""What an evaluation says, as lines for people and as JSON with a stable shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hub.matching.quality.rates import Rate, f1

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Report:
    """precision, recall: of what is decided as `decided` says.

    automatic: the same two where nobody looks; None if that is what `precision` and `recall` are
    found: recall with what a person is asked about; review: questions that a person is asked, by arrivals
    doubtful: share of arrivals that intake is not sure of; one answer may settle several of a household
    subgroups: recall with review, by kind and value; false_links: reasons, of invented data alone
    """

    dataset: str
    model: str
    sha256: str
    decided: str
    precision: Rate
    recall: Rate
    automatic: tuple[Rate, Rate] | None = None
    found: Rate | None = None
    review: Rate | None = None
    doubtful: Rate | None = None
    twin_merges: int | None = None
    subgroups: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)
    false_links: tuple[str, ...] = ()

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return f1(self.precision.value, self.recall.value)

    def gap(self, kind: str) -> float:
        """By how much the worst subgroup's recall is below the whole's, in points of 100; 0 if none is below."""
        whole = self.found.value if self.found else self.recall.value
        return max((100 * (whole - rate.value) for rate in self.subgroups.get(kind, {}).values()), default=0.0)

    def as_json(self) -> dict[str, object]:
        """Shares from 0 to 1 with their intervals."""
        told: dict[str, object] = {
            "dataset": self.dataset,
            "model": self.model,
            "sha256": self.sha256,
            "decided": self.decided,
            "precision": self.precision.value,
            "recall": self.recall.value,
            "f1": self.f1,
            "intervals": {"precision": self.precision.as_json(), "recall": self.recall.as_json()},
        }
        if self.automatic:
            told["automatic"] = dict(
                zip(("precision", "recall"), (rate.as_json() for rate in self.automatic), strict=True)
            )
        if self.found and self.review and self.doubtful:
            told |= {"recall_with_review": self.found.as_json(), "review": self.review.as_json()}
            told["doubtful"] = self.doubtful.as_json()
            told["twin_merges"] = self.twin_merges
        told["subgroups"] = {
            kind: {value: rate.as_json() for value, rate in rates.items()} for kind, rates in self.subgroups.items()
        }
        told["false_links"] = list(self.false_links)
        return told

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield f"{self.dataset}, model {self.model} ({self.sha256[:12]}): {self.decided}"
        yield f"  precision            {self.precision}"
        yield f"  recall               {self.recall}"
        yield f"  F1                   {self.f1:.4f}"
        if self.automatic:
            yield f"  without anybody looking: precision {self.automatic[0]}, recall {self.automatic[1]}"
        if self.found and self.review and self.doubtful:
            yield f"  recall with review   {self.found}"
            yield f"  review               {self.review}"
            yield f"  doubtful             {self.doubtful}"
            yield f"  twins merged         {self.twin_merges}"
        for kind, rates in self.subgroups.items():
            yield f"  recall with review by {kind}, the worst {self.gap(kind):.2f} points below the whole"
            yield from (f"    {value:16} {rate}" for value, rate in sorted(rates.items()))
        for line in self.false_links[:_SHOWN]:
            yield f"  false link: {line}"
        if len(self.false_links) > _SHOWN:
            yield f"  and {len(self.false_links) - _SHOWN} more"
