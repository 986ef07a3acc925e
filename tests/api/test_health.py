"""Whether the server is well, asked by anybody."""

from __future__ import annotations

from tests.api.world import World


def test_it_is_alive_ready_and_counts(world: World) -> None:
    assert world.client.get("/health/live").json() == {"status": "ok"}
    assert world.client.get("/health/ready").json()["status"] == "ok"
    answer = world.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'route="/health/live"' in answer.text
