"""The frame around every page."""

from __future__ import annotations

import re

import pytest

from tests.web.inside import OTHER, Tower


def test_the_navigation_has_the_pages_that_somebody_may_see(tower: Tower) -> None:
    html = tower.enter().look("/")
    listed = re.findall(r'<li><a href="([^"]+)"', html)
    assert listed == [room.path for room in tower.app.state.rooms]
    assert 'href="/" aria-current="page"' in html
    assert "admin of main" in html


def test_each_account_is_told_its_own_name(tower: Tower) -> None:
    assert "admin of other" in tower.enter(OTHER, "other").look("/")


@pytest.mark.parametrize("hostile", ["'\"><svg/onload=1>", "{{7*7}}"])
def test_what_is_asked_for_stays_text(tower: Tower, hostile: str) -> None:
    html = tower.client().get("/sign-in", params={"account": hostile, "next": hostile}).text
    assert hostile not in html or hostile == "{{7*7}}"
    assert "49" not in html.split("<main")[1]
