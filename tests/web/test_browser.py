"""The tracking page in a browser: in Arabic on a phone, in the dark, and on paper."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fastapi import FastAPI

from tests.web.shop import AT_CUSTOMS, DELIVERED, ON_ITS_WAY, Window

PHONE = {"width": 375, "height": 720}


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a port of this machine."""
    import uvicorn

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@contextmanager
def browser_at(program: Path) -> Iterator[Any]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(program), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.server
def test_a_parcel_is_followed_in_arabic_on_a_phone_without_scripts(
    window: Window, require_server: Callable[[str], Path]
) -> None:
    with served(window.app) as address, browser_at(require_server("chromium")) as browser:
        page = browser.new_page(viewport=PHONE, java_script_enabled=False, locale="ar-EG", color_scheme="dark")
        page.goto(f"{address}/track")
        page.get_by_label("أرقام التتبع").fill(window.numbers[AT_CUSTOMS])
        page.get_by_role("button", name="تتبع").click()
        assert page.get_by_role("heading", level=2).inner_text() == "موقوف مؤقتًا"
        assert page.locator("[aria-current=step]").inner_text().startswith("في بلدك")
        assert page.get_by_text("8 يناير 2026").count() == 1
        assert page.get_by_text("أوقفته جمارك الاستيراد").bounding_box()["x"] < PHONE["width"] / 2
        steps = page.locator(".steps .dot").first.bounding_box()
        assert steps["x"] > PHONE["width"] / 2
        assert page.context.cookies() == []
        page.get_by_role("link", name="Français").click()
        assert page.get_by_role("heading", level=2).inner_text() == "En attente"


@pytest.mark.server
@pytest.mark.parametrize("width", [320, 1024])
def test_no_page_is_wider_than_its_screen(window: Window, require_server: Callable[[str], Path], width: int) -> None:
    """At 320 pixels nothing has to be moved sideways, as WCAG 2.2 asks (1.4.10)."""
    numbers = "%0A".join([*(window.numbers[name] for name in (ON_ITS_WAY, DELIVERED)), "W" * 40])
    with served(window.app) as address, browser_at(require_server("chromium")) as browser:
        page = browser.new_page(viewport={"width": width, "height": 700})
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        for query in ("", f"?numbers={window.numbers[ON_ITS_WAY]}", f"?lang=ar&numbers={numbers}"):
            page.goto(f"{address}/track{query}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [text for text in said if "favicon" not in text] == []
