"""Every page has its picture, shown in the guide to the pages and drawn by the tool; none is too large or left over."""

from __future__ import annotations

import re

import pytest

from tests.tidy.source import ROOT
from tools.docs.tower.shots import NAMES

TEMPLATES = ROOT / "src" / "entrepost" / "web" / "templates"
PICTURES = ROOT / "docs" / "assets" / "tower"
DOCS = sorted((ROOT / "docs").rglob("*.md"))
BYTES_MOST = 150_000


def pages() -> list[str]:
    """The templates that no other one extends or takes its parts from."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html.j2")}
    used = {name for text in texts.values() for name in re.findall(r'(?:extends|from)\s[^%]*?"([^"]+)"', text)}
    used |= {name for text in texts.values() for name in re.findall(r'else "([^"]+\.j2)"', text)}
    return sorted(name.removesuffix(".html.j2") for name in texts if name not in used)


@pytest.mark.parametrize("page", pages())
def test_every_page_has_its_picture_in_the_guide_to_the_pages(page: str) -> None:
    assert (PICTURES / f"{page}.png").exists(), "draw it: python -m tools.docs.tower_pictures"
    guide = (ROOT / "docs" / "guides" / "pages.md").read_text(encoding="utf-8")
    assert f"(../assets/tower/{page}.png)" in guide


def test_the_tool_draws_every_picture_that_lies_there() -> None:
    assert sorted(path.stem for path in PICTURES.iterdir()) == sorted(NAMES)


def test_every_picture_is_shown_and_every_one_that_is_shown_is_there() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCS)
    assert set(re.findall(r"assets/tower/([\w.]+)\)", text)) == {path.name for path in PICTURES.iterdir()}


def test_pictures_are_small() -> None:
    assert {path.name for path in PICTURES.iterdir() if path.stat().st_size > BYTES_MOST} == set()
