"""`/v1/exchange/transmissions`: who signs is known, and what it sends is in the inbox when it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from entrepost.exchange.signature import sign
from entrepost.mail.partner import EVERY, Address, Channel, Operator, Partners
from entrepost.messages.edifact import Envelope, Interchange, Message, segment, write
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.exchange_records import Came, CameMessage
from entrepost.operations.exchanging.partners import put_partners
from entrepost.operations.exchanging.transport import BYTES_MOST, INTERCHANGE, RECEIPT, Transmission
from entrepost.operations.partner_key_store import PartnerKey
from entrepost.operations.partner_keys import end_partner_key, make_partner_key
from tests.api.world import PARAMS, World, world_at
from tests.operations.office import HOLDER, wait
from tests.operations.shop import NOW

PATH = "/v1/exchange/transmissions"
OTHER = Caller("other", "terminal", frozenset(SCOPES))
FIRST = date(2025, 1, 1)
PARTNERS = Partners(
    operators=(
        Operator("US", "America", "US", "America/New_York", own=True),
        Operator("CN", "China", "CN", "Asia/Shanghai"),
    ),
    addresses=(Address("US101", "US", FIRST), Address("CN101", "CN", FIRST)),
    channels=(Channel("CN", "in", EVERY, FIRST, transport="https"),),
)


@dataclass
class Desk:
    """The server of US101, and the key by which CN101 signs."""

    world: World
    key: PartnerKey

    def post(self, sent: Transmission, key: PartnerKey | None = None, **headers: str) -> Any:
        told = sign(key or self.key, sent, self.world.store.clock.now()) | headers
        return self.world.client.post(
            PATH, content=sent.body, headers={name: text for name, text in told.items() if text}
        )

    def states(self, tenant: str = "main") -> list[str]:
        return [each.state for each in self.world.store.exchange.list_with(CameMessage, tenant, {})]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("posted")
    with world_at(str(folder / "shop.db"), folder, PARAMS, fill=False) as world:
        for tenant in ("main", "other"):
            put_partners(world.store, tenant, PARTNERS)
        yield Desk(world, make_partner_key(world.store, HOLDER, "US101", "CN101")[0])


@pytest.fixture(autouse=True)
def _on_time(desk: Desk) -> Iterator[None]:
    yield
    wait(desk.world.store, seconds=0)


def interchange(number: int, sender: str = "CN101") -> Transmission:
    envelope = Envelope(sender, "US101", NOW.replace(tzinfo=None), f"{number:08d}", "EMSEVT", syntax="UNOW")
    message = Message.of(("EMSEVT", "D", "96A", "UN"), [segment("BGM", "", f"doc-{number}", "9")], reference="1")
    body = write(Interchange.of(envelope, [message]))
    return Transmission(f"CN101_US101_{number:08d}", "CN101", "US101", INTERCHANGE, body)


def test_what_is_answered_is_in_the_inbox_and_what_comes_again_is_there_once(desk: Desk) -> None:
    before = len(desk.states())
    assert [desk.post(interchange(1)).status_code for _ in range(3)] == [204, 204, 204]
    assert len(desk.states()) == before + 1
    (came,) = desk.world.store.exchange.find(Came, "main", ["CN101 00000001"]).values()
    assert (came.times, came.transport, came.sender) == (3, "https", "CN101")


def test_a_receipt_about_nothing_that_we_sent_is_refused_with_its_reason(desk: Desk) -> None:
    told = desk.post(replace(interchange(2), kind=RECEIPT))
    assert told.status_code == 422
    assert "receipt" in told.json()["error"]["message"]


def test_who_claims_to_be_another_in_the_envelope_is_refused(desk: Desk) -> None:
    told = desk.post(interchange(3, sender="NL101"))
    assert told.status_code == 422
    assert "exchange_sender_other" in told.json()["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"entrepost-key": ""},
        {"entrepost-key": "epx.bWFpbg.0000"},
        {"entrepost-key": "nonsense"},
        {"webhook-id": "receipt:CN101_US101_00000004"},
        {"webhook-id": "interchange:../etc"},
        {"webhook-timestamp": "0"},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
    ],
)
def test_without_the_signature_of_a_key_that_holds_nothing_is_taken(desk: Desk, headers: dict[str, str]) -> None:
    before = desk.states()
    told = desk.post(interchange(4), **headers)
    assert (told.status_code, told.json()["error"]["code"]) == (401, "unknown_caller")
    assert desk.states() == before


def test_another_partners_another_accounts_and_an_ended_key_are_no_ones(desk: Desk) -> None:
    store = desk.world.store
    ended, _ = make_partner_key(store, HOLDER, "US101", "FR101")
    end_partner_key(store, HOLDER, ended.key)
    others, _ = make_partner_key(store, OTHER, "US101", "CN101")
    stolen = replace(desk.key, secret=others.secret)
    renamed = replace(others, sent_name=others.sent_name.replace("b3RoZXI", "bWFpbg"))
    for key in (ended, stolen, renamed):
        assert desk.post(interchange(5), key).status_code == 401
    before = desk.states()
    assert desk.post(interchange(5), others).status_code == 204
    assert (desk.states(), len(desk.states("other"))) == (before, 1)


def test_what_was_signed_long_ago_is_a_replay(desk: Desk) -> None:
    sent = interchange(6)
    headers = sign(desk.key, sent, NOW)
    wait(desk.world.store, minutes=6)
    told = desk.world.client.post(PATH, content=sent.body, headers=headers)
    assert (told.status_code, "signed 360 s ago" in told.text) == (401, True)
    wait(desk.world.store, seconds=0)


def test_what_is_too_large_is_refused_by_its_length_before_it_is_read(desk: Desk) -> None:
    headers = sign(desk.key, interchange(7), NOW) | {"content-length": str(BYTES_MOST + 1)}
    told = desk.world.client.post(PATH, content=b"", headers=headers)
    assert (told.status_code, told.json()["error"]["code"]) == (413, "too_large")


def test_what_does_not_say_how_long_it_is_is_read_no_further_than_it_may_be(desk: Desk) -> None:
    part, taken = b"x" * 1_000_000, []

    def endless() -> Iterator[bytes]:
        while len(taken) < 60:
            taken.append(1)
            yield part

    told = desk.world.client.post(PATH, content=endless(), headers=sign(desk.key, interchange(8), NOW))
    assert told.status_code == 413


def test_a_clock_that_is_a_little_off_does_no_harm(desk: Desk) -> None:
    sent = interchange(9)
    headers = sign(desk.key, sent, NOW + timedelta(minutes=4))
    assert desk.world.client.post(PATH, content=sent.body, headers=headers).status_code == 204
