"""Draws the pictures of the guide to the message monitor: `python -m tests.web.message_pictures [FOLDER]`.

A week of messages that are made up: two operators, one that is silent since yesterday, dispatches of which not
everybody has told, and one message that was refused. The pages are shown by Debian's Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from entrepost.codes import s10
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.partner import Partners
from entrepost.mail.receptacle import Count, Receptacle
from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt, predes
from entrepost.messages.edifact import Envelope
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.predes import Predes
from entrepost.operations.dispatching.registering import register
from entrepost.operations.exchange_records import CameMessage, ExchangeAlarm, KeptAdvanceData, Sent, SentMessage
from entrepost.operations.exchanging.inbox import Incoming, Verdict, take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.outbox import Entry, Route, queue
from entrepost.operations.exchanging.partners import put_partners
from entrepost.operations.exchanging.transport import INTERCHANGE, Arrival, Transmission
from entrepost.operations.message_desk import name_message
from entrepost.operations.store import Store
from tests.operations.exchanged import apply, partners
from tests.operations.office import PASSWORD
from tests.web.inside import CARL, Tower, tower_in
from tests.web.test_browser import browser_at, served

FOLDER = Path(__file__).parents[2] / "docs" / "assets" / "tower"
START = datetime(2026, 1, 1, 6, tzinfo=UTC)
ZONES = {"NLHAGI": "Europe/Amsterdam", "USJFKA": "America/New_York", "CNSZXA": "Asia/Shanghai"}
SIZE: Any = {"width": 1180, "height": 860}


def fill(tower: Tower) -> str:
    """A week of messages; the name of the one that was refused."""
    store, known = tower.store, partners()
    put_partners(store, "main", known)
    clock: Any = store.clock
    now = clock.instant
    for hour in range(0, 144, 4):
        clock.instant = START + timedelta(hours=hour)
        _take(store, known, ("NL101", f"N{hour:03d}"), [_events("NLHAGI", hour, 2)])
        if hour < 100:
            _take(store, known, ("US101", f"U{hour:03d}"), [_events("USJFKA", hour, 3)])
        _send(store, hour)
    for serial, days in ((41, 14), (42, 12), (45, 9)):
        register(store, "main", _dispatch(serial, now - timedelta(days=days)))
    clock.instant = now - timedelta(hours=2)
    body = predes.write([_dispatch(46, clock.instant)], _envelope("NL101", "R46", clock.instant), ZONES)
    _arrive(
        store, known, "NL101", "R46", body.replace(b"+2:BG", b"+2:QQ").replace(b"GID+2+1:BG", b"GID+2+1:QQ"), _refuse
    )
    clock.instant = now
    _answer(store, now - timedelta(hours=9))
    heads = [_number(10 * 45 + each) for each in range(2, 6)] + [_number(10 * 42 + each) for each in range(2, 6)]
    facts = ("NLA", "", "CNA", "U", 250, now, now, now)
    store.exchange.put([KeptAdvanceData("main", item_id, *facts) for item_id in heads])
    what = "nothing came for 44 hours; 4 hours are usual"
    alarm = ExchangeAlarm("main", "USA EMSEVT", "USA", "EMSEVT", "silence", what, now - timedelta(hours=40))
    store.exchange.put([alarm])
    (refused,) = store.exchange.list_with(CameMessage, "main", {"state": ["refused"]})
    return name_message("in", refused.entry)


def _answer(store: Store, before: datetime) -> None:
    """Receipts came for all that was sent before, but for one interchange that went nowhere."""
    rows = store.exchange.list_with(Sent, "main", {})
    lost = rows[3].sent
    done = [each for each in rows if each.created_at < before and each.sent != lost]
    store.exchange.put([replace(each, state="accepted", attempts=1, answered_at=each.created_at) for each in done])
    store.exchange.put([replace(rows[3], attempts=17, answer="taken over, no receipt")])
    names = {each.sent for each in done}
    told = [each for each in store.exchange.list_with(SentMessage, "main", {}) if each.sent in names]
    store.exchange.put([replace(each, state="accepted") for each in told])


def _refuse(_books: Any, _desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    why = "R46 error dispatch_weight_differs: it weighs 25000 g, its receptacles together 12500 g; weigh again"
    return [Verdict("refused", why) for _ in mine]


def _events(office: str, hour: int, count: int) -> Emsevt:
    at = START + timedelta(hours=hour - 1)
    codes = ("EMD", "EMF", "EMI") if office == "USJFKA" else ("EMA", "EMC")
    reports = tuple(
        ItemReport(_number(100 * hour + each), codes[each % len(codes)], at, office) for each in range(count)
    )
    return Emsevt(f"{office[:2]}-{hour:04d}", at, reports, office=office)


def _dispatch(serial: int, closed_at: datetime) -> Predes:
    year = closed_at.year % 10
    number = f"NLHAGICNSZXAAUN{year}{serial:04d}"
    bags = tuple(
        Receptacle(
            f"{number}00{place}{int(place == 2)}00125", 12_500, counts=(Count("E", 2),), item_ids=_items(serial, place)
        )
        for place in (1, 2)
    )
    return Predes(f"NL-{serial:05d}", Dispatch(number, closed_at, 25_000, bags))


def _items(serial: int, place: int) -> tuple[str, ...]:
    return tuple(_number(10 * serial + 2 * place + each) for each in (0, 1))


def _number(serial: int) -> str:
    return s10.format(s10.S10("LX", 26_110_000 + serial, "NL"))


def _envelope(sender: str, reference: str, now: datetime) -> Envelope:
    return Envelope(sender, "CN101", now.replace(tzinfo=None), reference)


def _take(store: Store, known: Partners, named: tuple[str, str], messages: Sequence[Emsevt]) -> None:
    sender, reference = named
    body = emsevt.write(messages, _envelope(sender, reference, store.clock.now()), ZONES)
    _arrive(store, known, sender, reference, body, apply)


def _arrive(store: Store, known: Partners, sender: str, reference: str, body: bytes, applier: Any) -> None:
    sent = Transmission(f"{sender}_CN101_{reference}", sender, "CN101", INTERCHANGE, body)
    arrival = Arrival(sent, sender, lambda: None, lambda _why: None)
    desk = Desk("main", known, store.clock.now())
    take_in(store, desk, {"EMSEVT": applier, "PREDES": applier}, "folder", [arrival])


def _send(store: Store, hour: int) -> None:
    partner, operator = ("NL101", "NLA") if hour % 8 else ("US101", "USA")
    route = Route("CN101", partner, operator, "folder")
    queue(store, "main", route, [Entry("PREDES", f"CN-{hour:05d}")], lambda _reference, _now: b"UNA")


def main(out: Path) -> None:
    """Draw the pictures into a folder."""
    with tempfile.TemporaryDirectory() as name, tower_in(Path(name)) as tower:
        refused = fill(tower)
        with served(tower.app) as address, browser_at(Path("/usr/bin/chromium")) as browser:
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{address}/sign-in")
            page.get_by_label("E-mail address").fill(CARL)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{address}/")
            for picture, path in (
                ("messages", "/messages"),
                ("message", f"/messages/{refused}"),
                ("open", "/messages/open"),
            ):
                page.goto(address + path)
                page.screenshot(path=out / f"{picture}.png", full_page=picture == "message")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
