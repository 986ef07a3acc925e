from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from entrepost.documents.charts import draw_journey
from entrepost.documents.page import Card, Figure, Page, Section, render_page
from entrepost.documents.table import Column, Table
from tests.documents.made_up import steps

EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(2)> \u2028 & "quotes"'
LOADING = ("src", "href", "srcset", "data", "action", "poster")


def page(text: str = "plain") -> Page:
    """A page with one picture, one table and a text everywhere that data can stand."""
    frame = pl.concat([steps(), pl.DataFrame({"label": [text], "days": [1.0]})])
    table = Table(frame, (Column("label", "Step"), Column("days", "Days", "days")))
    figure = Figure("journey", text, text, draw_journey(frame), table, note=text)
    section = Section("wait", text, (text,), (figure, table), (text,))
    return Page(text, text, (text,), (Card(text, text, text, text),), (section,), ((text, text),), text)


class Reader(HTMLParser):
    """Notes the elements of a page, what they load, and the text of its scripts and cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.texts: dict[str, list[str]] = {"script": [], "td": [], "h2": []}
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in LOADING]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self._open = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_data(self, data: str) -> None:
        if self._open in self.texts:
            self.texts[self._open][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


@pytest.fixture(scope="module")
def html() -> str:
    return render_page(page())


def test_nothing_is_loaded_from_outside(html: str) -> None:
    assert all(each.startswith(("#", "data:image/svg+xml;base64,")) for each in Reader(html).loads)
    assert "url(" not in re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert "@import" not in html.partition("</style>")[0]


def test_the_policy_lets_only_the_scripts_of_the_file_run(html: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert policy[1].startswith("default-src 'none'")
    scripts = [text for text in Reader(html).texts["script"] if not text.startswith("{")]
    hashes = ["sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert len(hashes) == 2
    assert all(f"'{each}'" in policy[1] for each in hashes)


def test_text_of_the_data_stays_text() -> None:
    reader, plain = Reader(render_page(page(EVIL))), Reader(render_page(page()))
    assert reader.tags == plain.tags
    assert reader.handlers == []
    assert EVIL in reader.texts["h2"]
    assert reader.texts["td"].count(EVIL) == 2
    spec = json.loads(next(text for text in reader.texts["script"] if text.startswith("{")))
    assert spec["datasets"]["rows"][-1]["label"] == EVIL.replace("\u2028", " ")


def test_each_picture_has_a_still_image_that_says_what_it_shows_and_a_table(html: str) -> None:
    images = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)">', html)
    assert [alt for _, alt in images] == ["plain"]
    assert base64.b64decode(images[0][0]).startswith(b"<svg")
    assert html.count("<details>") == 1


def test_the_table_shows_the_frame_that_is_drawn(html: str) -> None:
    reader = Reader(html)
    spec = json.loads(next(text for text in reader.texts["script"] if text.startswith("{")))
    drawn = [[row["label"], f"{row['days']:.1f}"] for row in spec["datasets"]["rows"]]
    assert reader.texts["td"][: 2 * len(drawn)] == [cell for row in drawn for cell in row]


def test_headings_go_down_step_by_step(html: str) -> None:
    levels = [int(tag[1]) for tag in Reader(html).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.server
@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_without_a_network_draws_it_with_and_without_scripts(
    html: str, tmp_path: Path, require_server: Callable[[str], Path], scripts: bool
) -> None:
    (tmp_path / "page.html").write_text(html if scripts else re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]
    options += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000"]
    command = [str(require_server("chromium")), *options, (tmp_path / "page.html").as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert ("<svg" in dom.split("</head>")[1].split("<footer>")[0]) == scripts
    assert ('style="display: none' in dom) == scripts
