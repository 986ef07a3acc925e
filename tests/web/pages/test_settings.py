"""Settings: people, keys, webhooks, retention and audit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from entrepost.operations.access import ROLES
from entrepost.operations.keys import check_key
from entrepost.operations.people import get_person, list_people
from entrepost.operations.privacy import get_retention
from entrepost.web.pages.settings import MEANINGS
from tests.operations.office import ANNA, PASSWORD
from tests.web.inside import CARL, OTHER, PIA, VERA, Tower, tower_in

PARTS = ("/settings", "/settings/keys", "/settings/webhooks", "/settings/retention", "/settings/audit")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Tower]:
    with tower_in(tmp_path) as made:
        yield made


def secret(html: str) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', html)
    assert found, html[-2000:]
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("email", [VERA, CARL, PIA])
def test_who_is_no_admin_has_no_settings(tower: Tower, email: str) -> None:
    person = tower.enter(email)
    assert 'href="/settings"' not in person.look("/items")
    for path in PARTS:
        person.look(path, 403)


def test_an_admin_invites_changes_a_role_and_ends_somebody(own: Tower) -> None:
    admin = own.enter()
    link = secret(admin.send("/settings/people", email="new@example.org", role="clerk").text)
    assert link.startswith("https://tower.example/invitation?token=epi.")
    assert "epi." not in admin.look("/settings")
    token = link.partition("token=")[2]
    chosen = {"token": token, "name": "New", "password": PASSWORD, "again": PASSWORD}
    assert own.client().post("/invitation", data=chosen).status_code == 303
    assert admin.send("/settings/people/role", email="new@example.org", role="planner").status_code == 303
    assert "new@example.org is planner now" in admin.look("/settings")
    assert get_person(own.store, "main", "new@example.org").role == "planner"
    admin.send("/settings/people/end", email="new@example.org")
    assert get_person(own.store, "main", "new@example.org").ended_at is not None
    assert "last admin" in admin.send("/settings/people/end", email=ANNA).text


def test_what_makes_no_sense_is_told(own: Tower) -> None:
    admin = own.enter()
    answer = admin.send("/settings/people", email="nobody", role="clerk")
    assert (answer.status_code, "is no e-mail address" in answer.text) == (422, True)
    assert admin.send("/settings/people", email="a@example.org", role="king").status_code == 422
    assert admin.send("/settings/keys", name="x").status_code == 422
    assert admin.send("/settings/keys", name="x", scope="orders:read", until="soon").status_code == 422
    assert admin.send("/settings/retention", keep_days="-1", open_days="x").status_code == 422
    assert admin.send("/settings/webhooks", url="nonsense").status_code == 422
    assert admin.send("/settings/webhooks/change", endpoint="x", do="explode").status_code == 422
    assert admin.send("/settings/webhooks/change", endpoint="x", do="try").status_code == 404


def test_a_key_is_shown_once_and_revoked(own: Tower) -> None:
    admin = own.enter()
    made = admin.send("/settings/keys", name="checkout", scope=["orders:read", "quotes:write"], until="2030-01-31")
    text = secret(made.text)
    caller = check_key(own.store, text)
    assert caller.scopes == {"orders:read", "quotes:write"}
    html = admin.look("/settings/keys")
    assert text not in html
    assert "checkout" in html
    admin.send("/settings/keys/revoke", key=caller.key)
    assert "revoked" in admin.look("/settings/keys")


def test_an_endpoint_is_added_tried_switched_and_removed(own: Tower) -> None:
    admin = own.enter()
    made = admin.send("/settings/webhooks", url="https://hooks.example.org/x", kind="item.status_changed")
    assert secret(made.text).startswith("whsec_")
    endpoint = own.store.webhooks.list_endpoints("main")[0]
    assert "whsec_" not in admin.look("/settings/webhooks")
    for do in ("try", "off", "on"):
        assert admin.send("/settings/webhooks/change", endpoint=endpoint.endpoint, do=do).status_code == 303
    turned = admin.send("/settings/webhooks/change", endpoint=endpoint.endpoint, do="turn")
    assert secret(turned.text) != endpoint.secret
    admin.send("/settings/webhooks/change", endpoint=endpoint.endpoint, do="remove")
    assert own.store.webhooks.list_endpoints("main") == []


def test_how_long_data_are_kept_is_said_and_written_down(own: Tower) -> None:
    admin = own.enter()
    admin.send("/settings/retention", keep_days="30", open_days="100")
    assert get_retention(own.store, "main").keep_days == 30
    assert "retention" in admin.look("/settings/audit")


def test_the_audit_goes_on_page_by_page(own: Tower) -> None:
    for _ in range(60):
        own.enter(VERA)
    admin = own.enter()
    first = admin.look("/settings/audit")
    following = re.search(r'<a href="([^"]+)" rel="next">', first)
    assert following
    assert "To the first page" in admin.look(following[1].replace("&amp;", "&"))


def test_each_account_sees_its_own_people(own: Tower) -> None:
    html = own.enter(OTHER, "other").look("/settings")
    assert OTHER in html
    assert [person.email for person in list_people(own.store, "main") if person.email in html] == []


def test_every_role_is_explained() -> None:
    assert list(MEANINGS) == list(ROLES)


def test_the_sender_of_a_seller_is_kept_and_its_items_have_a_label(own: Tower) -> None:
    clerk, number = own.enter(CARL), own.numbers["going"]
    assert "Keep the sender of shop" in clerk.look(f"/items/{number}")
    kept = {"operator": "China Post", "name": "The shop", "line1": "Keji 18", "city": "Shanghai", "country": "CN"}
    assert clerk.send("/settings/senders", seller="shop", **kept).status_code == 303
    assert 'value="Keji 18"' in clerk.look("/settings/senders?seller=shop")
    assert "country" in clerk.send("/settings/senders", seller="shop", **kept | {"country": "XX"}).text
    told = clerk.look(f"/items/{number}")
    assert "its order tells no recipient" in told
    clerk.look(f"/items/{number}/label.pdf", 422)
    own.enter(VERA).look(f"/items/{number}/label.pdf", 403)
    clerk.send("/settings/senders/remove", seller="shop")
    assert "Nobody said it yet" in clerk.look("/settings/senders")
    own.enter(VERA).look("/settings/senders", 403)


def test_it_is_said_how_orders_are_promised(own: Tower) -> None:
    person = own.enter()
    assert 'value="no" selected' in person.look("/settings/promises")
    answer = person.send("/settings/promises", policy="fastest", at_once="yes")
    assert "Orders are promised as they come in, by the policy fastest." in unescape(
        person.look(answer.headers["location"])
    )
    assert "Orders are promised as they come in." in person.look("/orders")
    assert person.send("/settings/promises", policy="slowest").status_code == 422
    assert own.enter(CARL).send("/settings/promises", policy="fastest").status_code == 403
