"""The people of an account."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError, NotAllowedError, UnknownCallerError
from entrepost.operations.access import ROLES, Caller
from entrepost.operations.audit import list_entries
from entrepost.operations.people import accept, end_person, get_person, invite, list_people, set_role
from entrepost.operations.sign_in import find_session, sign_in
from tests.operations.office import ANNA, CHEAP, HOLDER, PASSWORD, SIGN_IN, join, office, wait


def test_who_is_invited_comes_once(tmp_path: Path) -> None:
    store = office(tmp_path)
    _, text = invite(store, HOLDER, " Bo@Example.org ", "clerk")
    person = accept(store, text, "", PASSWORD, CHEAP)
    assert (person.email, person.name, person.role) == ("bo@example.org", "bo@example.org", "clerk")
    with pytest.raises(UnknownCallerError):
        accept(store, text, "again", PASSWORD, CHEAP)
    assert [each.email for each in list_people(store, "main")] == [ANNA, "bo@example.org"]


def test_an_invitation_is_over_after_a_week(tmp_path: Path) -> None:
    store = office(tmp_path)
    _, text = invite(store, HOLDER, "bo@example.org", "clerk")
    wait(store, days=7)
    with pytest.raises(UnknownCallerError, match="new one"):
        accept(store, text, "Bo", PASSWORD, CHEAP)


def test_an_invitation_stays_where_the_password_will_not_do(tmp_path: Path) -> None:
    store = office(tmp_path)
    _, text = invite(store, HOLDER, "bo@example.org", "clerk")
    with pytest.raises(MisuseError, match="password"):
        accept(store, text, "Bo", "short", CHEAP)
    accept(store, text, "Bo", PASSWORD, CHEAP)


def test_nobody_makes_somebody_who_may_more_than_they_do(tmp_path: Path) -> None:
    store = office(tmp_path)
    clerk = Caller("main", "bo", ROLES["clerk"] | {"people:write"})
    with pytest.raises(NotAllowedError):
        invite(store, clerk, "eve@example.org", "admin")
    with pytest.raises(NotAllowedError):
        set_role(store, clerk, ANNA, "admin")


def test_the_last_admin_stays(tmp_path: Path) -> None:
    store = office(tmp_path)
    with pytest.raises(MisuseError, match="last admin"):
        set_role(store, HOLDER, ANNA, "viewer")
    with pytest.raises(MisuseError, match="last admin"):
        end_person(store, HOLDER, ANNA)
    join(store, "bo@example.org", "admin")
    assert set_role(store, HOLDER, ANNA, "viewer").role == "viewer"


def test_another_role_and_the_end_close_sessions(tmp_path: Path) -> None:
    store, bo = office(tmp_path), "bo@example.org"
    join(store, bo, "clerk")
    sessions = [sign_in(store, "main", bo, PASSWORD, SIGN_IN)]
    set_role(store, HOLDER, bo, "viewer")
    sessions.append(sign_in(store, "main", bo, PASSWORD, SIGN_IN))
    end_person(store, HOLDER, bo)
    assert [find_session(store, each, SIGN_IN) for each in sessions] == [None, None]
    with pytest.raises(UnknownCallerError):
        sign_in(store, "main", bo, PASSWORD, SIGN_IN)


def test_people_are_of_their_account(tmp_path: Path) -> None:
    store = office(tmp_path)
    join(store, ANNA, "viewer", "other")
    assert get_person(store, "main", ANNA).role == "admin"
    assert get_person(store, "other", ANNA).role == "viewer"
    with pytest.raises(MissingRowError):
        get_person(store, "third", ANNA)


@pytest.mark.parametrize("email", ["", "anna", "a@b@c", "a b@c.de", "a@b\n.de", "<a@b.de>", "a" * 65 + "@b.de"])
def test_what_is_no_address_is_misuse(email: str, tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="address"):
        invite(office(tmp_path), HOLDER, email, "viewer")


def test_what_was_done_is_written_down_by_whom(tmp_path: Path) -> None:
    told = {(entry.who, entry.action, entry.subject) for entry in list_entries(office(tmp_path), "main")}
    assert told == {("terminal", "invited", ANNA), (ANNA, "invitation accepted", ANNA)}
