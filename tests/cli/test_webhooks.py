"""entrepost webhooks: an endpoint from its first day to its last, against a real receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepost.wiring import open_store
from tests.cli.shell import Answer, entrepost
from tests.exchange.receiver import LOCAL, Receiver, serve
from tests.operations.hooks import tell


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver of this machine, which the environment allows."""
    monkeypatch.setenv("ENTREPOST_WEBHOOK_HTTP", "yes")
    monkeypatch.setenv("ENTREPOST_WEBHOOK_NETWORKS", LOCAL)
    started = serve(Receiver())
    yield started
    started.close()


def webhooks(folder: Path, *words: str) -> Answer:
    return entrepost("webhooks", *words, folder=folder)


def test_an_endpoint_from_its_first_day_to_its_last(receiver: Receiver, tmp_path: Path) -> None:
    added = webhooks(tmp_path, "add", receiver.url, "--kind", "item.status_changed", "--json").facts
    name = added["endpoint"]
    assert added["secret"].startswith("whsec_")
    store = open_store(tmp_path / "entrepost.db")
    tell(store, "a")
    store.close()
    assert webhooks(tmp_path, "deliver", "--json").facts["delivered"] == 1
    assert webhooks(tmp_path, "replay", name).out.startswith("1 messages queued")
    assert "1 delivered, 1 queued" in webhooks(tmp_path, "list").out
    webhooks(tmp_path, "deliver")
    assert receiver.names()[0] == receiver.names()[1]
    assert webhooks(tmp_path, "replay", name, "--message", receiver.names()[0]).code == 0
    assert webhooks(tmp_path, "change", name, "try").out.endswith("queued\n")
    webhooks(tmp_path, "deliver")
    assert len(receiver.taken) == 4
    log = webhooks(tmp_path, "log", name, "--state", "delivered").out
    assert log.count(" ms  204") == 4
    assert webhooks(tmp_path, "change", name, "secret").out.startswith("secret: whsec_")
    assert [webhooks(tmp_path, "change", name, how).code for how in ("off", "on", "remove", "remove")] == [0, 0, 0, 1]
    assert webhooks(tmp_path, "list").out == "no endpoints\n"


def test_what_makes_no_sense_is_said(tmp_path: Path) -> None:
    assert "there is no store" in webhooks(tmp_path, "list").err
    assert "is written as https://" in webhooks(tmp_path, "add", "hooks").err
    assert "it is loopback" in webhooks(tmp_path, "add", "https://127.0.0.1/").err
    assert "there is no kind" in webhooks(tmp_path, "add", "https://a.example.org", "--kind", "parcel").err
    assert "give on, off" in webhooks(tmp_path, "change", "ep_1", "jump").err
    assert webhooks(tmp_path, "log", "ep_1").out == "no deliveries\n"
