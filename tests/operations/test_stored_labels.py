"""Labels of orders in the store: a row says who sends, the store the rest."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entrepost.operations.labels import read_labels
from entrepost.operations.store import Store
from entrepost.operations.stored_labels import fill_labels
from tests.operations.shop import LAMP_NO, csv_text, lamp, store_in, take, two_items, write_csv
from tests.worlds import two_offices

SENDER = {
    "operator": "China Post",
    "posted_on": "2026-05-11",
    "sender_name": "The shop",
    "sender_line1": "Keji 18",
    "sender_city": "Shanghai",
    "sender_country": "CN",
}
PERSON = {"recipient_name": "Anna", "recipient_line1": "Zeil 1", "recipient_phone": "7"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two items, and the recipient of one."""
    made = store_in(tmp_path)
    take(made, write_csv(tmp_path, lamp(**PERSON, description="lamp", hs_code="940540"), name="first.csv"))
    return two_items(tmp_path, made)


def test_a_label_takes_recipient_weight_and_contents_from_the_store(store: Store, tmp_path: Path) -> None:
    for named in ({"item_id": LAMP_NO.lower()}, {"seller": "shop", "order_id": "o1"}):
        labels = _read(store, tmp_path, SENDER | named)
        assert labels.rows.findings == []
        (paper,) = labels.rows.papers
        assert (paper.recipient.name, paper.recipient.city, paper.item.weight_g) == ("Anna", "Frankfurt", 400)
        assert [(line.description, line.quantity) for line in paper.declaration.contents] == [("lamp", 1)]
        (printed,) = labels.draw()
        assert printed.item_id == LAMP_NO
        assert printed.sheets


def test_what_a_row_tells_stays(store: Store, tmp_path: Path) -> None:
    labels = _read(store, tmp_path, SENDER | {"item_id": LAMP_NO, "weight_g": "999", "recipient_name": "Bo"})
    (paper,) = labels.rows.papers
    assert (paper.item.weight_g, paper.recipient.name) == (999, "Bo")


def test_what_the_store_does_not_know_is_told(store: Store, tmp_path: Path) -> None:
    rows = [SENDER | {"item_id": "LX999999999CN"}, SENDER | {"seller": "shop", "order_id": "o2"}, SENDER]
    labels = _read(store, tmp_path, *rows)
    codes = [(each.row, each.code) for each in labels.rows.findings if each.code.startswith("label_")]
    assert codes == [(2, "label_item_missing"), (3, "label_recipient_missing"), (4, "label_item_missing")]
    assert labels.rows.papers == []


def test_another_account_sees_nothing_of_it(store: Store, tmp_path: Path) -> None:
    labels = _read(store, tmp_path, SENDER | {"item_id": LAMP_NO}, tenant="other")
    assert [each.code for each in labels.rows.findings] == ["label_item_missing"]


def _read(store: Store, folder: Path, *rows: dict[str, str], tenant: str = "main") -> Any:
    path = folder / "labels.csv"
    names = list(dict.fromkeys(name for row in rows for name in row))
    path.write_text(csv_text(*({name: row.get(name, "") for name in names} for row in rows)), encoding="utf-8")
    return read_labels(path, fill=partial(fill_labels, store, two_offices(), tenant=tenant, subject=path.name))
