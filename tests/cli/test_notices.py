from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.notices_post import list_open
from entrepost.wiring import open_store
from tests.cli.shell import Answer, entrepost
from tests.exchange.mailbox import Mailbox, Server, serve

pytestmark = pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A mail server of this machine, named by the environment."""
    started = serve(mailbox)
    monkeypatch.setenv("ENTREPOST_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("ENTREPOST_SMTP_PORT", str(started.port))
    monkeypatch.setenv("ENTREPOST_SMTP_SECURITY", "none")
    monkeypatch.setenv("ENTREPOST_SMTP_FROM", "news@post.example")
    yield started
    if started.loop.is_running():
        started.stop()


@pytest.fixture
def told(shop: Path) -> Path:
    """A shop whose orders are promised; contacts.csv has two of them and a bad row, ranges.csv new days for one."""
    for command in (("intake", "orders.csv"), ("quote",)):
        assert entrepost(*command, "--network", "network", folder=shop).code == 0
    store = open_store(shop / "entrepost.db")
    items = store.list_items().head(2)
    store.close()
    people = items.select("seller", "order_id", language=pl.lit("fr"), zone=pl.lit("Europe/Paris"))
    people = people.with_columns(email=pl.Series(["anna@example.org", "bo@example.org"]))
    people.write_csv(shop / "contacts.csv")
    days = [datetime.now(UTC) + timedelta(days=count) for count in (30, 32)]
    row = {"item_id": items.item(0, "item_id"), "from_at": days[0].isoformat(), "to_at": days[1].isoformat()}
    pl.DataFrame([row | {"probability": "0.9"}]).write_csv(shop / "ranges.csv")
    return shop


def notices(shop: Path, *more: str) -> Answer:
    return entrepost("notices", "--ranges", "ranges.csv", *more, folder=shop)


def test_a_dry_run_shows_by_item_what_would_be_told_and_sends_nothing(told: Path) -> None:
    answer = notices(told, "--contacts", "contacts.csv", "--dry-run")
    assert answer.code == 0, answer.err
    assert "1 notices would be told" in answer.out
    assert "later: " in answer.out
    assert "@" not in answer.out + answer.err
    facts = notices(told, "--dry-run", "--json").facts
    assert [each["kind"] for each in facts["news"]] == ["later"]


def test_recipients_are_told_once(told: Path, server: Server, mailbox: Mailbox) -> None:
    answer = notices(told, "--contacts", "contacts.csv", "--json")
    assert (answer.code, answer.facts["posted"]["sent"], answer.facts["planned"]["news"]) == (0, 1, {"later": 1})
    again = notices(told)
    assert (again.code, again.out.splitlines()) == (0, ["0 news for the recipients of 2 items"])
    assert mailbox.recipients == ["anna@example.org"]
    assert mailbox.read()[0]["Content-Language"] == "fr"


def test_what_was_promised_is_no_news(told: Path, server: Server, mailbox: Mailbox) -> None:
    answer = entrepost("notices", "--contacts", "contacts.csv", folder=told)
    assert (answer.code, mailbox.letters) == (0, []), answer.out


def test_a_bad_contact_is_told_by_the_exit_code_without_its_address(told: Path) -> None:
    text = (told / "contacts.csv").read_text().replace("bo@example.org", "bo at home")
    (told / "contacts.csv").write_text(text)
    answer = notices(told, "--contacts", "contacts.csv", "--dry-run")
    assert answer.code == 3
    assert "contacts.csv:3 contact_address_malformed" in answer.err
    assert "bo at" not in answer.err


def test_a_mail_server_that_is_away_is_exit_code_4_and_the_notice_waits(told: Path, server: Server) -> None:
    server.stop()
    answer = notices(told, "--contacts", "contacts.csv")
    assert answer.code == 4
    assert "stopped: the mail server cannot be reached" in answer.out
    assert notices(told, "--json").facts["posted"]["sent"] == 0, "it is put off for minutes"


def test_without_a_mail_server_the_message_says_what_to_set(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENTREPOST_SMTP_HOST", raising=False)
    answer = notices(told, "--contacts", "contacts.csv")
    assert answer.code == 1
    assert "set ENTREPOST_SMTP_HOST and ENTREPOST_SMTP_FROM" in answer.err


def test_a_person_decides_on_what_is_uncertain(told: Path, server: Server, mailbox: Mailbox) -> None:
    mailbox.to_letters.append("keep and break")
    answer = notices(told, "--contacts", "contacts.csv")
    assert answer.code == 4
    assert "1 notices to decide" in answer.out
    store = open_store(told / "entrepost.db")
    name = list_open(store).item(0, "notice")
    store.close()
    assert notices(told, "--settle", f"{name}=perhaps").code == 1
    assert notices(told, "--settle", f"{name}=again").code == 0
    assert notices(told, "--json").facts["posted"]["sent"] == 1
    assert len(mailbox.twice()) == 1, "because a person said so"


def test_a_file_of_ranges_that_cannot_be_read_is_named(told: Path) -> None:
    (told / "ranges.csv").write_text("item_id\nLX1\n")
    answer = notices(told, "--dry-run")
    assert (answer.code, "ranges.csv" in answer.err) == (1, True)


def test_what_came_back_is_taken_from_a_mailbox_and_a_token_is_honoured(
    told: Path, server: Server, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTREPOST_NOTICE_SECRET", "a river runs through it")
    answer = entrepost("notices", "--contacts", "contacts.csv", "--ranges", "ranges.csv", folder=told)
    assert answer.code == 0, answer.err
    way = mailbox.read()[0]["List-Unsubscribe"].strip("<>")
    token = way.partition("unsubscribe%20")[2]
    (told / "returns.mbox").write_text(f"From x Thu Jan  1 00:00:00 2026\nSubject: unsubscribe {token}\n\n")
    facts = entrepost("notices", "--returns", "returns.mbox", "--json", folder=told).facts
    assert facts["returns"] == {"read": 1, "bounced": 0, "unsubscribed": 1, "ignored": 0}
    assert entrepost("notices", "--unsubscribe", token, "--json", folder=told).facts == {"unsubscribed": False}
    assert entrepost("notices", "--unsubscribe", token + "x", folder=told).code == 1
    monkeypatch.setenv("ENTREPOST_NOTICE_SECRET", "short")
    assert "at least 16 characters" in entrepost("notices", "--unsubscribe", token, folder=told).err
