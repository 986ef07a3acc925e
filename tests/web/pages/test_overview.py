"""What an account has under way."""

from __future__ import annotations

from tests.web.inside import VERA, Tower


def test_everybody_may_see_it(tower: Tower) -> None:
    assert "<h1>Overview</h1>" in tower.enter(VERA).look("/")
