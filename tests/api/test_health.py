"""Whether the server is well, asked by anybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.api.world import PARAMS, World, world_at


def test_it_is_alive_ready_and_counts(world: World) -> None:
    assert world.client.get("/health/live").json() == {"status": "ok"}
    assert world.client.get("/health/ready").json() == {"status": "ok"}
    answer = world.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'route="/health/live"' in answer.text


def test_a_server_that_is_to_be_warm_is_not_ready_before(tmp_path: Path) -> None:
    with world_at(str(tmp_path / "shop.db"), tmp_path, replace(PARAMS, is_warmed=True), fill=False) as made:
        house = made.client.app.state.house  # type: ignore[attr-defined]
        first = made.client.get("/health/ready")
        assert first.status_code in (200, 503)
        if first.status_code == 503:
            assert first.json()["error"]["code"] == "not_ready"
        assert house.warm.wait(600)
        assert made.client.get("/health/ready").json() == {"status": "ok"}
