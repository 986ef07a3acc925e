"""Over HTTPS each transmission is posted and signed; who does not answer is left alone and holds up nobody else."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest

from entrepost.base.errors import MisuseError
from entrepost.exchange.addresses import read_networks
from entrepost.exchange.https import HttpsTransport, Partner, Pauses, read_https_settings
from entrepost.exchange.signature import verify
from entrepost.exchange.webhooks import HttpSender, WebhookSettings
from entrepost.operations.exchanging.transport import BYTES_MOST, Transmission
from tests.exchange.receiver import LOCAL, Receiver, serve
from tests.exchange.test_signature import KEY, SENT
from tests.operations.shop import FixedClock

HERE = WebhookSettings(http=True, networks=read_networks(LOCAL), timeout_seconds=5)


@pytest.fixture
def america() -> Iterator[Receiver]:
    started = serve(Receiver())
    yield started
    started.close()


def transport_to(america: Receiver, settings: WebhookSettings = HERE, pauses: Pauses | None = None) -> HttpsTransport:
    places = {"US101": Partner(america.url, KEY), "NL101": Partner(america.url, None)}
    find = lambda own, partner: places.get(partner)  # noqa: E731
    return HttpsTransport(HttpSender(settings), FixedClock(), find, pauses or Pauses())


def named(name: str, recipient: str = "US101") -> Transmission:
    return replace(SENT, transmission_id=name, recipient=recipient)


def test_what_is_sent_arrives_signed_and_as_bytes(america: Receiver) -> None:
    body = bytes(range(256))
    assert transport_to(america).send([replace(SENT, body=body)]) == []
    ((headers, came),) = america.taken
    assert verify(KEY, headers, came) == replace(SENT, body=body)
    assert headers["content-type"] == "application/octet-stream"


def test_to_one_partner_everything_goes_in_its_order(america: Receiver) -> None:
    assert transport_to(america).send([named(f"n{number}") for number in range(20)]) == []
    assert america.names() == [f"interchange:n{number}" for number in range(20)]


def test_who_does_not_take_it_is_left_alone_for_a_while(america: Receiver) -> None:
    america.answer = lambda headers: 503
    over = transport_to(america, pauses=Pauses(0.05, 0.1))
    told = over.send([named("n1"), named("n2")])
    assert [(each.transmission_id, each.is_final) for each in told] == [("n1", False), ("n2", False)]
    assert ("US101 answers 503" in told[0].why, "is asked again in" in told[1].why) == (True, True)
    assert america.asked == ["interchange:n1"]
    america.answer = lambda headers: 204
    time.sleep(0.06)
    assert over.send([named("n1"), named("n2")]) == []


def test_a_pause_is_as_long_as_the_partner_asks_for(america: Receiver) -> None:
    america.answer, america.extra = lambda headers: 429, {"retry-after": "60"}
    told = transport_to(america, pauses=Pauses(0.01, 0.01)).send([named("n1"), named("n2")])
    assert "asked again in 5" in told[1].why or "asked again in 60" in told[1].why


def test_what_will_never_be_taken_is_said_to_be_so(america: Receiver) -> None:
    america.answer = lambda headers: 422
    (told,) = transport_to(america).send([named("n1")])
    assert (told.is_final, told.why) == (True, "US101 answers 422")
    (told,) = transport_to(america).send([replace(SENT, body=bytes(BYTES_MOST + 1))])
    assert (told.is_final, america.asked) == (True, ["interchange:n1"])


def test_without_a_key_or_an_address_it_waits(america: Receiver) -> None:
    told = transport_to(america).send([named("n1", "NL101"), named("n2", "XX101")])
    assert [each.is_final for each in told] == [False, False]
    assert [each.why for each in told] == ["NL101 has no key for HTTPS yet", "XX101 has no address for HTTPS yet"]


def test_no_private_address_is_reached_unless_it_is_allowed(america: Receiver) -> None:
    (told,) = transport_to(america, WebhookSettings(http=True)).send([named("n1")])
    assert ("127.0.0.1 is refused: it is loopback" in told.why, america.asked) == (True, [])
    (told,) = transport_to(america, replace(HERE, http=False)).send([named("n1")])
    assert "only https is allowed" in told.why


def test_nothing_is_fetched(america: Receiver) -> None:
    over = transport_to(america)
    assert list(over.fetch()) == []
    over.close()


def test_the_environment_says_what_may_be_reached() -> None:
    assert read_https_settings({}).networks == ()
    found = read_https_settings({"ENTREPOST_EXCHANGE_HTTP": "yes", "ENTREPOST_EXCHANGE_NETWORKS": "10.0.0.0/8"})
    assert (found.http, [str(each) for each in found.networks]) == (True, ["10.0.0.0/8"])
    for wrong in ({"ENTREPOST_EXCHANGE_HTTP": "ja"}, {"ENTREPOST_EXCHANGE_NETWORKS": "ten"}):
        with pytest.raises(MisuseError, match="EXCHANGE_"):
            read_https_settings(wrong)


def test_who_answers_before_it_has_heard_all_is_heard_itself() -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        connection, _ = listening.accept()
        with connection, listening:
            connection.recv(1_000)
            connection.sendall(b"HTTP/1.1 413 too large\r\n\r\n")

    Thread(target=refuse, daemon=True).start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    over = HttpsTransport(HttpSender(HERE), FixedClock(), lambda own, partner: Partner(url, KEY))
    (told,) = over.send([replace(SENT, body=bytes(20_000_000))])
    assert (told.is_final, told.why) == (True, "US101 answers 413")
