"""The partners of the pictures: four operators who tell what happens abroad, and one that went silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from entrepost.codes import s10
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.partner import EVERY, Address, Channel, Office, Operator, Partners
from entrepost.mail.receptacle import Count, Receptacle
from entrepost.mail.report import CarriageReport, ItemReport
from entrepost.messages import emsevt, itmatt, predes, receipt, resdes
from entrepost.messages.edifact import Envelope
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.predes import Predes
from entrepost.messages.receipt import Receipt
from entrepost.messages.resdes import Resdes
from entrepost.network.network import Network
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.exchange_records import CameMessage
from entrepost.operations.exchanging.alarms import watch
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.outbox import send_due
from entrepost.operations.exchanging.partners import get_partners, put_partners
from entrepost.operations.exchanging.posting import post
from entrepost.operations.exchanging.receipts import take_receipts
from entrepost.operations.exchanging.transport import INTERCHANGE, RECEIPT, Arrival, Kind, Transmission, Unsent
from entrepost.operations.message_desk import name_message
from entrepost.operations.store import Store
from tools.docs.tower.goods import advise

OWN = "CN101"
OPERATORS = {
    "DE": Operator("DEA", "Deutsche Post", "DE", "Europe/Berlin"),
    "FR": Operator("FRA", "La Poste", "FR", "Europe/Paris"),
    "GB": Operator("GBA", "Royal Mail", "GB", "Europe/London"),
    "US": Operator("USA", "United States Postal Service", "US", "America/New_York"),
}
OFFICES = {"DE": "DEFRAA", "FR": "FRCDGA", "GB": "GBLALA", "US": "USJFKA"}
FIRST = date(2025, 1, 1)
SILENT, SILENCE = "US", timedelta(hours=44)
REPORTS_MOST = 6


@dataclass
class Box:
    """A transport in memory: it has what was sent until the partners answer it."""

    gone: list[Transmission] = field(default_factory=list)

    def send(self, transmissions: Sequence[Transmission]) -> Sequence[Unsent]:
        """Take all of it."""
        self.gone += transmissions
        return ()

    def fetch(self, limit: int = 100) -> Any:
        """Nothing comes this way."""
        return iter(())

    def close(self) -> None:
        """Nothing is held."""


def agree(store: Store, network: Network) -> None:
    """Keep the table of partners: every message both ways, over a folder."""
    operators = (Operator("CNA", "China Post", "CN", "Asia/Shanghai", own=True), *OPERATORS.values())
    by_country = {each.countries: each.operator for each in operators}
    offices = tuple(
        Office(each.facility, by_country[each.country], FIRST, None, each.time_zone)
        for each in network.facilities
        if each.country in by_country
    )
    addresses = tuple(Address(f"{each.countries}101", each.operator, FIRST) for each in operators)
    channels = tuple(Channel(each.operator, "in", EVERY, FIRST) for each in OPERATORS.values()) + tuple(
        Channel(each.operator, "out", name, FIRST, syntax="xml" if name == "ITMATT" else "edifact")
        for each in OPERATORS.values()
        for name in (EVERY, "ITMATT")
    )
    put_partners(store, "main", Partners(operators, offices, addresses, channels))


@dataclass
class Abroad:
    """What partners tell and are told; `now` is when the pictures are taken."""

    store: Store
    zones: dict[str, str]
    now: datetime
    box: Box = field(default_factory=Box)
    _coming: list[Arrival] = field(default_factory=list)
    _count: int = 0
    _serial: dict[str, int] = field(default_factory=dict)

    def tell(self, events: pl.DataFrame, arrived: dict[str, tuple[str, ...]]) -> None:
        """Let each partner tell what happened at its places, and which dispatches came."""
        known = get_partners(self.store, "main")
        for country in OPERATORS:
            if self._is_silent(country):
                continue
            mine = events.filter(pl.col("facility").str.starts_with(country)).sort("time")
            reports = [self._report(row) for row in mine.iter_rows(named=True)]
            for start in range(0, len(reports), REPORTS_MOST):
                part = tuple(reports[start : start + REPORTS_MOST])
                name = f"{country}-{self._next():05d}"
                self._send(country, lambda envelope, n=name, p=part: self._emsevt(n, p, envelope))
            for number, bags in arrived.items():
                if number[6:8] == country:
                    self._send(country, lambda envelope, n=number, b=bags: self._resdes(n, b, envelope))
            if self.store.clock.now().hour < 6 and self._next() % 2:
                self._announce(country)
        self._deliver(known)

    def hear(self, tellings: Sequence[Telling]) -> None:
        """Queue what the office tells."""
        with self.store.transaction():
            post(self.store, "main", get_partners(self.store, "main"), tellings)

    def answer(self) -> None:
        """Send what is due; partners that are not silent answer by a receipt."""
        send_due(self.store, {"folder": self.box}, tenant="main")
        gone, self.box.gone = self.box.gone, []
        arrivals = []
        for each in gone:
            country = each.recipient[:2]
            if self._is_silent(country):
                continue
            reference = each.transmission_id.rpartition("_")[2]
            said = Receipt(each.recipient, OWN, reference, each.transmission_id, self.store.clock.now(), "accepted")
            arrivals.append(self._arrival(country, f"C{each.transmission_id}", receipt.write(said), RECEIPT))
        take_receipts(self.store, "main", arrivals)
        if self.store.clock.now() > self.now - SILENCE:
            watch(self.store, "main")

    def finish(self) -> dict[str, str]:
        """What is wrong at the end: a dispatch with an unknown code that goes elsewhere, and alarms; its name."""
        self.store.clock.instant = self.now - timedelta(hours=2)  # type: ignore[attr-defined]
        made = self._dispatch("FR", "JPTYOA")
        self._send(
            "FR", lambda envelope: predes.write([made], envelope, self.zones).replace(b"GID+1+1:BG", b"GID+1+1:QQ", 1)
        )
        self._deliver(get_partners(self.store, "main"))
        self.store.clock.instant = self.now  # type: ignore[attr-defined]
        watch(self.store, "main")
        refused = self.store.exchange.list_with(CameMessage, "main", {"state": ["refused"]})
        (wrong,) = [each for each in refused if each.message == "PREDES"]
        return {"message": name_message("in", wrong.entry)}

    def _announce(self, country: str) -> None:
        """A dispatch of this partner for us, and the data of its items ahead of it."""
        made = self._dispatch(country, "CNSZXA")
        for at, item_id in enumerate(item for bag in made.dispatch.receptacles for item in bag.item_ids):
            self._send(country, lambda _, i=item_id, a=at: itmatt.write(self._advise(i, a)), f"I{at}")
        self._send(country, lambda envelope: predes.write([made], envelope, self.zones))

    def _dispatch(self, country: str, destination: str) -> Predes:
        serial = self._serial[country] = self._serial.get(country, 40) + 1
        number = f"{OFFICES[country]}{destination}AUN{self.now.year % 10}{serial:04d}"
        bags = []
        for place in (1, 2):
            items = tuple(s10.format(s10.S10("LX", 4_711_000 + serial * 10 + place * 3 + each, country)) for each in (0, 1, 2))
            weight = 5_200 + 700 * place
            bags.append(
                Receptacle(f"{number}00{place}{int(place == 2)}0{weight // 100:04d}"[:29], weight, counts=(Count("E", 3),), item_ids=items)
            )
        closed = self.store.clock.now() - timedelta(hours=3)
        return Predes(f"{country}-P{serial:05d}", Dispatch(number, closed, sum(each.weight_g for each in bags), tuple(bags)))

    def _advise(self, item_id: str, at: int) -> Itmatt:
        return advise(item_id, 300 + 20 * at, self.store.clock.now() - timedelta(hours=9), "CN")

    def _report(self, row: dict[str, Any]) -> ItemReport:
        return ItemReport(row["item_id"], row["code"], row["time"], row["facility"], row.get("reason") or "")

    def _emsevt(self, name: str, reports: tuple[ItemReport, ...], envelope: Envelope) -> bytes:
        sent = self.store.clock.now()
        return emsevt.write([Emsevt(name, sent, reports, office=reports[0].office)], envelope, self.zones)

    def _resdes(self, number: str, bags: tuple[str, ...], envelope: Envelope) -> bytes:
        now, office = self.store.clock.now(), number[6:12]
        report = CarriageReport("received", now - timedelta(hours=2), office, bags)
        return resdes.write([Resdes(f"R-{number}", now, office, number, (report,))], envelope, self.zones)

    def _send(self, country: str, write: Any, name: str = "") -> None:
        """An interchange of a partner is on its way."""
        reference = f"{country}{self._next():06d}"
        envelope = Envelope(f"{country}101", OWN, self.store.clock.now().replace(tzinfo=None), reference)
        name = f"{country}101_{OWN}_{reference}{name}"
        self._coming.append(self._arrival(country, name, write(envelope), INTERCHANGE))

    def _deliver(self, known: Partners) -> None:
        """Take in what arrived."""
        came, self._coming = self._coming, []
        take_in(self.store, Desk("main", known, self.store.clock.now()), APPLIERS, "folder", came)

    def _arrival(self, country: str, name: str, body: bytes, kind: Kind) -> Arrival:
        sent = Transmission(name, f"{country}101", OWN, kind, body)
        return Arrival(sent, f"{country}101", lambda: None, lambda _why: None)

    def _is_silent(self, country: str) -> bool:
        return country == SILENT and self.store.clock.now() > self.now - SILENCE

    def _next(self) -> int:
        self._count += 1
        return self._count
