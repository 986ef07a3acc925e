"""Who comes in, and who does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.people import invite
from entrepost.operations.sign_in import SESSION_COOKIE
from entrepost.web.pages.door import inside
from tests.operations.office import ANNA, PASSWORD, wait
from tests.web.inside import VERA, Tower, tower_in
from tests.web.shop import Counter

RIGHT = {"account": "main", "email": ANNA, "password": PASSWORD}


def test_who_is_not_signed_in_is_sent_to_the_door_and_then_to_where_they_were_going(tower: Tower) -> None:
    client = tower.client()
    answer = client.get("/?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F%3Fa%3D1")
    assert 'name="next" value="/?a=1"' in client.get(answer.headers["location"]).text
    assert client.post("/sign-in", data=RIGHT | {"next": "/?a=1"}).headers["location"] == "/?a=1"
    assert client.get("/sign-in").headers["location"] == "/"


def test_the_session_is_out_of_the_reach_of_scripts_and_of_other_sites(tower: Tower) -> None:
    told = tower.client().post("/sign-in", data=RIGHT).headers["set-cookie"]
    assert told.startswith(f"{SESSION_COOKIE}=eps.")
    assert all(word in told for word in ("HttpOnly", "Secure", "SameSite=lax", "Max-Age=43200"))


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"email": "nobody@example.org"}, {"account": "north"}])
def test_whatever_is_wrong_is_told_by_the_same_words(tower: Tower, wrong: dict[str, str]) -> None:
    answer = tower.client().post("/sign-in", data=RIGHT | wrong)
    assert answer.status_code == 401
    assert "Account, address or password is wrong" in answer.text
    assert PASSWORD not in answer.text
    assert "set-cookie" not in answer.headers


def test_who_tries_too_often_waits(tmp_path: Path) -> None:
    with tower_in(tmp_path, Counter(1)) as tower:
        client = tower.client()
        assert client.post("/sign-in", data=RIGHT | {"password": "wrong"}).status_code == 401
        answer = client.post("/sign-in", data=RIGHT)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_a_form_on_another_site_signs_nobody_in(tower: Tower) -> None:
    answer = tower.client().post("/sign-in", data=RIGHT, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_who_leaves_is_out_and_another_site_cannot_send_them_out(tower: Tower) -> None:
    person = tower.enter(VERA)
    kept = person.client.cookies[SESSION_COOKIE]
    assert person.client.post("/sign-out").status_code == 403
    assert "Vera".lower() in person.look("/")
    assert person.send("/sign-out").headers["location"] == "/sign-in"
    person.client.cookies.set(SESSION_COOKIE, kept)
    assert person.client.get("/").status_code == 303


def test_a_session_ends_when_nobody_was_seen_for_two_hours(tmp_path: Path) -> None:
    with tower_in(tmp_path) as tower:
        person = tower.enter()
        now = tower.store.clock.now()
        wait(tower.store, hours=0)
        tower.store.clock.instant = now.replace(hour=now.hour + 3)  # type: ignore[attr-defined]
        assert person.client.get("/").headers["location"] == "/sign-in"


def test_somebody_who_is_invited_chooses_a_password_and_is_in(tmp_path: Path) -> None:
    with tower_in(tmp_path) as tower:
        holder = Caller("north", "terminal", frozenset(SCOPES))
        _, token = invite(tower.store, holder, "nora@example.org", "clerk")
        client = tower.client()
        assert "<strong>north</strong> as clerk" in client.get("/invitation", params={"token": token}).text
        chosen = {"token": token, "name": "Nora", "password": PASSWORD, "again": PASSWORD}
        assert "passwords differ" in client.post("/invitation", data=chosen | {"again": "x"}).text
        short = client.post("/invitation", data=chosen | {"password": "short", "again": "short"})
        assert "A password has 12 to 200 characters" in short.text
        assert client.post("/invitation", data=chosen).headers["location"] == "/"
        assert "<strong>Nora</strong>" in client.get("/").text
        again = tower.client().post("/invitation", data=chosen)
        assert (again.status_code, "the invitation does not hold" in again.text.lower()) == (401, True)


@pytest.mark.parametrize("elsewhere", ["https://a.example", "//a.example", "/\\a.example", "a", "", "/\r\nx: y"])
def test_nobody_is_sent_elsewhere_after_signing_in(elsewhere: str) -> None:
    assert inside(elsewhere) == "/"
    assert inside("/items?q=a%20b") == "/items?q=a%20b"
