"""What an account has that goes from one operator to another: bags, dispatches, a consignment, messages, a feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.api.feeds import MAPPING
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.dispatch_records import CANCELLED, CLOSED, OPEN, Content, Filling
from entrepost.operations.dispatching.closing import Closing, close_receptacles, find_last
from entrepost.operations.dispatching.consigning import Consigning, add_waybills, consign, find_consignment
from entrepost.operations.dispatching.dispatches import close_dispatch, find_dispatch
from entrepost.operations.dispatching.filling import Opening, open_receptacle, put_items
from entrepost.operations.dispatching.gate import add_referrals
from entrepost.operations.dispatching.nouns import list_receptacles
from entrepost.operations.events import record_events
from entrepost.operations.feeds import list_feeds, set_feed
from entrepost.operations.intake import intake_orders
from entrepost.operations.mapping import Mapping
from entrepost.operations.message_desk import name_message
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from tests.api.world import OPENING, SERIES
from tests.operations.exchanged import DISPATCH, exchange
from tests.operations.shop import event, lamp, write_csv

ANNA = {"recipient_name": "Anna Example", "recipient_line1": "Zeil 1", "description": "Desk lamp", "hs_code": "940520"}


@dataclass
class Mail:
    """The mail of an account on a network, and the names by which it stands in paths."""

    store: Store
    network: Network
    by: Caller
    names: dict[str, str] = field(default_factory=dict)
    inside: str = ""
    count: int = 0

    def fill(self, folder: Path) -> None:
        """An item that lies in a bag, dispatches that are open, closed and consigned, and messages both ways."""
        tenant = self.by.tenant
        path = write_csv(folder, lamp(order_id="bagged", **ANNA), name=f"bagged-{tenant}.csv")
        intake_orders(self.store, path, Mapping("orders", constants={"tenant": tenant}), tenant=tenant)
        promise_orders(self.store, self.network, tenant=tenant)
        mine = (pl.col("tenant") == tenant) & (pl.col("order_id") == "bagged")
        self.inside = self.store.list_items().filter(mine).item(0, "item_id")
        record_events(self.store, pl.DataFrame([event("EMA", item_id=self.inside)]))
        now = self.store.clock.now()
        told = [(self.inside, "LODGE", now - timedelta(hours=1)), (self.inside, "AC", now - timedelta(minutes=50))]
        add_referrals(self.store, tenant, told)
        add_waybills(self.store, self.by, "781", "MU", 1, 900)
        came = exchange(self.store, tenant)
        self.names = {"message": name_message("in", came[f"P-{DISPATCH}"].entry), "tag": "bag", "paper": "label"}
        self.names |= {"feed": "carrier"}
        self.restore()

    def restore(self) -> None:
        """Bring back what requests may have used up."""
        store, tenant = self.store, self.by.tenant
        if not any(each.feed == "carrier" for each in list_feeds(store, tenant)):
            set_feed(store, self.by, "carrier", MAPPING)
        self._fill_bags()
        if self._is_gone():
            self.names["dispatch"] = self._close()
        given = self.names.get("consignment")
        if given is None or find_consignment(store, tenant, given).state == CANCELLED:
            done = consign(store, self.network, self.by, Consigning(self._close()))
            self.names["consignment"] = done.consignments[0].consignment.consignment_id
        last = find_last(store, tenant, SERIES)
        if last is None or last.state != OPEN:
            self._bag()

    def _fill_bags(self) -> None:
        store, tenant = self.store, self.by.tenant
        for tag in ("bag", "mine"):
            if store.records.find(Filling, tenant, tag) is None:
                opening = OPENING | {"tag": tag, "mail_subclass": "UN"}
                open_receptacle(store, self.network, self.by, Opening(**opening))
        if store.records.find(Content, tenant, self.inside) is None:
            add_referrals(store, tenant, [(self.inside, "AC", store.clock.now())])  # it may have been lodged anew
            put_items(store, self.by, "bag", [self.inside])

    def _is_gone(self) -> bool:
        """Whether the closed dispatch was cancelled, or given to a carrier."""
        if "dispatch" not in self.names:
            return True
        found = find_dispatch(self.store, self.by.tenant, self.names["dispatch"])
        bags = list_receptacles(self.store, self.by.tenant, found.dispatch)
        return found.state != CLOSED or any(bag.consignment for bag in bags)

    def _bag(self) -> None:
        """Close an empty bag; its dispatch is open from then on."""
        self.count += 1
        tag = f"left {self.count}"
        open_receptacle(self.store, self.network, self.by, Opening(**OPENING | {"tag": tag}, handling_class="C"))
        close_receptacles(self.store, self.network, self.by, [Closing(tag, 1_000)])

    def _close(self) -> str:
        """Close a dispatch with a bag; its number."""
        self._bag()
        return close_dispatch(self.store, self.network, self.by, SERIES).dispatch.dispatch_id
