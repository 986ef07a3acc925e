"""Keys of partners: made here, taken there, turned with the former one beside it, found by what stands in a request."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError, UnknownCallerError
from entrepost.operations.partner_keys import (
    account_of,
    end_partner_key,
    find_inward,
    find_outward,
    make_partner_key,
    signing_secret,
    take_partner_key,
)
from entrepost.operations.records import AuditEntry
from entrepost.operations.store import Store
from tests.operations.office import HOLDER, wait
from tests.operations.shop import store_in

CN, US = "CN101", "US101"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


@pytest.fixture
def theirs(tmp_path: Path) -> Store:
    (tmp_path / "theirs").mkdir()
    return store_in(tmp_path / "theirs")


def test_a_key_is_made_by_who_receives_and_taken_by_who_sends(store: Store) -> None:
    made, text = make_partner_key(store, HOLDER, US, CN)
    assert text.startswith(f"{made.sent_name}.")
    assert made.secret not in repr(made)
    assert (account_of(made.sent_name), find_inward(store, "main", made.sent_name)) == ("main", made)


def test_the_key_of_a_partner_signs_what_goes_to_it(store: Store, theirs: Store) -> None:
    made, text = make_partner_key(theirs, HOLDER, US, CN)
    assert find_outward(store, "main", CN, US) is None
    taken = take_partner_key(store, HOLDER, CN, US, f" {text}\n")
    assert find_outward(store, "main", CN, US) == taken
    assert (signing_secret(taken), taken.sent_name) == (signing_secret(made), made.sent_name)
    assert find_outward(store, "main", CN, "NL101") is None


def test_a_turned_key_holds_for_a_week_beside_the_new_one(store: Store) -> None:
    former, _ = make_partner_key(store, HOLDER, US, CN)
    fresh, _ = make_partner_key(store, HOLDER, US, CN)
    other, _ = make_partner_key(store, HOLDER, US, "NL101")
    wait(store, days=6)
    assert find_inward(store, "main", former.sent_name).key == former.key
    wait(store, days=8)
    with pytest.raises(UnknownCallerError, match="signed by no key that holds"):
        find_inward(store, "main", former.sent_name)
    assert [find_inward(store, "main", each.sent_name) for each in (fresh, other)] == [fresh, other]


def test_the_key_that_was_taken_last_signs(store: Store, theirs: Store) -> None:
    take_partner_key(store, HOLDER, CN, US, make_partner_key(theirs, HOLDER, US, CN)[1])
    wait(store, minutes=1)
    wait(theirs, minutes=1)
    last = take_partner_key(store, HOLDER, CN, US, make_partner_key(theirs, HOLDER, US, CN)[1])
    assert find_outward(store, "main", CN, US) == last


def test_a_key_that_was_ended_holds_no_longer_and_all_of_it_is_in_the_audit(store: Store) -> None:
    made, _ = make_partner_key(store, HOLDER, US, CN)
    end_partner_key(store, HOLDER, made.key)
    with pytest.raises(UnknownCallerError):
        find_inward(store, "main", made.sent_name)
    told = {each.action for each in store.records.list_of(AuditEntry, "main")}
    assert told == {"partner key made", "partner key ended"}
    with pytest.raises(MissingRowError, match="no partner key nobody"):
        end_partner_key(store, HOLDER, "nobody")


@pytest.mark.parametrize("name", ["", "epx.bWFpbg", "epk.bWFpbg.0a", "epx.bWFpbg.zz", "epx.!!.0a", "epx.bWFpbg.0a.x"])
def test_what_is_no_name_of_a_key_belongs_to_nobody(name: str) -> None:
    with pytest.raises(UnknownCallerError):
        account_of(name)


def test_a_key_for_one_direction_is_none_for_the_other(store: Store, theirs: Store) -> None:
    taken = take_partner_key(store, HOLDER, CN, US, make_partner_key(theirs, HOLDER, US, CN)[1])
    with pytest.raises(UnknownCallerError):
        find_inward(store, "main", taken.sent_name)
    with pytest.raises(MisuseError, match="no key of a partner"):
        take_partner_key(store, HOLDER, CN, US, "epk.bWFpbg.0a.secret")
