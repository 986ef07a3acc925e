"""What a post does: it prepares its items, dispatches them, answers what came, and tells its partners all of it.

Each step is one transaction with the messages that it causes, and how far a post is stands in its store alone: killed
anywhere, it goes on where it was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.declaration import Content, Declaration
from entrepost.mail.partner import Partners
from entrepost.mail.party import Party
from entrepost.mail.report import ItemReport
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.itmatt import Itmatt
from entrepost.operations.access import Caller
from entrepost.operations.dispatch_records import ANNOUNCED, IN, OUT, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.closing import Closing, close_receptacles
from entrepost.operations.dispatching.dispatches import close_dispatch
from entrepost.operations.dispatching.filling import Opening, open_receptacle, put_items
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.dispatching.receiving import Seen, receive_receptacles
from entrepost.operations.events import record_events
from entrepost.operations.exchanging.posting import post
from entrepost.operations.store import ITEM, Store
from entrepost.tables.items import items_of
from tests.operations.shop import take, write_csv
from tests.three_operators.places import (
    RECEPTACLE_ITEMS,
    ZONES,
    Lane,
    Post,
    orders_of,
    posted_at,
    three_offices,
)

CLERK = Caller("main", "clerk", frozenset())
WEIGHT_G = 12_500
EVENTS_TOGETHER = 500


@dataclass(frozen=True)
class Day:
    """The day of a post over its store, with its table of partners."""

    store: Store
    post: Post
    lanes: Sequence[Lane]
    partners: Partners
    network: Any = field(default_factory=three_offices)

    def prepare(self, folder: Path) -> None:
        """Know and accept the items that will be sent; those that will come are made by messages alone. Done once."""
        sent = [each for each in self.lanes if each.origin == self.post]
        if self.store.find_items(_names(sent[-1].numbers()[-1:])).height:
            return
        with self.store.transaction():
            take(self.store, write_csv(folder, *(order for lane in sent for order in orders_of(lane))))
            items = items_of(self.store.list_orders("main")).with_columns(
                issued_at="placed_at", service=pl.lit("PACKET"), item_id="order_id"
            )
            self.store.add_items(items.select(ITEM))
            lodged = [
                (item_id, word, POSTED) for lane in sent for item_id in lane.numbers() for word in ("LODGE", "AC")
            ]
            add_referrals(self.store, "main", lodged)
            for lane in sent:
                self._record("EMA", [(item_id, posted_at(at)) for at, item_id in enumerate(lane.numbers())])

    def dispatch_next(self, share: float = 1.0) -> bool:
        """Close the next dispatch of a lane of which less than a share of all are closed; whether there was one."""
        done = self._count(OUT)
        for lane in self.lanes:
            number = done.get(lane.series, 0)
            if lane.origin == self.post and number < math.ceil(share * lane.dispatches):
                with self.store.transaction():
                    self._dispatch(lane, number)
                return True
        return False

    def count_closed(self) -> int:
        """How many dispatches are closed."""
        return sum(self._count(OUT).values())

    def answer_next(self) -> bool:
        """Open the dispatches that came, deliver their items, and tell both; whether there were any."""
        came = [
            each
            for each in self.store.records.list_of(KeptDispatch, "main", f"{IN} ")
            if each.dispatch.startswith(f"{IN} ") and each.state == ANNOUNCED and each.answered_at is None
        ]
        for each in came:
            with self.store.transaction():
                self._answer(each)
        return bool(came)

    def is_done(self) -> bool:
        """Whether everything was dispatched that was to be, and everything came that was to come, and was answered."""
        out, came = self._count(OUT), self._count(IN)
        wanted = {each.series: each.dispatches for each in self.lanes}
        mine = {
            lane.series: out if lane.origin == self.post else came
            for lane in self.lanes
            if self.post in (lane.origin, lane.destination)
        }
        return all(known.get(series, 0) == wanted[series] for series, known in mine.items())

    def _dispatch(self, lane: Lane, number: int) -> None:
        numbers = lane.numbers(number)
        closings = []
        for start in range(0, len(numbers), RECEPTACLE_ITEMS):
            tag = f"{lane.series} {number} {start}"
            opening = Opening(lane.origin.office, lane.destination.office, "A", "UN", tag)
            open_receptacle(self.store, self.network, CLERK, opening)
            put = put_items(self.store, CLERK, tag, numbers[start : start + RECEPTACLE_ITEMS])
            assert not put.findings, put.findings[0]
            closings.append(Closing(tag, WEIGHT_G))
        closed = close_receptacles(self.store, self.network, CLERK, closings)
        assert not closed.held, closed.findings[0]
        made = close_dispatch(self.store, self.network, CLERK, lane.series)
        known = {item_id: posted_at(number * lane.together + at) for at, item_id in enumerate(numbers)}
        advised = [_advance_data(lane, item_id, at) for item_id, at in known.items()]
        self._tell([Telling(Itmatt(each), lane.destination.office) for each in advised])
        self._tell([*self._report("EMA", known, made.dispatch.dispatch_id, lane.destination), *made.messages])

    def _answer(self, came: KeptDispatch) -> None:
        bags = self.store.records.list_where(KeptReceptacle, "main", "dispatch", [came.dispatch])
        seen = receive_receptacles(self.store, self.network, CLERK, [Seen(each.receptacle_id) for each in bags])
        now = self.store.clock.now()
        lane = next(each for each in self.lanes if each.series == came.series)
        items = dict.fromkeys(self._inside([each.receptacle_id for each in bags]), now)
        self._record("EMI", list(items.items()))
        self._tell([*seen.messages, *self._report("EMI", items, came.dispatch_id, lane.origin)])

    def _inside(self, receptacles: Sequence[str]) -> list[str]:
        held = self.store.find_containments(_names(receptacles, "subject"))
        return held.filter(pl.col("container").is_in(list(receptacles))).get_column("subject").sort().to_list()

    def _count(self, direction: str) -> dict[str, int]:
        found = self.store.records.list_of(KeptDispatch, "main", f"{direction} ")
        mine = [each.series for each in found if each.dispatch.startswith(f"{direction} ")]
        return {series: mine.count(series) for series in set(mine)}

    def _record(self, code: str, times: list[tuple[str, datetime]]) -> None:
        rows = pl.DataFrame(times, schema={"item_id": pl.String, "time": pl.Datetime("us", "UTC")}, orient="row")
        told = rows.with_columns(code=pl.lit(code), facility=pl.lit(self.post.office))
        outcome = record_events(self.store, told, ZONES)
        assert outcome.rejected == 0, outcome

    def _report(self, code: str, times: Mapping[str, datetime], about: str, partner: Post) -> list[Telling]:
        zone, now = ZoneInfo(self.post.zone), self._now()
        reports = [ItemReport(item_id, code, at.astimezone(zone), self.post.office) for item_id, at in times.items()]
        parts = [reports[start : start + EVENTS_TOGETHER] for start in range(0, len(reports), EVENTS_TOGETHER)]
        return [
            Telling(Emsevt(f"{about}-{code}{number}", now, tuple(part), office=self.post.office), partner.office)
            for number, part in enumerate(parts)
        ]

    def _tell(self, told: Sequence[Telling]) -> None:
        posted = post(self.store, "main", self.partners, told)
        assert not posted.findings, posted.findings[0]

    def _now(self) -> datetime:
        return self.store.clock.now().astimezone(ZoneInfo(self.post.zone))


POSTED = posted_at(0) - timedelta(hours=4)


def _names(texts: Sequence[str], column: str = "item_id") -> pl.DataFrame:
    return pl.DataFrame({"tenant": ["main"] * len(texts), column: list(texts)})


def _advance_data(lane: Lane, item_id: str, at: datetime) -> AdvanceData:
    here, there = (
        Party(f"Somebody in {post.country}", ("Street 1",), "City", post.country, "60311")
        for post in (lane.origin, lane.destination)
    )
    lamp = Content("lamp", 1, 400, 3000, "940520", lane.origin.country)
    return AdvanceData(
        item_id,
        f"{lane.origin.country}A",
        f"{lane.destination.country}A",
        "U",
        at.astimezone(ZoneInfo(lane.origin.zone)),
        400,
        here,
        there,
        Declaration("sale_of_goods", "CNY", (lamp,)),
    )
