"""Signing in, being locked out, and sessions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.base.errors import UnknownCallerError
from entrepost.operations.audit import list_entries
from entrepost.operations.passwords import PasswordParams
from entrepost.operations.people import get_person
from entrepost.operations.sign_in import WRONG, find_session, sign_in, sign_out
from entrepost.operations.store import Store
from tests.operations.office import ANNA, PASSWORD, SIGN_IN, office, wait


def fail(store: Store, password: str = "wrong", email: str = ANNA, tenant: str = "main") -> str:
    with pytest.raises(UnknownCallerError) as refused:
        sign_in(store, tenant, email, password, SIGN_IN)
    return str(refused.value)


def test_a_session_tells_who_signed_in_and_what_their_forms_carry(tmp_path: Path) -> None:
    store = office(tmp_path)
    found = find_session(store, sign_in(store, "main", " Anna@example.org", PASSWORD, SIGN_IN), SIGN_IN)
    assert found is not None
    assert (found.caller.tenant, found.caller.who) == ("main", ANNA)
    assert found.caller.may("people:write")
    assert found.holds(found.session.csrf)
    assert not found.holds("")
    assert not found.holds("é")


def test_wrong_account_address_and_password_are_told_alike(tmp_path: Path) -> None:
    store = office(tmp_path)
    told = {fail(store), fail(store, email="eve@example.org"), fail(store, PASSWORD, tenant="other")}
    assert told == {WRONG}


def test_too_many_wrong_passwords_lock_for_a_while(tmp_path: Path) -> None:
    store = office(tmp_path)
    for _ in range(3):
        fail(store)
    assert fail(store, PASSWORD) == WRONG
    assert "locked out" in {entry.action for entry in list_entries(store, "main")}
    wait(store, minutes=15)
    assert sign_in(store, "main", ANNA, PASSWORD, SIGN_IN)
    assert get_person(store, "main", ANNA).locked_until is None


def test_a_right_password_forgets_the_wrong_ones(tmp_path: Path) -> None:
    store = office(tmp_path)
    for _ in range(2):
        fail(store)
        fail(store)
        assert sign_in(store, "main", ANNA, PASSWORD, SIGN_IN)


def test_a_session_ends_with_time_when_idle_and_when_signed_out(tmp_path: Path) -> None:
    store = office(tmp_path)
    text = sign_in(store, "main", ANNA, PASSWORD, SIGN_IN)
    for minutes in (119, 238, 357, 476, 595, 714):
        wait(store, minutes=minutes)
        assert find_session(store, text, SIGN_IN) is not None
    wait(store, hours=12)
    assert find_session(store, text, SIGN_IN) is None
    idle = sign_in(store, "main", ANNA, PASSWORD, SIGN_IN)
    wait(store, hours=14)
    assert find_session(store, idle, SIGN_IN) is None
    ended = sign_in(store, "main", ANNA, PASSWORD, SIGN_IN)
    sign_out(store, ended)
    sign_out(store, ended)
    sign_out(store, "nonsense")
    assert find_session(store, ended, SIGN_IN) is None
    assert find_session(store, "nonsense", SIGN_IN) is None


def test_a_hash_of_other_parameters_is_made_anew(tmp_path: Path) -> None:
    store = office(tmp_path)
    before = get_person(store, "main", ANNA).password
    dearer = replace(SIGN_IN, passwords=PasswordParams(passes=2, memory_kib=64, lanes=1))
    sign_in(store, "main", ANNA, PASSWORD, dearer)
    after = get_person(store, "main", ANNA).password
    assert "t=1" in before
    assert "t=2" in after
