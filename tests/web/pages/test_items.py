"""Items, found and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.operations.order_desk import promise_orders
from entrepost.operations.senders import set_sender
from tests.operations.office import HOLDER
from tests.operations.shop import lamp, take, write_csv
from tests.operations.test_item_papers import SENDER
from tests.web.inside import CARL, OTHER, VERA, Tower, tower_in
from tests.web.shop import ANNOUNCED, AT_CUSTOMS, DELIVERED, ON_ITS_WAY
from tests.worlds import two_offices


def test_the_list_has_the_last_items_first_and_how_many_stand_where(tower: Tower) -> None:
    person = tower.enter(VERA)
    tower.desk.counter.count()
    html = person.look("/items")
    assert all(number in html for number in tower.numbers.values())
    assert 'All <span class="n">5</span>' in html
    held = person.look("/items?status=on_hold")
    assert (tower.numbers[AT_CUSTOMS] in held, tower.numbers[DELIVERED] in held) == (True, False)
    assert "No such item." in person.look("/items?country=XX")


def test_a_whole_number_leads_straight_to_its_item(tower: Tower) -> None:
    person, number = tower.enter(VERA), tower.numbers[ON_ITS_WAY]
    spaced = f"{number[:2]} {number[2:]}".lower()
    assert person.client.get("/items", params={"q": spaced}).headers["location"] == f"/items/{number}"
    assert f">{number}</a>" in person.look(f"/items?q={number[:5]}")
    assert "Nothing is known by “nobody”" in person.look("/items?q=nobody")


def test_an_item_is_told_with_its_journey_order_and_declaration(tower: Tower) -> None:
    html = tower.enter(CARL).look(f"/items/{tower.numbers[AT_CUSTOMS]}")
    for words in ("On hold", "Who must act", "Addressee", "Held by import customs", ">customs</a> of shop", "PACKET"):
        assert words in html, words
    assert '<li class="now" aria-current="step">' in html
    assert '<span class="hint">+01:00</span>' in html
    assert "not scanned yet" in tower.enter(VERA).look(f"/items/{tower.numbers[ANNOUNCED]}")


def test_to_whom_it_goes_is_shown_to_clerks(tower: Tower) -> None:
    path = f"/items/{tower.numbers[ON_ITS_WAY]}"
    assert "shown to clerks" in tower.enter(VERA).look(path)
    assert "shown to clerks" not in tower.enter(CARL).look(path)


def test_another_accounts_items_are_not_there(tower: Tower) -> None:
    person, number = tower.enter(OTHER, "other"), tower.numbers[ON_ITS_WAY]
    person.look(f"/items/{number}", 404)
    assert number not in person.look("/items")
    assert "Nothing is known" in person.look(f"/items?q={number}")


@pytest.mark.parametrize("query", ["before=x", "before=-1", "status=%00", "q=%00", "q=" + "x" * 300, "country=DEU"])
def test_hostile_questions_are_answered(tower: Tower, query: str) -> None:
    assert tower.enter(VERA).client.get(f"/items?{query}").status_code in (200, 422)


def test_an_item_whose_order_names_all_has_a_label_and_a_form(tmp_path: Path) -> None:
    with tower_in(tmp_path) as own:
        person = {"recipient_name": "Anna", "recipient_line1": "Zeil 1", "recipient_phone": "7"}
        row = lamp(order_id="whole", description="Desk lamps of steel", hs_code="940521", **person)
        take(own.store, write_csv(tmp_path, row, name="whole.csv"))
        promise_orders(own.store, two_offices())
        set_sender(own.store, HOLDER, "shop", SENDER)
        number = own.store.list_items().filter(order_id="whole")["item_id"][0]
        clerk = own.enter(CARL)
        html = clerk.look(f"/items/{number}")
        for name in ("label", "declaration"):
            assert f'href="/items/{number}/{name}.pdf"' in html
            answer = clerk.client.get(f"/items/{number}/{name}.pdf")
            assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
        own.enter(OTHER, "other").look(f"/items/{number}/label.pdf", 404)
