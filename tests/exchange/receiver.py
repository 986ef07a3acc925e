"""A receiver of webhooks: a real HTTP server that answers as it is told, and keeps what it took."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

LOCAL = "127.0.0.0/8"


@dataclass
class Receiver:
    """What came, in its order: the headers (in small letters) and bodies of what was answered with 2xx, and of all."""

    answer: Callable[[dict[str, str]], int] = lambda headers: 204
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    url: str = ""
    close: Callable[[], None] = lambda: None

    def names(self) -> list[str]:
        """The names of the messages that were taken."""
        return [headers["webhook-id"] for headers, _ in self.taken]


def serve(receiver: Receiver, context: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Receiver:
    """Start the receiver; its `url` is where it listens."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with receiver.lock:
                receiver.asked.append(headers["webhook-id"])
                code = receiver.answer(headers)
                if 200 <= code < 300:
                    receiver.taken.append((headers, body))
            self.send_response(code)
            for name, value in receiver.extra.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """Whoever goes away early is no trouble."""

    server = Server((address, 0), Desk)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    receiver.url = f"{'https' if context else 'http'}://{address}:{server.server_port}/hook?of=us"

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    receiver.close = close
    return receiver
