"""The page of an order says which service was promised, until when and why, or that none is yet."""

from __future__ import annotations

from tests.web.inside import CARL, OTHER, Tower
from tests.web.shop import AT_CUSTOMS

PAGE = "/orders/one?seller=shop&order_id="


def test_it_tells_service_day_reason_items_and_contents(tower: Tower) -> None:
    html = tower.enter(CARL).look(PAGE + AT_CUSTOMS)
    for words in (
        "CNSHAA &gt; DEFRAA",
        "Thu 8 Jan 2026",
        "100.0 % sure",
        "CNY 61.00",
        tower.numbers[AT_CUSTOMS],
        "LAMP",
    ):
        assert words in html, words
    assert "PACKET" in html
    assert "Promised" in html


def test_the_page_of_an_item_leads_there(tower: Tower) -> None:
    html = tower.enter(CARL).look(f"/items/{tower.numbers[AT_CUSTOMS]}")
    assert f"/orders/one?seller=shop&amp;order_id={AT_CUSTOMS}" in html


def test_another_account_has_no_such_order(tower: Tower) -> None:
    tower.enter(OTHER, "other").look(PAGE + AT_CUSTOMS, 404)
    tower.enter(CARL).look(PAGE + "nothing", 404)
