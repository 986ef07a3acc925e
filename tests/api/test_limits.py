"""Buckets of tokens."""

from __future__ import annotations

from entrepost.api.limits import Buckets, RateParams


def test_a_bucket_is_emptied_at_once_and_fills_at_a_steady_rate() -> None:
    buckets = Buckets(RateParams(per_second=0.5, burst=2))
    assert [buckets.take("a", 0.0) for _ in range(3)] == [0, 0, 2]
    assert buckets.take("b", 0.0) == 0
    assert buckets.take("a", 1.0) == 1
    assert buckets.take("a", 2.0) == 0
    assert [buckets.take("a", 100.0) for _ in range(3)] == [0, 0, 2]


def test_who_only_looks_takes_nothing() -> None:
    buckets = Buckets(RateParams(per_second=1, burst=1))
    assert [buckets.peek("a", 0.0) for _ in range(3)] == [0, 0, 0]
    assert [buckets.take("a", 0.0), buckets.peek("a", 0.0)] == [0, 1]
