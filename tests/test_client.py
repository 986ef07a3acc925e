"""The client asks a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepost.base.errors import EntrepostError, MisuseError
from entrepost.client import Client, RefusedError
from entrepost.network.feed import write_network
from entrepost.operations.keys import make_key
from entrepost.wiring import open_store
from tests.durability.served import Served, free_port
from tests.operations.office import HOLDER
from tests.operations.shop import lamp, write_csv
from tests.worlds import one_warehouse


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server of its own."""
    folder = tmp_path_factory.mktemp("client")
    write_network(one_warehouse(), folder / "network")
    store = open_store(folder / "shop.db")
    _, key = make_key(store, HOLDER, "client", ["*"])
    store.close()
    with Served(str(folder / "shop.db"), folder, folder / "network") as server:
        yield Client(server.url, key)


def test_rows_go_in_and_a_bad_one_is_told(client: Client) -> None:
    told = client.send_rows("orders", [lamp(order_id="c1"), lamp(order_id="c2", weight_g="x")])
    assert (told["accepted"], told["rejected"]) == (1, 1)
    assert [line["order_id"] for line in client.pages("/v1/orders", limit=1)] == ["c1"]


def test_a_file_is_uploaded_and_waited_for(client: Client, tmp_path: Path) -> None:
    begun = client.upload("orders", write_csv(tmp_path, *(lamp(order_id=f"f{number}") for number in range(5))))
    done = client.wait_for(begun["batch"], every_seconds=0.05)
    assert (done["state"], done["accepted"]) == ("done", 5)


def test_what_is_refused_is_raised_with_what_the_server_said(client: Client) -> None:
    with pytest.raises(RefusedError) as refused:
        client.post("/v1/keys", {"name": "", "scopes": []})
    assert (refused.value.status, refused.value.code) == (422, "invalid")
    assert {each["field"] for each in refused.value.errors} == {"name", "scopes"}
    with pytest.raises(RefusedError, match="no item"):
        client.get("/v1/items/LX999999999CN")


def test_a_key_is_made_and_taken_away(client: Client) -> None:
    made = client.post("/v1/keys", {"name": "till", "scopes": ["quotes:write"]})
    assert client.delete(f"/v1/keys/{made['key']}")["revoked_at"]


def test_a_server_that_is_away_and_an_address_that_is_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(EntrepostError, match="does not answer"):
        Client(f"http://127.0.0.1:{free_port()}", "k", tries=1).get("/health/live")
    with pytest.raises(MisuseError, match="address"):
        Client("ftp://host", "k")
    with pytest.raises(MisuseError, match="files can be"):
        Client("http://host", "k").upload("orders", tmp_path / "orders.pdf")
