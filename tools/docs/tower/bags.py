"""The office of the pictures: what is accepted goes into receptacles, dispatches and consignments once a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.codes import s10
from entrepost.messages.itmatt import Itmatt
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.dispatch_records import IN, KeptDispatch
from entrepost.operations.dispatching.closing import Closing, close_receptacles
from entrepost.operations.dispatching.consigning import Consigning, consign
from entrepost.operations.dispatching.dispatches import cancel_dispatch, close_dispatch
from entrepost.operations.dispatching.filling import Opening, open_receptacle, put_items
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.dispatching.nouns import list_receptacles
from entrepost.operations.dispatching.receiving import Seen, receive_receptacles
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from tools.docs.tower.goods import advise

MISSED = ("GBLALACNSZXAAUN60042",)
"""Announced, and never seen."""
LEFT, ARRIVED = "EMC", "EMD"
COUNTRIES = ("DE", "FR", "GB", "US")
"""Where mail goes in receptacles of ours; of the rest the simulated world tells."""
ORIGINS = ("CNCANA", "CNSHAA", "CNSZXA")
BAG_ITEMS, BAG_G = 5, 1_150
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
        for offices, items in self._ready():
            if len(items) < ITEMS_LEAST:
                continue
            series = self._fill(offices, items)
            closed = close_dispatch(self.store, self.network, self.by, series)
            number = closed.dispatch.dispatch_id
            if "cancelled" not in self.names:
                self.names["cancelled"] = number
                told += cancel_dispatch(self.store, self.network, self.by, number).messages
                continue
            told += [Telling(each, offices[1]) for each in self._advise(items)]
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

    def receive(self, before: datetime) -> list[Telling]:
        """Open what was announced and closed before an instant; one bag of three dispatches is missing."""
        known = self.store.records.list_of(KeptDispatch, self.by.tenant)
        told: list[Telling] = []
        for each in known:
            is_due = each.dispatch.startswith(IN) and each.answered_at is None and each.closed_at is not None
            if not is_due or each.closed_at is None or each.closed_at > before or each.dispatch_id in MISSED:
                continue
            bags = list_receptacles(self.store, self.by.tenant, each.dispatch)
            seen = [Seen(bag.receptacle_id) for bag in bags[: 1 if each.dispatch_id[-1] == "3" else None]]
            told += receive_receptacles(self.store, self.network, self.by, seen).messages
        return told

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
        first = first.with_columns(mail_class=pl.col("item_id").str.slice(0, 1))
        abroad = pl.col("destination").str.slice(0, 2).is_in(list(COUNTRIES))
        here = first.filter(abroad & pl.col("origin").is_in(list(ORIGINS)))
        here = here.filter((pl.col("sorted") <= now) & (pl.col("left") > now) & (pl.col("left") < now + WAITS))
        names = ("origin", "destination", "mail_class")
        for (origin, destination, _), part in here.sort("item_id").group_by(names, maintain_order=True):
            yield (str(origin), str(destination)), part.get_column("item_id").to_list()

    def fill_next(self) -> None:
        """Begin the receptacles of the next dispatches: they are being filled when the pictures are taken."""
        for offices, items in list(self._ready())[:4]:
            self._fill(offices, items, closes=False)

    def _fill(self, offices: tuple[str, str], items: list[str], closes: bool = True) -> str:
        """Put items into receptacles and close them; the series of their dispatch."""
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
        if closes:
            close_receptacles(self.store, self.network, self.by, closings)
        return f"{''.join(offices)}A{subclass}"

    def _advise(self, items: list[str]) -> list[Itmatt]:
        """Data sent ahead, of most items: some sellers told nothing."""
        known = self.store.list_items(numbers=self.store.find_items(self._names(items)))
        return [
            advise(row["item_id"], row["weight_g"], row["issued_at"], row["country"])
            for row in known.iter_rows(named=True)
            if row["item_no"] % 7
        ]

    def _names(self, items: list[str]) -> pl.DataFrame:
        return pl.DataFrame({"tenant": self.by.tenant, "item_id": items})

    def _weigh(self, items: list[str]) -> int:
        known = self.store.list_items(numbers=self.store.find_items(self._names(items)))
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
