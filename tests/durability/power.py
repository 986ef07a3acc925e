"""A campaign of power cuts: a store is made, filled, cut off, opened again and looked at, again and again."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy.exc import SQLAlchemyError

from entrepost.base.errors import EntrepostError
from entrepost.operations.events import record_event_file
from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.durability.disk import Disk
from tests.durability.driver import Connection, stores_on
from tests.durability.machine import Machine
from tests.durability.traffic import Traffic, differences, issue_items

SOON, CHECKPOINT, CLOSING, KILL = "soon", "at a checkpoint", "while closing", "kill"
PLANS = {SOON: 0.55, CHECKPOINT: 0.15, CLOSING: 0.2, KILL: 0.1}
"""When the power is cut, with its share; after a kill the machine goes on and may be cut off later."""

SECTORS = (512, 4096)


@dataclass(slots=True)
class Report:
    """What a campaign did and found."""

    cuts: int = 0
    kills: int = 0
    looks: int = 0
    losses: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


class _Off(Exception):
    """The power is off, or the program closes its store: it does nothing further."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How a campaign goes: how many cuts; whether a torn sector loses what was safe beside the written bytes.

    `setting` stands in the database's URI, and `first` is said when it was opened, beside what the store
    does. It ends when so many `losses` were found; `told` hears after each cut how many there were.
    """

    cuts: int
    neighbours: bool = False
    setting: str = ""
    first: str = ""
    losses: int = 1_000
    told: Callable[[int], None] | None = None


def run_campaign(folder: Path, traffic: Traffic, weather: Weather) -> Report:
    """Cut the power so many times, in one world after the other; what was found."""
    report, chance = Report(), Random(20261122)
    events = traffic.write(folder / "events.csv")
    for number in itertools.count():
        if report.cuts >= weather.cuts or len(report.losses) >= weather.losses:
            return report
        place = folder / f"world{number}"
        place.mkdir()
        machine = Machine(place, Disk(chance.choice(SECTORS), weather.neighbours))
        _live(_World(machine, weather, events, traffic), report, chance, weather)
    raise AssertionError("counting has no end")


def _live(world: _World, report: Report, chance: Random, weather: Weather) -> None:
    """Go through a world until its file is recorded, something is lost, or there were enough cuts."""
    while not world.done and report.cuts < weather.cuts:
        world.run(chance)
        report.looks += world.looked
        if world.machine.is_off:
            killed = world.plan == KILL
            report.cuts, report.kills = report.cuts + (not killed), report.kills + killed
            world.machine.start_again()
        if world.losses:
            report.losses.append(f"after cut {report.cuts} ({world.plan}): {'; '.join(world.losses)}")
            break
        if weather.told:
            weather.told(report.cuts)
    report.seen += world.machine.seen


class _World:
    """One database from its making to the end of its file."""

    def __init__(self, machine: Machine, weather: Weather, events: Path, traffic: Traffic) -> None:
        self.machine, self._weather = machine, weather
        self.losses: list[str] = []
        self.done = self.looked = False
        self.plan = ""
        self._events, self._traffic = events, traffic
        self._issued, self._acknowledged, self._chunks_left = False, 0, 0

    def run(self, chance: Random) -> None:
        """Open, look, and go on until the power is cut."""
        self._arm(chance)
        with stores_on(self.machine.vfs.name, self._weather.setting) as connections:
            try:
                self._work(connections)
            except _Off:
                pass
            except (EntrepostError, SQLAlchemyError, sqlite3.Error) as error:
                self.losses.append(f"the store cannot be used: {error}")

    def _arm(self, chance: Random) -> None:
        self.plan = chance.choices(list(PLANS), list(PLANS.values()))[0]
        self._chunks_left = chance.randint(0, 4) if self.plan == CLOSING else -1
        late = self.plan in (CHECKPOINT, CLOSING)
        changes = 60 if late and self._acknowledged else 200
        self.machine.arm(chance.randint(0, changes), chance, self.plan == KILL, late)

    def _work(self, connections: list[Connection]) -> None:
        store = open_store(self.machine.folder / "shop.db")
        if self._weather.first:
            connections[-1].execute(self._weather.first)
        try:
            position = self._look(store, connections[-1])
            issue_items(store, self._events.parent, self._traffic.items)
            self._stop_when_off()
            self._issued = True
            outcome = record_event_file(store, self._events, progress=self._acknowledge)
            if outcome.resumed_at != position:
                self.losses.append(f"it went on at row {outcome.resumed_at} instead of {position}")
            self.done = not self.machine.is_off
        finally:
            store.close()

    def _look(self, store: Store, connection: Connection) -> int:
        """What is wrong with what is there; the row at which the file goes on."""
        faults = [str(row) for row in connection.execute("PRAGMA integrity_check").fetchall() if row != ("ok",)]
        faults += [f"foreign key {row}" for row in connection.execute("PRAGMA foreign_key_check").fetchall()]
        mark = next((mark for mark in store.list_intakes() if mark.kind == "events"), None)
        position = mark.position if mark else 0
        if self._issued and store.list_items().height < len(self._traffic.items):
            faults.append("acknowledged items are lost")
        if position < self._acknowledged:
            faults.append(f"row {self._acknowledged} was acknowledged, and the bookmark is at {position}")
        self.losses += faults or differences(store, self._traffic, position)
        self.looked = True
        self.done = mark is not None and mark.finished_at is not None
        if self.losses or self.done:
            raise _Off
        return position

    def _acknowledge(self, position: int) -> None:
        self._stop_when_off()
        self._acknowledged = position
        self._chunks_left -= 1
        if self._chunks_left == 0:
            raise _Off

    def _stop_when_off(self) -> None:
        if self.machine.is_off:
            raise _Off
