"""History stays readable: every event ever released has a sample that still reads as it was told."""

from __future__ import annotations

import pytest

from events.catalogue import CATALOGUE, Catalogue, UnknownEvent
from events.codec import canonical, data_of, opened
from events.envelope import Details, Draft, Erased, Event, Json, Record
from events.upcasts import Upcasts
from tests.events.facts import NOON
from tests.events.golden import KEYS, SUMS, read, sums
from tests.events.golden_facts import MATTER


def test_every_event_ever_released_has_a_sample_and_no_sample_was_edited() -> None:
    lines = [line.split("  ") for line in SUMS.read_text("utf-8").splitlines()]
    kept = {name: digest for digest, name in lines}

    assert sums() == kept
    assert set(kept) == {f"{name}.{version}.json" for name, version in CATALOGUE}


@pytest.mark.parametrize(("name", "version"), sorted(CATALOGUE))
def test_a_sample_reads_as_it_was_told(name: str, version: int) -> None:
    sample = read(name, version)
    told = CATALOGUE[name, version].model_validate_json(canonical(sample.fields))

    [found] = opened([sample.record], KEYS)

    assert (sample.record.type, sample.record.version) == (name, version)
    assert found.event.event_version == CATALOGUE.newest(name)
    if version == CATALOGUE.newest(name):
        assert found.event == told


@pytest.mark.parametrize(("name", "version"), sorted(CATALOGUE))
def test_a_sample_whose_key_is_destroyed_reads_as_erased(name: str, version: int) -> None:
    sample = read(name, version)

    [found] = opened([sample.record], {MATTER: Erased(since=NOON)})

    details = getattr(found.event, "details", None)
    assert details == (Erased(since=NOON) if found.event.details_type else None)


class GreetedDetails(Details):
    words: str
    tone: str


class Greeted(Event, name="family.greeted", version=3):
    place: str
    details: GreetedDetails | Erased


class OldGreeted(Event, name="family.greeted", version=2):
    details: GreetedDetails | Erased


class OldestDetails(Details):
    text: str


class OldestGreeted(Event, name="family.greeted", version=1):
    details: OldestDetails | Erased


PRIVATE = Catalogue([Greeted, OldGreeted, OldestGreeted])
STEPS = Upcasts()


@STEPS.step("family.greeted", 1)
def _say_tone(old: Json) -> Json:
    details = old["details"]
    return old if isinstance(details, Erased) else old | {"details": {"words": details["text"], "tone": "plain"}}


@STEPS.step("family.greeted", 2)
def _say_place(old: Json) -> Json:
    return old | {"place": "unknown"}


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (OldestGreeted(details=OldestDetails(text="Hello")), GreetedDetails(words="Hello", tone="plain")),
        (OldGreeted(details=GreetedDetails(words="Hi", tone="warm")), GreetedDetails(words="Hi", tone="warm")),
    ],
)
def test_old_versions_are_lifted_step_by_step(event: Event, words: GreetedDetails) -> None:
    record = _recorded(event)

    [found] = opened([record], KEYS, PRIVATE, STEPS)
    [erased] = opened([record], {MATTER: Erased(since=NOON)}, PRIVATE, STEPS)

    assert found.event == Greeted(place="unknown", details=words)
    assert erased.event == Greeted(place="unknown", details=Erased(since=NOON))


def test_a_missing_step_or_an_unknown_version_halts() -> None:
    record = _recorded(OldestGreeted(details=OldestDetails(text="Hello")))

    with pytest.raises(UnknownEvent):
        opened([record], KEYS, PRIVATE, Upcasts())
    with pytest.raises(UnknownEvent):
        opened([record._replace(version=4)], KEYS, PRIVATE, STEPS)
    with pytest.raises(UnknownEvent):
        opened([record], KEYS)


def test_names_are_given_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Catalogue([Greeted, Greeted])
    with pytest.raises(ValueError, match="two upcasts"):
        STEPS.step("family.greeted", 1)(_say_place)


def _recorded(event: Event) -> Record:
    base = read("matter.routed", 1).record
    data = data_of(Draft(base.stream, event, NOON, MATTER), base.id, KEYS)
    return base._replace(type=event.event_name, version=event.event_version, data=data)
