"""The office of the pictures: what is accepted goes into receptacles, dispatches and consignments once a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.codes import s10
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.dispatching.closing import Closing, close_receptacles
from entrepost.operations.dispatching.consigning import Consigning, consign
from entrepost.operations.dispatching.dispatches import cancel_dispatch, close_dispatch
from entrepost.operations.dispatching.filling import Opening, open_receptacle, put_items
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT

LEFT, ARRIVED = "EMC", "EMD"
COUNTRIES = ("DE", "FR", "GB", "US")
"""Where mail goes in receptacles of ours; of the rest the simulated world tells."""
BAG_ITEMS, BAG_G = 8, 1_150
ITEMS_LEAST = 3
WAITS = timedelta(hours=30)
"""An item waits no longer for the departure that the world gives it."""


@dataclass
class Station:
    """An office over its store; `events` are those of the simulated world, without what the office does itself."""

    store: Store
    network: Network
    by: Caller
    events: pl.DataFrame
    names: dict[str, str] = field(default_factory=dict)
    _coming: dict[str, tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)

    def dispatch(self) -> list[Telling]:
        """Fill, close and consign a dispatch for every destination that has enough; what is to be told."""
        told: list[Telling] = []
        for (origin, destination), items in self._ready():
            series = self._fill((origin, destination), items)
            if len(items) < ITEMS_LEAST:
                continue
            closed = close_dispatch(self.store, self.network, self.by, series)
            number = closed.dispatch.dispatch_id
            if "cancelled" not in self.names:
                self.names["cancelled"] = number
                told += cancel_dispatch(self.store, self.network, self.by, number).messages
                continue
            told += closed.messages
            told += self._consign(number)
            self._leave(closed.receptacles, items)
        return told

    def arrived(self, now: datetime) -> dict[str, tuple[str, ...]]:
        """The dispatches that came by now, each told once, with their receptacles."""
        came = {number: bags for number, (at, bags) in self._coming.items() if at <= now}
        for number in came:
            del self._coming[number]
        return came

    def _ready(self) -> Iterator[tuple[tuple[str, str], list[str]]]:
        """Items that were accepted and have not left, by their offices of exchange."""
        now = pl.lit(self.store.clock.now()).cast(INSTANT)
        at_home = pl.col("facility").str.starts_with("CN")
        first = self.events.group_by("item_id").agg(
            sorted=pl.col("time").filter(at_home & (pl.col("code") != LEFT)).max(),
            left=pl.col("time").filter(pl.col("code") == LEFT).min(),
            origin=pl.col("facility").filter(pl.col("code") == LEFT).first(),
            arrives=pl.col("time").filter(pl.col("code") == ARRIVED).min(),
            destination=pl.col("facility").filter(pl.col("code") == ARRIVED).first(),
        )
        here = first.filter(pl.col("destination").str.slice(0, 2).is_in(list(COUNTRIES)))
        here = here.filter((pl.col("sorted") <= now) & (pl.col("left") > now) & (pl.col("left") < now + WAITS))
        for (origin, destination), part in here.sort("item_id").group_by("origin", "destination", maintain_order=True):
            yield (str(origin), str(destination)), part.get_column("item_id").to_list()

    def _fill(self, offices: tuple[str, str], items: list[str]) -> str:
        """Put items into receptacles, and close those that are full enough; the series of their dispatch."""
        now, day = self.store.clock.now(), f"{self.store.clock.now():%d%H}"
        subclass = f"{s10.mail_class_of(items[0][:2]) or 'U'}N"
        lodged = [(item, word, now) for item in items for word in ("LODGE", "AC")]
        add_referrals(self.store, self.by.tenant, lodged)
        closings = []
        for start in range(0, len(items), BAG_ITEMS):
            tag = f"{offices[0][2:5]}-{offices[1][2:5]}-{day}-{start // BAG_ITEMS + 1}"
            open_receptacle(self.store, self.network, self.by, Opening(*offices, "A", subclass, tag))
            put_items(self.store, self.by, tag, items[start : start + BAG_ITEMS])
            closings.append(Closing(tag, self._weigh(items[start : start + BAG_ITEMS])))
        if len(items) >= ITEMS_LEAST:
            close_receptacles(self.store, self.network, self.by, closings)
        return f"{''.join(offices)}A{subclass}"

    def _weigh(self, items: list[str]) -> int:
        names = pl.DataFrame({"tenant": self.by.tenant, "item_id": items})
        known = self.store.list_items(numbers=self.store.find_items(names))
        return BAG_G + int(known.get_column("weight_g").sum())

    def _consign(self, number: str) -> list[Telling]:
        """Give it to the departures that have room; none where nothing flies."""
        try:
            found = consign(self.store, self.network, self.by, Consigning(number))
        except MisuseError:
            return []
        return [telling for each in found.consignments for telling in each.messages]

    def _leave(self, receptacles: tuple[object, ...], items: list[str]) -> None:
        """What the world tells of their leaving is told by the dispatch now; they arrive as the world has it."""
        mine = pl.col("item_id").is_in(items)
        self.events = self.events.filter(~(mine & (pl.col("code") == LEFT)))
        arrives = self.events.filter(mine & (pl.col("code") == ARRIVED)).get_column("time").min()
        bags = tuple(str(each.receptacle_id) for each in receptacles)  # type: ignore[attr-defined]
        if isinstance(arrives, datetime):
            self._coming[bags[0][:20]] = (arrives.astimezone(), bags)
        self.names["dispatch"] = bags[0][:20]
