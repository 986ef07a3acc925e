"""A place names a store, or is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.partner import Address, Operator, Partners
from entrepost.operations.exchanging.transport import INTERCHANGE, Transmission
from entrepost.wiring import is_store, open_brokers, open_https, open_store
from tests.operations.shop import lamp, take_in


@pytest.mark.parametrize("place", ["mysql://host/db", "postgresql://host", ":memory:", "", "sqlite://"])
def test_a_place_that_keeps_nothing_or_is_not_known_is_misuse(place: str) -> None:
    with pytest.raises(MisuseError):
        open_store(place)


def test_a_url_and_a_path_are_the_same_store(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    store.close()
    again = open_store(f"sqlite:///{tmp_path}/shop.db")
    assert again.list_orders().height == 1
    assert again.list_sellers().rows() == [("main", "shop")]


def test_a_store_is_told_from_another_file(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    store.close()
    assert is_store(tmp_path / "shop.db")
    assert is_store("postgresql://host/database")
    (tmp_path / "events.csv").write_text("item_id,code,time\n")
    assert not is_store(tmp_path / "events.csv")
    assert not is_store(tmp_path / "nowhere.db")


def test_brokers_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENTREPOST_NATS_SERVERS", raising=False)
    with pytest.raises(MisuseError, match="ENTREPOST_NATS_SERVERS is not set"):
        open_brokers("CN101")


def test_a_partners_server_is_the_place_of_its_address_of_the_day(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, lamp())
    past, first = date(2025, 12, 31), date(2020, 1, 1)
    addresses = (Address("US101", "US", first, past, place="https://old.example.org"), Address("NL101", "NL", first))
    way = open_https(store, "main", Partners((Operator("US", "US", "US", ""),), (), addresses))
    sent = [Transmission(to, "CN101", to, INTERCHANGE, b"") for to in ("US101", "NL101")]
    assert {each.why for each in way.send(sent)} == {f"{to} has no address for HTTPS yet" for to in ("US101", "NL101")}
    store.close()
