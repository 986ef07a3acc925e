"""The tracking page: what it shows, to whom, and what it keeps to itself."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest

from entrepost.web.track import read_numbers
from tests.web.shop import ANNOUNCED, AT_CUSTOMS, DELIVERED, ON_ITS_WAY, TRIED, Counter, Window, open_window


def test_a_parcel_is_told_at_a_glance(window: Window) -> None:
    html = window.look(ON_ITS_WAY)
    for words in (
        "On its way",
        "Thursday, 8 January 2026",
        "China to Germany",
        "Left the country of origin",
        "Shanghai",
    ):
        assert words in html
    assert '20:00 <bdi dir="ltr" class="offset">UTC+8</bdi>' in html


def test_nothing_of_the_order_or_the_recipient_is_shown(window: Window) -> None:
    html = window.look(ANNOUNCED, ON_ITS_WAY, AT_CUSTOMS, TRIED, DELIVERED)
    assert [word for word in ("60311", "LAMP", "shop", "PACKET", "CNSHAA", "o1", "main<") if word in html] == ["shop"]
    assert html.count("shop") == html.count("the shop where you bought")


@pytest.mark.parametrize("language", ["zh", "fr", "es", "ar"])
def test_every_state_is_told_in_each_language(window: Window, language: str) -> None:
    html = window.look(ANNOUNCED, ON_ITS_WAY, AT_CUSTOMS, TRIED, DELIVERED, "unknown", language=language)
    english = window.look(ANNOUNCED, ON_ITS_WAY, AT_CUSTOMS, TRIED, DELIVERED, "unknown")
    words = set(re.findall(r">([^<>{}]{12,})<", english)) & set(re.findall(r">([^<>{}]{12,})<", html))
    assert {each for each in words if re.search("[a-z]{3}", each) and "LX" not in each} <= {"Shanghai, China"}
    assert ('dir="rtl"' in html[:400]) == (language == "ar")


def test_what_may_not_be_told_looks_like_what_is_not_known(window: Window, tmp_path: Path) -> None:
    with open_window(tmp_path, Counter(), account="other") as other:
        theirs = other.look(number := window.numbers[ON_ITS_WAY])
    missing = window.look("LX999999994CN")
    assert theirs.replace(number, "LX999999994CN") == missing
    assert "Nothing known yet" in missing


def test_the_page_sets_no_cookie_loads_nothing_and_runs_no_script(window: Window) -> None:
    answer = window.client.get("/track", params={"numbers": window.numbers[ON_ITS_WAY]})
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("base-uri 'none'; frame-ancestors 'none'")
    assert "set-cookie" not in answer.headers
    assert re.findall(r"<script|<img|<link|\bon\w+=|style=|src=", answer.text) == []


def test_a_shop_that_was_named_may_hold_it_in_a_frame(tmp_path: Path) -> None:
    with open_window(tmp_path, Counter(), frames="https://shop.example") as window:
        assert "frame-ancestors https://shop.example" in window.client.get("/track").headers["content-security-policy"]


def test_who_asks_for_many_numbers_is_asked_to_wait(tmp_path: Path) -> None:
    with open_window(tmp_path, Counter(3)) as window:
        window.look("LX1", "LX2", "LX3")
        answer = window.client.get("/track", params={"numbers": window.numbers[ON_ITS_WAY]})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
        assert "Too many questions" in answer.text
        assert "China" not in answer.text
        assert window.client.get("/track").status_code == 200


def test_forty_parcels_are_shown_and_the_reader_is_told_of_the_others(window: Window) -> None:
    html = window.look(*(f"X{number}" for number in range(45)))
    assert html.count("<article>") == 40
    assert "Only the first 40" in html


def test_an_empty_question_is_answered(window: Window) -> None:
    assert "Please enter at least one" in window.look(" ")


def test_the_browser_chooses_the_language_and_links_keep_the_numbers(window: Window) -> None:
    answer = window.client.get("/track", params={"numbers": "LX1"}, headers={"Accept-Language": "fr-CA, en;q=0.5"})
    assert answer.headers["content-language"] == "fr"
    assert answer.headers["vary"] == "Accept-Language"
    assert 'href="?lang=ar&amp;numbers=LX1"' in answer.text


@pytest.mark.parametrize("hostile", ["<b>x</b>", "'\"><svg/onload=1>", "{{7*7}}", "\u202egnp", "../../etc", "a" * 5000])
def test_hostile_numbers_stay_text(window: Window, hostile: str) -> None:
    html = window.look(hostile)
    assert hostile not in html.split("</style>")[1] or escape(hostile) == hostile
    assert "49" not in html.split("<main")[1].split("<footer")[0]


def test_numbers_are_read_as_people_write_them() -> None:
    assert read_numbers("LX 000 000 005 CN, lx000000014cn\nLX000000005CN;A1 B2") == [
        *("LX000000005CN", "LX000000014CN", "A1", "B2")
    ]
    assert read_numbers(" \n,;") == []
