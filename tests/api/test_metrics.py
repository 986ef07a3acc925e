"""Counts as Prometheus reads them."""

from __future__ import annotations

from entrepost.api.metrics import Metrics


def test_answers_are_counted_by_route_and_their_seconds_in_a_histogram() -> None:
    metrics = Metrics()
    for seconds in (0.001, 0.02, 99.0):
        metrics.count("GET", "/v1/items/{item_id}", 200, seconds)
    with metrics.in_flight():
        lines = metrics.text().splitlines()
    route = 'route="/v1/items/{item_id}"'
    assert f'entrepost_requests_total{{method="GET",{route},status="200"}} 3' in lines
    counts = [line.split()[-1] for line in lines if line.startswith("entrepost_request_seconds_bucket")]
    assert counts == ["1", "1", "1", "1", *["2"] * 8, "2", "3"]
    assert f"entrepost_request_seconds_sum{{{route}}} 99.021000" in lines
    assert "entrepost_requests_in_flight 1" in lines
    assert "entrepost_requests_in_flight 0" in metrics.text()
