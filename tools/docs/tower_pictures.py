"""Draw the pictures of every page for the documentation: `python -m tools.docs.tower_pictures [FOLDER]`.

The demonstration's orders are brought in, promised, dispatched and carried through the simulated world, told as far as
they were five weeks after the first order; partners send their messages, a plan is made, and every page is shown by
Debian's Chromium. `tools.docs.tower.shots` has the list of pictures.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import entrepost
from entrepost.web.desk import Desk
from tools.docs.tower import house, shots
from tools.docs.tower.camera import PHONE, Camera, browser, make_desk, open_camera, served
from tools.docs.tower.shop import shop
from tools.docs.tower.world import World, open_world

FOLDER = Path(__file__).parents[2] / "docs" / "assets" / "tower"


def fill(folder: Path) -> World:
    """The world with everything that pages show."""
    world = open_world(folder, entrepost.sample_network())
    house.move_in(world)
    house.change_network(world)
    house.plan(world)
    house.take_care(world)
    shots.choose(world)
    return world


def draw(world: World, out: Path) -> None:
    """Show every page and keep its pictures."""
    desk = make_desk(world)
    with shop() as (origin, shown), served(desk, world, origin) as address, browser() as opened:
        _draw_outside(open_camera(opened, out), address, world)
        _draw_inside(opened, (address, world, desk), out)
        _draw_tracking(opened, (address, world), out)
        shown.append(address + shots.TRACK["track_en"].path.format(**world.names))
        camera = open_camera(opened, out)
        camera.page.goto(origin)
        camera.keep("track_embedded", 900)


def _draw_outside(camera: Camera, address: str, world: World) -> None:
    shots.take(camera, address, world, shots.OUTSIDE)


def _draw_inside(opened: Any, at: tuple[str, World, Desk], out: Path) -> None:
    address, world, desk = at
    light = open_camera(opened, out)
    shots.enter(light, address)
    light.page.goto(f"{address}/items/{world.names['item']}")  # its forecast is worked out meanwhile
    shots.take(light, address, world, shots.INSIDE)
    shots.upload(light, address, world, desk)
    for list_, width in ((shots.DARK, light.width), (shots.PHONE, PHONE)):
        dark = open_camera(opened, out, width, color_scheme="dark")
        shots.enter(dark, address)
        shots.take(dark, address, world, list_)


def _draw_tracking(opened: Any, at: tuple[str, World], out: Path) -> None:
    wide = open_camera(opened, out, 820)
    shots.take(wide, *at, shots.TRACK)
    wide.page.goto(f"{at[0]}/track?lang=en")
    wide.keep("track", 700)
    shots.take(open_camera(opened, out, PHONE), *at, shots.TRACK_PHONE)


def main(out: Path) -> None:
    """Draw all pictures into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        begun = time.monotonic()
        world = fill(Path(name))
        filled = time.monotonic()
        draw(world, out)
        world.store.close()
    print(f"filled in {filled - begun:.0f} s, {len(shots.NAMES)} pictures in {time.monotonic() - filled:.0f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
