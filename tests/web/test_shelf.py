"""Looks and scripts, kept by browsers for good."""

from __future__ import annotations

import re

import pytest

from entrepost.web.shelf import SHELF, address_of
from tests.web.inside import Tower


def test_a_file_is_kept_for_good_because_a_new_one_has_another_address(tower: Tower) -> None:
    answer = tower.client().get(address_of("tower.css"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text.startswith(":root{--ink:")
    assert re.fullmatch(r"/static/tower.css\?v=[0-9a-f]{12}", address_of("tower.css"))


def test_who_takes_nothing_packed_gets_it_plain(tower: Tower) -> None:
    answer = tower.client().get("/static/tower.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["nothing.js", "..%2ftower.py", "tower.js%00"])
def test_nothing_else_is_there(tower: Tower, name: str) -> None:
    assert tower.client().get(f"/static/{name}").status_code == 404


def test_the_pictures_are_drawn_by_what_the_wheel_brings() -> None:
    assert "vegaEmbed" in SHELF["vega.js"].read()
