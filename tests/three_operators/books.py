"""The books of three posts side by side: what two of them say of the same mail, and how often it was applied."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.three_operators.places import POSTS, Lane

ACCEPTED, DELIVERED = "EMA", "EMI"
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the items of a lane took from acceptance to delivery, as each of both ends tells."""

    lane: str
    at_origin: timedelta
    at_destination: timedelta


class Books:
    """The database of a post, only read."""

    def __init__(self, folder: Path, country: str) -> None:
        self.country = country
        self._place = folder / country / "post.db"

    def ask(self, sql: str, *values: Any) -> list[Row]:
        with closing(sqlite3.connect(f"file:{self._place}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def dispatches(self, lane: Lane, direction: str) -> list[Row]:
        names = "dispatch_id, weight_g, receptacles, items, closed_at, answered_at IS NOT NULL"
        start = f"{direction} {lane.series} "
        sql = f"SELECT {names} FROM dispatches WHERE substr(dispatch, 1, ?) = ? ORDER BY dispatch_id"
        return [(*row[:4], row[4] // 60_000_000, row[5]) for row in self.ask(sql, len(start), start)]

    def receptacles(self, lane: Lane, direction: str) -> list[Row]:
        names = "receptacle_id, weight_g, items, kind, outcome, received_at / 60000000"
        start = f"{direction} {lane.series} "
        sql = f"SELECT {names} FROM receptacles WHERE substr(dispatch, 1, ?) = ? ORDER BY receptacle_id"
        return self.ask(sql, len(start), start)

    def contents(self, lane: Lane) -> list[Row]:
        sql = "SELECT container, subject FROM containments WHERE substr(container, 1, 15) = ? ORDER BY 1, 2"
        return self.ask(sql, lane.series)

    def events(self, lane: Lane) -> list[Row]:
        """Every event of the items of a lane, by the order that tells of it."""
        sql = (
            "SELECT i.item_id, e.code, e.time / 60000000, e.offset_minutes, e.facility FROM events e "
            "JOIN items i ON i.item_no = e.item_no WHERE i.origin = ? AND i.country = ? ORDER BY 1, 2, 3"
        )
        return self.ask(sql, lane.origin.office, lane.destination.country)

    def announced(self, lane: Lane) -> list[Row]:
        """The items of a lane that messages made: who announced them, by what, and what they weigh."""
        sql = "SELECT item_id, weight_g, operator, announced FROM items WHERE origin = ? AND country = ? ORDER BY 1"
        return self.ask(sql, lane.origin.office, lane.destination.country)

    def waiting(self) -> int:
        """For how many items messages still wait."""
        return int(self.ask("SELECT count(*) FROM exchange_awaited")[0][0])

    def advised(self, lane: Lane) -> list[Row]:
        sql = "SELECT item_id, weight_g FROM advance_data WHERE operator = ? AND substr(item_id, 12) = ? ORDER BY 1"
        return self.ask(sql, lane.origin.country, lane.origin.country)

    def wait(self, lane: Lane) -> timedelta:
        """The mean wait of a lane's items, of their own events here."""
        times: dict[str, dict[str, int]] = {}
        for item_id, code, minute, *_ in self.events(lane):
            times.setdefault(item_id, {})[code] = minute
        waits = [each[DELIVERED] - each[ACCEPTED] for each in times.values()]
        return timedelta(minutes=sum(waits) / len(waits))


def compare(folder: Path, lanes: Sequence[Lane]) -> list[str]:
    """Everything in which two posts disagree, or that one of them has twice or not at all."""
    books = {country: Books(folder, country) for country in POSTS}
    wrong = [each for lane in lanes for each in _compare_lane(lane, books)]
    return wrong + [each for country in POSTS for each in _compare_messages(country, books)]


def waits(folder: Path, lanes: Sequence[Lane]) -> list[Wait]:
    """How long items waited, by lane, as both ends tell."""
    books = {country: Books(folder, country) for country in POSTS}
    return [
        Wait(lane.series, books[lane.origin.country].wait(lane), books[lane.destination.country].wait(lane))
        for lane in lanes
    ]


def count_again(folder: Path) -> int:
    """How many interchanges came that were there already."""
    return sum(int(Books(folder, country).ask("SELECT sum(times - 1) FROM exchange_came")[0][0]) for country in POSTS)


def _compare_lane(lane: Lane, books: dict[str, Books]) -> Iterator[str]:
    here, there = books[lane.origin.country], books[lane.destination.country]
    told: dict[str, tuple[list[Row], list[Row]]] = {
        "dispatches": (here.dispatches(lane, "out"), there.dispatches(lane, "in")),
        "receptacles": (here.receptacles(lane, "out"), there.receptacles(lane, "in")),
        "contents": (here.contents(lane), there.contents(lane)),
        "events": (here.events(lane), there.events(lane)),
    }
    for what, (ours, theirs) in told.items():
        if ours != theirs:
            lost, odd = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
            here_alone, there_alone = list(lost.elements()), list(odd.elements())
            yield f"{lane.series}: {len(here_alone)} {what} are at the origin alone, as {here_alone[:1]}"
            yield f"{lane.series}: {len(there_alone)} {what} are at the destination alone, as {there_alone[:1]}"
    if len(told["dispatches"][0]) != lane.dispatches or not all(row[-1] for row in told["dispatches"][0]):
        yield f"{lane.series}: {len(told['dispatches'][0])} of {lane.dispatches} dispatches, or some unanswered"
    codes = Counter(row[1] for row in told["events"][0])
    if codes != dict.fromkeys(("EMA", "EMC", "EMD", "EMI"), lane.items):
        yield f"{lane.series}: of {lane.items} items there are the events {dict(codes)}"
    made = [(item_id, 400, lane.origin.country, "ITMATT") for item_id in sorted(lane.numbers())]
    if there.announced(lane) != made:
        yield f"{lane.series}: {len(there.announced(lane))} of {lane.items} items were made, or otherwise than told"
    if [row[0] for row in there.advised(lane)] != sorted(lane.numbers()):
        yield f"{lane.series}: advance data of {len(there.advised(lane))} of {lane.items} items came"


def _compare_messages(country: str, books: dict[str, Books]) -> Iterator[str]:
    """Each message that a post sent was accepted, and applied by its recipient once."""
    here = books[country]
    if here.waiting():
        yield f"{country}: events of {here.waiting()} items still wait"
    states = dict(here.ask("SELECT state, count(*) FROM exchange_sent_messages GROUP BY state"))
    if set(states) != {"accepted"}:
        yield f"{country}: its messages are {states}"
    for row in here.ask("SELECT state, count(*) FROM exchange_sent WHERE state <> 'accepted' GROUP BY state"):
        yield f"{country}: {row[1]} interchanges are {row[0]}"
    applied = Counter(row[0] for row in here.ask("SELECT subject FROM audit WHERE action = 'applied'"))
    twice = [entry for entry, count in applied.items() if count > 1]
    if twice:
        yield f"{country}: {len(twice)} messages were applied twice, as {twice[0]}"
    sent = sum(
        books[other].ask("SELECT count(*) FROM exchange_sent_messages WHERE operator = ?", country)[0][0]
        for other in POSTS
    )
    if len(applied) != sent:
        yield f"{country}: {sent} messages were sent to it, {len(applied)} were applied"
