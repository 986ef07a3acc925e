"""Endpoints are added, changed, given another secret, switched and removed; what makes no sense is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.store import Store
from entrepost.operations.webhooks import BATCH_FINISHED, STATUS_CHANGED
from entrepost.operations.webhooks_endpoints import (
    add_endpoint,
    change_endpoint,
    check_secret,
    new_secret,
    remove_endpoint,
    secrets_at,
    switch_endpoint,
    try_endpoint,
    turn_secret,
)
from entrepost.operations.webhooks_send import deliver_due
from tests.operations.hooks import DOWN, URL, Runner, move, tell
from tests.operations.shop import NOW, store_in


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def test_an_endpoint_is_found_as_it_was_added(store: Store) -> None:
    made = add_endpoint(store, "main", URL, [STATUS_CHANGED, BATCH_FINISHED])
    assert store.webhooks.find_endpoint("main", made.endpoint) == made
    assert store.webhooks.list_endpoints("other") == []
    assert (made.state, made.created_at, made.kinds) == ("on", NOW, (STATUS_CHANGED, BATCH_FINISHED))
    assert check_secret(made.secret).startswith("whsec_")
    assert made.secret not in repr(made)


def test_the_secret_does_not_lie_in_the_file_as_it_is(store: Store, tmp_path: Path) -> None:
    made = add_endpoint(store, "main", URL)
    store.close()
    content = b"".join(file.read_bytes() for file in tmp_path.glob("shop.db*"))
    assert URL.encode() in content
    assert made.secret.encode() not in content


def test_a_changed_endpoint_keeps_its_secret(store: Store) -> None:
    made = add_endpoint(store, "main", URL)
    changed = change_endpoint(store, "main", made.endpoint, "https://other.example.org/", [BATCH_FINISHED])
    assert (changed.secret, changed.kinds) == (made.secret, (BATCH_FINISHED,))
    assert store.webhooks.find_endpoint("main", made.endpoint) == changed


def test_the_former_secret_signs_beside_the_new_one_for_a_day(store: Store) -> None:
    made = add_endpoint(store, "main", URL)
    turned = turn_secret(store, "main", made.endpoint)
    assert secrets_at(turned, NOW) == (turned.secret, made.secret)
    assert secrets_at(turned, NOW + timedelta(hours=24)) == (turned.secret,)


def test_what_waits_goes_out_when_an_endpoint_is_switched_on(store: Store) -> None:
    made, runner = add_endpoint(store, "main", URL), Runner(lambda url, data: DOWN)
    tell(store, "a")
    deliver_due(store, runner)
    switch_endpoint(store, "main", made.endpoint, on=False)
    tell(store, "b", start=1)
    runner.answer = Runner().answer
    assert deliver_due(move(store, minutes=1), runner).delivered == 0
    switch_endpoint(store, "main", made.endpoint, on=True)
    assert deliver_due(store, runner).delivered == 1
    assert runner.numbers() == [0]


def test_what_is_removed_is_gone_with_its_queue(store: Store) -> None:
    made = add_endpoint(store, "main", URL)
    tell(store, "a")
    remove_endpoint(store, "main", made.endpoint)
    assert store.webhooks.list_deliveries("main").height == 0
    with pytest.raises(MissingRowError, match="there is no endpoint"):
        remove_endpoint(store, "main", made.endpoint)


def test_whether_messages_arrive_can_be_tried(store: Store) -> None:
    made, other, runner = add_endpoint(store, "main", URL), add_endpoint(store, "main", URL), Runner()
    message = try_endpoint(store, "main", made.endpoint)
    deliver_due(store, runner)
    assert runner.tried == [message]
    assert runner.taken == [(URL, {"endpoint": made.endpoint})]
    switch_endpoint(store, "main", other.endpoint, on=False)
    with pytest.raises(MisuseError, match="switch it on first"):
        try_endpoint(store, "main", other.endpoint)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "hooks.example.org",
            "ftp://hooks.example.org",
            "https://",
            "https://user@example.org",
            "https://a b.org",
        ),
        *("https://exämple.org", "https://example.org:port/", "https://example.org/\r\nx: y", "https://a.org\\@b.org"),
    ],
)
def test_what_is_no_url_is_refused(store: Store, url: str) -> None:
    with pytest.raises(MisuseError, match=r"is written as https://"):
        add_endpoint(store, "main", url)


def test_unknown_kinds_and_short_secrets_are_refused(store: Store) -> None:
    with pytest.raises(MisuseError, match="there is no kind 'parcel'"):
        add_endpoint(store, "main", URL, ["parcel"])
    for secret in ("secret", "whsec_MTIz", new_secret().removeprefix("whsec_")):
        with pytest.raises(MisuseError, match="24 to 64 random bytes"):
            add_endpoint(store, "main", URL, secret=secret)
    assert store.webhooks.list_endpoints() == []
