"""Over brokers operators write to one another's inboxes, each under its own name alone."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error

from entrepost.base.errors import MisuseError, TransportError
from entrepost.exchange.nats import NatsTransport
from entrepost.operations.exchanging.transport import INTERCHANGE, RECEIPT, Arrival, Transmission
from tests.brokers import Brokers
from tests.certificates import Authority

pytestmark = pytest.mark.server
OPERATORS = ("CN101", "US101", "NL.1")


@pytest.fixture(scope="module")
def brokers(require_server: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    folder = tmp_path_factory.mktemp("brokers")
    with Brokers(
        require_server("nats-server"), folder, OPERATORS, pairs=(("CN101", "US101"), ("US101", "CN101"))
    ) as made:
        yield made


@pytest.fixture
def china(brokers: Brokers) -> Iterator[NatsTransport]:
    opened = NatsTransport(brokers.settings("CN101"), "CN101")
    yield opened
    opened.close()


@pytest.fixture
def america(brokers: Brokers) -> Iterator[NatsTransport]:
    opened = NatsTransport(brokers.settings("US101"), "US101")
    taken(opened)
    yield opened
    opened.close()


def letter(name: str, body: bytes = b"UNB", to: str = "US101", sender: str = "CN101") -> Transmission:
    return Transmission(name, sender, to, INTERCHANGE, body)


def taken(transport: NatsTransport, limit: int = 100) -> list[Arrival]:
    came = list(transport.fetch(limit))
    for each in came:
        each.done()
    return came


def names(transport: NatsTransport, limit: int = 100) -> list[str]:
    return [each.transmission.transmission_id for each in taken(transport, limit)]


def missed(transport: NatsTransport, sender: str = "CN101") -> list[str]:
    """What the brokers did not take, when they are away."""
    try:
        return [
            each.transmission_id for each in transport.send([letter("meanwhile", sender=sender)]) if not each.is_final
        ]
    except TransportError:
        return ["meanwhile"]


async def write(brokers: Brokers, operator: str, subject: str) -> None:
    """Write to a subject with an operator's certificate and nothing else of ours."""
    settings = brokers.settings(operator)
    context = ssl.create_default_context(cafile=settings.authority)
    context.load_cert_chain(settings.certificate, settings.key)
    client = Client()
    await client.connect([settings.servers[0]], tls=context)
    await client.jetstream().publish(subject, b"?")
    await client.close()


def until(patient: Callable[[], list[str]], seconds: float = 10) -> list[str]:
    """What comes in the end, however often it is asked and the brokers are away."""
    deadline, came = time.monotonic() + seconds, list[str]()
    while not came and time.monotonic() < deadline:
        try:
            came = patient()
        except TransportError:
            time.sleep(0.02)
    return came


def test_what_is_sent_arrives_as_it_was_with_who_is_proved_to_have_sent_it(
    china: NatsTransport, america: NatsTransport
) -> None:
    sent = [letter(f"order-{number}", bytes([number]) * 100_000) for number in range(20)]
    assert china.send(sent) == []
    came = taken(america)
    assert [each.transmission for each in came] == sent
    assert {each.proved_sender for each in came} == {"CN101"}


def test_a_receipt_says_that_it_is_one(china: NatsTransport, america: NatsTransport) -> None:
    taken(china)
    receipt = Transmission("r1", "US101", "CN101", RECEIPT, b"taken")
    assert until(lambda: [unsent.why for unsent in america.send([receipt])] or ["taken over"]) == ["taken over"]
    came = until(lambda: [f"{each.transmission.kind} {each.transmission.body!r}" for each in taken(china)])
    assert came == [f"{RECEIPT} {b'taken'!r}"]


def test_what_is_sent_again_at_once_comes_once(china: NatsTransport, america: NatsTransport) -> None:
    assert china.send([letter("again-1"), letter("again-1")]) == []
    assert china.send([letter("again-1")]) == []
    assert names(america) == ["again-1"]


def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(
    china: NatsTransport, america: NatsTransport
) -> None:
    china.send([letter("kept"), letter("done"), letter("refused")])
    _kept, done, refused = america.fetch()
    done.done()
    refused.refuse("it claims to be another's")
    assert names(america) == []
    assert until(lambda: names(america)) == ["kept"]


def test_one_can_be_taken_no_more_than_asked_for(china: NatsTransport, america: NatsTransport) -> None:
    china.send([letter(f"few-{number}") for number in range(5)])
    assert [len(names(america, 3)), len(names(america))] == [3, 2]


def test_who_has_no_inbox_or_takes_nothing_from_us_is_told_apart_from_who_does(
    china: NatsTransport, america: NatsTransport
) -> None:
    told = china.send([letter("lost", to="NL.1"), letter("found")])
    assert [(each.transmission_id, each.is_final) for each in told] == [("lost", False)]
    assert "NL.1 has no inbox at the brokers, or takes nothing from CN101" in told[0].why
    assert names(america) == ["found"]


def test_nobody_writes_under_anothers_name(china: NatsTransport) -> None:
    (told,) = china.send([letter("forged", sender="US101", to="CN101")])
    assert told.is_final
    assert "the brokers know us as CN101" in told.why


def test_the_brokers_themselves_refuse_anothers_subject(brokers: Brokers, america: NatsTransport) -> None:
    """Who does not use our transport has its own certificate all the same, and can name no other sender."""
    with pytest.raises(Error, match="no response from stream"):
        asyncio.run(write(brokers, "CN101", "transmissions.NL=2E1.US101"))
    assert names(america) == []


def test_a_certificate_is_for_the_address_that_we_say_is_ours(brokers: Brokers) -> None:
    posing = NatsTransport(brokers.settings("CN101"), "NL.1")
    with pytest.raises(TransportError, match=r"the certificate .* is for CN101, not NL\.1"):
        posing.send([letter("posing", sender="NL.1")])
    posing.close()


def test_what_is_too_large_is_refused_for_good_and_before_it_is_sent(
    china: NatsTransport, america: NatsTransport
) -> None:
    (told,) = china.send([letter("large", bytes(9 << 20)), letter("small")])
    assert (told.transmission_id, told.is_final) == ("large", True)
    assert "more than brokers take" in told.why
    assert names(america) == ["small"]


def test_who_has_no_certificate_of_the_authority_is_not_let_in(brokers: Brokers, tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path).issue("CN101")
    stranger = NatsTransport(replace(brokers.settings("CN101"), certificate=certificate, key=key), "CN101")
    with pytest.raises(TransportError, match="no broker is to be had"):
        stranger.send([letter("strange")])
    stranger.close()


def test_when_the_brokers_are_away_it_is_said_at_once_and_again_after_growing_pauses(
    brokers: Brokers, america: NatsTransport
) -> None:
    china = NatsTransport(brokers.settings("CN101"), "CN101")
    china.send([letter("before")])
    brokers.kill("node-1")
    assert missed(china) == missed(china) == ["meanwhile"]
    with pytest.raises(TransportError, match="asked again in"):
        next(china.fetch())
    brokers.start("node-1")

    assert until(lambda: [] if missed(china) else ["sent"]) == ["sent"]
    china.close()
    assert until(lambda: names(america)) == ["before", "meanwhile"]


def test_an_inbox_is_as_its_owner_last_wanted_it(brokers: Brokers, america: NatsTransport) -> None:
    wider = NatsTransport(brokers.settings("US101", again_seconds=3.0, double_seconds=60.0), "US101")
    assert wider.count_waiting() == 0
    wider.close()
    assert america.count_waiting() == 0


def test_what_none_of_our_transports_wrote_is_taken_away(
    brokers: Brokers, america: NatsTransport, caplog: pytest.LogCaptureFixture
) -> None:
    asyncio.run(write(brokers, "CN101", "transmissions.CN101.US101"))
    assert names(america) == []
    assert until(lambda: [] if america.count_waiting() else ["nothing waits"]) == ["nothing waits"]
    assert any(each.startswith("refused what CN101 sent") for each in caplog.messages)


def test_a_new_operator_is_let_in_while_the_brokers_run(brokers: Brokers, america: NatsTransport) -> None:
    brokers.let_in("FR101")
    france = NatsTransport(brokers.settings("FR101"), "FR101")
    assert until(lambda: [] if missed(france, "FR101") else ["sent"]) == ["sent"]
    france.close()
    assert until(lambda: names(america)) == ["meanwhile"]


def test_what_is_closed_is_not_asked_any_more(brokers: Brokers) -> None:
    gone = NatsTransport(brokers.settings("CN101"), "CN101")
    gone.close()
    gone.close()
    with pytest.raises(MisuseError, match="was closed"):
        gone.send([letter("late")])
