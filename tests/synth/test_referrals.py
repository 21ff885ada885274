"""Bodies for the load test are what the API takes."""

from __future__ import annotations

from itertools import islice

from hub.submission import InformationReceipt, Referral
from hub.synth.referrals import receipt_bodies, referral_bodies


def test_the_same_seed_gives_the_same_bodies() -> None:
    assert list(referral_bodies(300, 1)) == list(referral_bodies(300, 1))
    assert list(referral_bodies(300, 1)) != list(referral_bodies(300, 2))


def test_every_referral_is_one_the_hub_takes() -> None:
    bodies = list(referral_bodies(2_000, 1))
    referrals = [Referral.model_validate_json(body) for body in bodies]
    assert len({referral.source.message_id for referral in referrals}) == 2_000
    assert any(referral.siblings for referral in referrals)
    assert any(referral.subject.unborn for referral in referrals)
    assert 1_500 < sum(map(len, bodies)) / len(bodies) < 2_500


def test_some_families_come_again() -> None:
    subjects = [Referral.model_validate_json(body).subject for body in referral_bodies(1_000, 1)]
    known = [subject.identifiers[0].value for subject in subjects if subject.identifiers]
    assert 0.05 < 1 - len(set(known)) / len(known) < 0.3


def test_every_receipt_is_one_the_hub_takes() -> None:
    for body in receipt_bodies(500, 1):
        InformationReceipt.model_validate_json(body)


def test_the_first_bodies_come_before_the_last_are_made() -> None:
    assert len(list(islice(referral_bodies(10**12, 1), 3))) == 3
