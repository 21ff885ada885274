"""Doubts in words: rows of the list, the evidence about each candidate, and how one was settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from events.doubt import DoubtedPair, DoubtOutcome
from hub.web import dates, evidence, words
from hub.web.described import Compared
from hub.web.told import Line
from projections.doubts import Candidate, Doubt, Settled
from projections.household import Named

NOT_STRANGERS: Final = "One person, and not two strangers?"
NOT_OF_ONE_HOUSEHOLD: Final = "One person, and not two of one household, such as twins?"


@dataclass(frozen=True, slots=True)
class Row:
    """One open doubt on the list: whom it is about, whom they may be, who told of them, until when."""

    doubt_id: UUID
    name: str
    born: str
    maybe: tuple[tuple[str, str], ...]
    told_by: str
    since: str
    due: str
    overdue: bool
    why: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """One question about a candidate: how strongly it is answered, and by what, in the hub's words of then."""

    question: str
    strength: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one candidate and what against; `missing` where it is not there."""

    name: str
    weighed: tuple[Weighed, ...]
    missing: str


def rows(doubts: Iterable[Doubt], names: Mapping[UUID, Named], now: datetime) -> list[Row]:
    """In the order given."""
    return [_row(doubt, names, now) for doubt in doubts]


def evidence_of(doubt: Doubt, compared: Compared) -> list[Evidence]:
    """In the order of the candidates."""
    since = doubt.erased_since
    missing = f"The reasons were erased on {dates.day(since)}." if since else "No reasons were recorded."
    return [
        Evidence(described.name, tuple(weighed(candidate.pair)) if candidate.pair else (), missing)
        for candidate, described in zip(doubt.candidates, compared.candidates, strict=True)
    ]


def weighed(pair: DoubtedPair) -> Iterator[Weighed]:
    """Both questions about a pair, with what answers them."""
    yield Weighed(NOT_STRANGERS, evidence.not_strangers(pair.score), pair.reasons)
    if pair.within is not None:
        yield Weighed(NOT_OF_ONE_HOUSEHOLD, evidence.not_of_one_household(pair.within), pair.within_reasons)


def why(doubt: Doubt) -> list[str]:
    """Why a person is asked: the hub's own sentence, and that it was settled before."""
    said = [_sentence(doubt)]
    if doubt.reopened is not None:
        by = words.actor(doubt.reopened.actor)
        said.append(f"It had been decided before. {by} took that back, for this reason: {doubt.reopened.reason}")
    return said


def _sentence(doubt: Doubt) -> str:
    if doubt.why:
        return f"{doubt.why}."
    return f"Erased on {dates.day(doubt.erased_since)}." if doubt.erased_since else "The hub recorded no sentence."


def facts(doubt: Doubt, now: datetime) -> list[Line]:
    """What is to be known of the doubt itself."""
    return [
        Line("Told by", words.agency(doubt.agency, doubt.agency_title)),
        Line("Waiting since", dates.moment(doubt.raised_at)),
        Line("Due", dates.due(doubt.due_on, dates.london_day(now)).removeprefix("Due ")),
        Line("Compared by", f"Matching model {words.short(doubt.model)}" if doubt.model else "Identifiers alone"),
    ]


def settled_as(settled: Settled, names: Mapping[UUID, str]) -> list[Line]:
    """When and how it was decided."""
    same = settled.outcome is DoubtOutcome.SAME
    called = names.get(settled.same_as, "somebody known already") if settled.same_as else ""
    return [
        Line("Decided", f"The same person as {called}" if same else "Different people"),
        Line("When", dates.moment(settled.at)),
        Line("By", words.actor(settled.actor)),
        Line("Reason", settled.reason or "Erased"),
    ]


def _row(doubt: Doubt, names: Mapping[UUID, Named], now: datetime) -> Row:
    new = names[doubt.person_id]
    return Row(
        doubt_id=doubt.doubt_id,
        name=new.display_name,
        born=dates.born(new.birth),
        maybe=tuple(_maybe(candidate, names) for candidate in doubt.candidates),
        told_by=words.agency(doubt.agency, doubt.agency_title),
        since=dates.day(doubt.raised_at),
        due=dates.due(doubt.due_on, dates.london_day(now)),
        overdue=doubt.overdue,
        why=_sentence(doubt),
    )


def _maybe(candidate: Candidate, names: Mapping[UUID, Named]) -> tuple[str, str]:
    named = names[candidate.person_id]
    return named.display_name, dates.born(named.birth)
