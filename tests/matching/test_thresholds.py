from __future__ import annotations

import pytest

from hub.matching.thresholds import thresholds


def test_the_thresholds_are_posterior_odds_over_prior_odds() -> None:
    at = thresholds(false_links=10, missed_links=500, size=1 << 20)

    assert at.link == round(100 * (9.9644 + 20))  # log2 of 9,990 / 10, and of the size
    assert at.doubt == round(100 * (-4.2479 + 20))  # log2 of 500 / 9,500
    assert at.link_within == round(100 * (3.1699 + 1.585))  # log2 of 9,000 / 1,000, and of three others
    assert at.doubt_within == round(100 * (-4.2479 + 1.585))


def test_a_register_twice_the_size_asks_for_one_bit_more_of_a_stranger_and_no_more_within_a_household() -> None:
    small, large = thresholds(10, 500, 100_000), thresholds(10, 500, 200_000)

    assert large.link - small.link == large.doubt - small.doubt == 100
    assert (large.link_within, large.doubt_within) == (small.link_within, small.doubt_within)


def test_an_empty_register_is_as_careful_as_one_of_ten_thousand() -> None:
    assert thresholds(10, 500, 0) == thresholds(10, 500, 10_000)


@pytest.mark.parametrize(("false_links", "missed_links"), [(1, 1), (1000, 5000), (1000, 1), (1, 5000)])
def test_the_link_threshold_is_never_below_that_of_doubt(false_links: int, missed_links: int) -> None:
    at = thresholds(false_links, missed_links, 150_000)

    assert at.link >= at.doubt
    assert at.link_within >= at.doubt_within


def test_fewer_false_links_ask_for_more() -> None:
    assert thresholds(1, 500, 150_000).link > thresholds(10, 500, 150_000).link
