"""What pages run on."""

from __future__ import annotations

from fastapi import Request

from entrepost.web.desk import desk_of
from tests.web.inside import Tower


def test_pages_find_the_desk_of_their_own_server(tower: Tower) -> None:
    assert desk_of(Request({"type": "http", "app": tower.app})) is tower.desk
