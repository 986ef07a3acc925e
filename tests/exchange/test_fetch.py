"""What is got from a URL that the operator named, from a real server at this machine."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.exchange.fetch import fetch


class Desk(BaseHTTPRequestHandler):
    """Answers by what is asked."""

    def do_GET(self) -> None:
        place = self.path.partition("?")[0]
        status = {"/away": 404, "/elsewhere": 302}.get(place, 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://rates.example/rates.csv")
        self.end_headers()
        if status == 200:
            self.wfile.write(b"x" * 100)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_it_answers_is_got(url: str) -> None:
    assert fetch(f"{url}/rates.csv") == b"x" * 100


@pytest.mark.parametrize(
    ("path", "told"),
    [("/away?key=secret", r"/away answered 404$"), ("/elsewhere", r"http://rates.example/rates.csv is not read")],
)
def test_another_answer_is_told_without_what_may_be_a_secret(url: str, path: str, told: str) -> None:
    with pytest.raises(UnreadableInputError, match=told):
        fetch(url + path)


def test_too_much_is_not_taken(url: str) -> None:
    with pytest.raises(UnreadableInputError, match="more than 99 bytes"):
        fetch(url, 99)


def test_who_is_not_there_is_told(url: str) -> None:
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        fetch("http://127.0.0.1:1/rates.csv")


@pytest.mark.parametrize(
    "named",
    ["http://rates.example/x", "gopher://127.0.0.1/x", "ftp://127.0.0.1/x", "https//x", "http://[x", "http://a@b/"],
)
def test_only_https_is_read_from_elsewhere(named: str) -> None:
    with pytest.raises(UnreadableInputError, match="give https, or http at this very machine"):
        fetch(named)
