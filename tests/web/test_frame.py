"""The policy of a page, and news that one page leaves for the next."""

from __future__ import annotations

import re

from fastapi import Request
from fastapi.responses import Response

from entrepost.web.frame import NEWS_COOKIE, News, add_news, read_news
from tests.web.inside import Tower


def test_a_page_takes_scripts_and_looks_from_this_server_alone(tower: Tower) -> None:
    answer = tower.enter().client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    text = re.sub(r'"\$schema":"[^"]+"', "", answer.text)
    assert re.findall(r"\sstyle=|\son\w+=|https?://", text) == []
    assert re.findall(r"<script(?! src=\"/static/| type=\"application/json\")", answer.text) == []


def asked_with(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", f"{NEWS_COOKIE}={cookie}".encode())]})


def test_news_are_told_once_on_the_next_page() -> None:
    answer = Response()
    add_news(answer, True, "Anna is invited: <b>", "good")
    told = answer.headers["set-cookie"]
    assert "HttpOnly" in told
    assert "Secure" in told
    cookie = told.partition(";")[0].partition("=")[2].strip('"')
    assert read_news(asked_with(cookie)) == News("Anna is invited: <b>", "good")


def test_news_that_are_not_ours_are_no_news() -> None:
    assert [read_news(asked_with(cookie)) for cookie in ("", "x", "W10=", "bnVsbA==", "MQ==")] == [None] * 5
