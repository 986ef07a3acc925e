"""A shop's page with the tracking page in a frame, on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Lamp shop</title>
<style>
body { margin: 0; font: 16px/1.5 "DejaVu Sans", sans-serif; color: #2b2118; background: #fbf6ef; }
header { display: flex; justify-content: space-between; padding: 18px 40px; background: #5b3a21; color: #fff; }
main { max-width: 820px; margin: 28px auto; }
h1 { font-size: 24px; margin: 0 0 4px; }
iframe { width: 100%; height: 690px; border: 1px solid #d9c9b6; border-radius: 12px; background: #fff; }
</style></head><body>
<header><strong>Lamp shop</strong><span>Lamps · Bulbs · Your orders</span></header>
<main><h1>Your order is on its way</h1><p>Order 100417 of 2 June</p>
<iframe title="Where your parcel is" src="ADDRESS"></iframe></main></body></html>"""


@contextmanager
def shop() -> Iterator[tuple[str, list[str]]]:
    """The shop's address; the address that its frame shows is put into the list."""
    shown: list[str] = []

    class Counter(BaseHTTPRequestHandler):
        """Answers everything by the page."""

        def do_GET(self) -> None:
            """The page."""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.replace("ADDRESS", shown[-1]).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", shown
    server.shutdown()
