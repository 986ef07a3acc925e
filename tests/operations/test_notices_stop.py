"""What comes back is taken once, silences only whom it is about, and cannot be made up by others."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.contacts import add_contacts
from entrepost.operations.notices import plan_notices
from entrepost.operations.notices_post import SendParams, list_open, send_notices, settle_notice
from entrepost.operations.notices_silent import find_silent, key_of
from entrepost.operations.notices_stop import Return, Taken, check_secret, take_returns, unsubscribe, write_token
from entrepost.operations.store import Store
from tests.operations.post import ANNA, BO, Pigeon, after, contacts, expected, with_contacts
from tests.operations.shop import MUG_NO, two_items

SECRET = "a river runs through it"
BOTH = pl.concat([expected(2, 5), expected(3, 6, item_id=MUG_NO)])
LATER = pl.concat([expected(6, 9), expected(7, 10, item_id=MUG_NO)])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two items whose first range was sent to Anna and Bo, and two days later."""
    store = with_contacts(two_items(tmp_path))
    plan_notices(store, BOTH)
    assert send_notices(store, Pigeon()).sent == 2
    store.clock.instant = after(2)  # type: ignore[attr-defined]
    return store


def of_anna(store: Store) -> dict[str, object]:
    return store.find_contacts().filter(pl.col("email") == ANNA).row(0, named=True)


def bounce(store: Store, *addresses: str) -> Return:
    """Anna's letter came back, to be about these addresses."""
    sent = store.list_notices().filter(pl.col("order_id") == "o1").item(0, "notice")
    return Return("bounce", str(sent), addresses or (ANNA,), "5.1.1")


def told_later(store: Store) -> list[str]:
    """Who is told that it takes longer."""
    plan_notices(store, LATER)
    pigeon = Pigeon()
    send_notices(store, pigeon)
    return sorted(address for address, _ in pigeon.taken)


def test_after_a_bounce_nothing_goes_to_the_address_and_a_person_is_told(store: Store) -> None:
    assert take_returns(store, [bounce(store, "ANNA@example.org")]) == Taken(read=1, bounced=1)
    assert told_later(store) == [BO]
    (finding,) = store.list_findings().to_dicts()
    assert (finding["code"], ANNA in str(finding)) == ("notice_bounced", False)
    assert list_open(store).get_column("answer").to_list() == ["it came back: 5.1.1"]
    assert take_returns(store, [bounce(store)]) == Taken(read=1, ignored=1), "the same letter read again"


def test_a_corrected_address_is_written_to_again(store: Store) -> None:
    take_returns(store, [bounce(store)])
    add_contacts(store, contacts(("o1", "anna@example.com", "en", "Europe/Berlin")))
    assert told_later(store) == ["anna@example.com", BO]


def test_a_person_may_say_that_an_address_takes_letters_again(store: Store) -> None:
    take_returns(store, [bounce(store)])
    settle_notice(store, str(bounce(store).notice), sent=False)
    assert find_silent(store, store.find_contacts()).height == 0


@pytest.mark.parametrize("addresses", [("eve@example.org",), (BO,)])
def test_a_bounce_about_somebody_else_silences_nobody(store: Store, addresses: tuple[str, ...]) -> None:
    assert take_returns(store, [bounce(store, *addresses)]).ignored == 1
    assert take_returns(store, [Return("bounce", "0" * 32, (ANNA,), "5.1.1")]).ignored == 1
    assert told_later(store) == [ANNA, BO]


def test_who_stops_it_is_never_written_to_again_by_that_seller(store: Store) -> None:
    token = write_token(SECRET, of_anna(store))
    assert unsubscribe(store, SECRET, token)
    assert not unsubscribe(store, SECRET, token), "said before"
    assert told_later(store) == [BO]
    add_contacts(store, contacts(("o1", "Anna@example.org", "fr", "Europe/Paris")))
    store.clock.instant = after(9)  # type: ignore[attr-defined]
    plan_notices(store, expected(20, 22))
    assert send_notices(store, Pigeon()).sent == 0


def test_what_was_queued_before_somebody_stopped_it_is_dropped(store: Store) -> None:
    plan_notices(store, LATER)
    assert take_returns(store, [Return("stop", token=write_token(SECRET, of_anna(store)))], SECRET).unsubscribed == 1
    pigeon = Pigeon()
    done = send_notices(store, pigeon)
    assert (done.sent, done.dropped, [address for address, _ in pigeon.taken]) == (1, 1, [BO])


def test_another_seller_may_still_write(store: Store) -> None:
    unsubscribe(store, SECRET, write_token(SECRET, of_anna(store)))
    other = store.find_contacts().filter(pl.col("email") == ANNA).with_columns(seller=pl.lit("another"))
    assert find_silent(store, other).height == 0
    assert find_silent(store, store.find_contacts()).get_column("reason").to_list() == ["unsubscribed"]


def test_nobody_can_make_a_token_for_others(store: Store) -> None:
    token = write_token(SECRET, of_anna(store))
    body, _, signature = token.partition(".")
    for wrong in (write_token("another secret, as long", of_anna(store)), f"{body}x.{signature}", body, "", "ä.ö"):
        with pytest.raises(MisuseError, match="none of ours"):
            unsubscribe(store, SECRET, wrong)
    with pytest.raises(MisuseError, match="at least 16"):
        unsubscribe(store, "", write_token("", of_anna(store)))
    assert take_returns(store, [Return("stop", token=f"{body}x.{signature}")], SECRET).ignored == 1
    stranger = write_token(SECRET, {**of_anna(store), "email": "eve@example.org"})
    with pytest.raises(MisuseError, match="belongs to nobody"):
        unsubscribe(store, SECRET, stranger)


def test_letters_carry_the_token_only_where_there_is_a_secret(store: Store) -> None:
    plan_notices(store, LATER)
    pigeon = Pigeon()
    send_notices(store, pigeon, SendParams(secret=check_secret(SECRET)))
    stops = {address: letter.stop for address, letter in pigeon.taken}
    assert stops[ANNA] == write_token(SECRET, of_anna(store))
    assert SECRET not in str(SendParams(secret=SECRET))


def test_the_store_knows_addresses_by_their_hash_alone(store: Store) -> None:
    take_returns(store, [bounce(store)])
    kept = store.find_silenced(pl.DataFrame({"tenant": ["main"], "address_key": [key_of(ANNA)]}))
    assert kept.select("seller", "reason").rows() == [("", "bounced")]
    assert ANNA not in str(kept.rows())
