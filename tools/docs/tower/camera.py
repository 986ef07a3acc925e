"""The camera: the tower on a port of this machine, a browser before it, and pictures with few colours."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from entrepost.operations.batches import Surroundings
from entrepost.operations.exceptions_source import exceptions_of_store
from entrepost.operations.forecasts import Forecasts
from entrepost.operations.lane_board import board_lanes
from entrepost.web.desk import Boards, Desk
from entrepost.web.tower import open_tower
from entrepost.web.track import TrackingDesk, make_tracking
from tools.docs.tower.png import save
from tools.docs.tower.world import World

WIDE, PHONE = 1180, 390
LEAST, MOST = 560, 980
SECONDS = 300_000
"""In milliseconds: kernels are compiled when a page first needs them."""


FONTS = Path(__file__).parents[3] / ".venv" / "fonts"
"""Fonts that the machine lacks may lie here, such as one with Chinese letters; see the guide to the pages."""
FONT_CONFIG = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{FONTS}</dir></fontconfig>"""


class NoLimit:
    """Nobody waits."""

    def take(self, _name: str) -> int:
        """Let them in."""
        return 0


def make_desk(world: World) -> Desk:
    """What the pages run on; what is worked out of all items is worked out once."""
    store, around = world.store, Surroundings(frozenset(world.zones), world.zones)
    found = lru_cache(lambda tenant: exceptions_of_store(store, world.network, world.now, tenant=tenant))
    lanes = lru_cache(lambda tenant: board_lanes(store, world.network, tenant))
    desk = Desk(
        store,
        lambda: world.network,
        lambda: around,
        Forecasts(store, lambda: world.network),
        world.uploads,
        world.awake.set,
        NoLimit(),
        is_secure=False,
        boards=Boards(found, lanes),
    )
    desk.counter.count()
    return desk


@contextmanager
def served(desk: Desk, world: World, frames: str) -> Iterator[str]:
    """The tower and the tracking page; `frames` may hold the latter."""
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI(openapi_url=None)
    open_tower(app, desk)
    app.include_router(
        make_tracking(TrackingDesk(world.store, lambda: world.network, desk.forecasts, NoLimit(), frames=frames))
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@contextmanager
def browser() -> Iterator[Any]:
    """Debian's Chromium, with the fonts of a folder beside those of the machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play, tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
        config.write(FONT_CONFIG)
        config.flush()
        around: dict[str, Any] = {**os.environ, "FONTCONFIG_FILE": config.name}
        program = shutil.which("chromium")
        opened = play.chromium.launch(executable_path=program, args=["--no-sandbox"], env=around)
        yield opened
        opened.close()


@dataclass
class Camera:
    """A page of a browser, and where its pictures go."""

    page: Any
    out: Path
    width: int = WIDE

    def keep(self, name: str, most: int = MOST) -> None:
        """A picture of the page as it stands: as high as it is, within bounds, and in few colours."""
        self.page.set_viewport_size({"width": self.width, "height": LEAST})
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(400)
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": self.width, "height": max(LEAST, min(height, most))})
        self.page.wait_for_timeout(300)
        save(self.page, self.page.screenshot(), self.out / f"{name}.png")


def open_camera(opened: Any, out: Path, width: int = WIDE, **options: Any) -> Camera:
    """A camera with a browser of its own; nobody is signed in."""
    page = opened.new_context(viewport={"width": width, "height": LEAST}, **options).new_page()
    page.set_default_timeout(SECONDS)
    return Camera(page, out, width)
