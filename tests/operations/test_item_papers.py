"""Label and customs form of an item from the store alone; an order of several items is told item by item."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.declaration_desk import declare_item
from entrepost.operations.item_papers import draw_item
from entrepost.operations.senders import set_sender
from entrepost.operations.store import Store
from tests.operations.office import HOLDER
from tests.operations.shop import lamp, number, store_in, take, write_csv
from tests.worlds import two_offices

SENDER = {"operator": "China Post", "name": "The shop", "line1": "Keji 18", "city": "Shanghai", "country": "cn"}
PERSON = {"recipient_name": "Anna", "recipient_line1": "Zeil 1", "recipient_phone": "7"}
ARTICLE = {"description": "Dining chairs of oak", "hs_code": "940161"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An order of 48 kg: three chairs of 14 kg and two of 3 kg."""
    made = store_in(tmp_path)
    first = lamp(**PERSON, **ARTICLE, quantity="3", weight_g="14000", unit_value="10.00")
    second = lamp(**PERSON, **ARTICLE, line="2", sku="STOOL", quantity="2", weight_g="3000", unit_value="1.00")
    take(made, write_csv(tmp_path, first, second))
    number(made, "o1")
    return made


def numbers(store: Store) -> list[str]:
    return store.list_items().sort("item")["item_id"].to_list()


def test_each_item_of_an_order_is_declared_with_what_lies_in_it(store: Store) -> None:
    told = [declare_item(store, two_offices(), "main", each, date(2026, 1, 10)) for each in numbers(store)]
    held = [[(line["quantity"], line["net_weight_g"]) for line in each.contents] for each in told]
    assert held == [[(2, 28_000)], [(1, 14_000), (2, 6_000)]]
    assert [each.value_minor for each in told] == [2000, 1200]


def test_the_label_and_the_form_of_an_item_need_the_store_and_its_sender_alone(store: Store) -> None:
    first = numbers(store)[0]
    with pytest.raises(MisuseError, match="nobody said who sends"):
        draw_item(store, two_offices(), "main", first, "label")
    set_sender(store, HOLDER, "shop", SENDER)
    for form, words in (("label", ("Anna", "The shop")), ("customs", ("CN 22", "Dining chairs"))):
        page = pypdfium2.PdfDocument(draw_item(store, two_offices(), "main", first.lower(), form))[0]
        text = page.get_textpage().get_text_range()
        assert all(each in text for each in words), (form, text)
    for tenant, item in (("other", first), ("main", "LX999999999CN")):
        with pytest.raises(MissingRowError):
            draw_item(store, two_offices(), tenant, item, "label")
