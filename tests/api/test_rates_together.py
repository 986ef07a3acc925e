"""Two processes of a server read rates from a URL once a day, and both go by new ones while they serve."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from entrepost.client import Client
from entrepost.network.feed import write_network
from entrepost.operations.keys import make_key
from entrepost.reference.fx import add_rates
from entrepost.wiring import open_store
from tests.api.test_serve_together import pid_of
from tests.durability.served import Served
from tests.operations.office import HOLDER
from tests.operations.shop import lamp
from tests.servers import Postgres
from tests.worlds import two_offices

PATIENCE_SECONDS = 60


@pytest.mark.server
def test_two_processes_ask_once_and_take_new_rates_while_they_serve(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, asked = datetime.now(UTC), list[str]()
    text = f"Date, USD, CNY, \n{now.day:02d} {now:%B} {now.year}, 1.1, 8, \n"
    bank = _answering(text.encode(), asked)
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    place = postgres.create_owned("rates_together")
    write_network(two_offices(), tmp_path / "network")
    store = open_store(place)
    _, key = make_key(store, HOLDER, "gate", ["*"])
    served = Served(place, tmp_path, tmp_path / "network", workers=2)
    served.settings["ENTREPOST_RATES"] = f"http://127.0.0.1:{bank.server_port}/eurofxref.csv"
    with served as server:
        client = Client(server.url, key, tries=10)

        def rated_on(currency: str) -> str | None:
            order = lamp(order_id="o", currency=currency, placed_at=datetime.now(UTC).isoformat())
            (told,) = client.post("/v1/quotes", {"orders": [order], "every": True})["data"]
            found: str | None = told["rated_on"]
            return found

        today = str(now.date())
        _until(lambda: rated_on("USD") == today)
        assert rated_on("KWD") is None
        (tmp_path / "kwd.csv").write_text(f"currency,day,rate\nKWD,{date.fromisoformat(today)},0.35\n")
        add_rates(tmp_path / "kwd.csv")
        pids = set[str]()
        _until(lambda: [rated_on("KWD") for _ in range(20)] == [today] * 20)
        _until(lambda: (pids.add(pid_of(server.url)), len(pids) == 2)[1])
    assert asked in (["/eurofxref.csv"], ["/eurofxref.csv"] * 2)  # both may look in the very same moment
    bank.shutdown()
    bank.server_close()
    store.close()


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _answering(content: bytes, asked: list[str]) -> ThreadingHTTPServer:
    """A bank at this machine, and what it was asked."""

    class Bank(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bank)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
