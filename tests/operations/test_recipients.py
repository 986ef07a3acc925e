"""What the rows of an order tell of its recipient is gathered, whichever row has it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.faults import INDEX
from entrepost.operations.intake import intake_orders
from entrepost.operations.mapping import load_mapping
from entrepost.operations.recipients import beside, keep_recipients
from tests.operations.shop import lamp, store_in, two_items, write_csv


def test_a_cell_may_stand_in_any_row_of_the_order(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    lines = pl.concat([store.list_orders().head(1)] * 2).with_columns(
        recipient_name=pl.Series([None, "Anna"], dtype=pl.String), recipient_phone=pl.Series(["1", "2"])
    )
    assert keep_recipients(store, lines) == 1
    found = store.recipients.find(lines.head(1)).row(0, named=True)
    assert (found["name"], found["phone"], found["line1"]) == ("Anna", "1", None)


def test_without_a_name_nothing_is_kept(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    lines = store.list_orders().with_columns(recipient_name=pl.lit(None, pl.String))
    assert (keep_recipients(store, lines), keep_recipients(store, lines.clear())) == (0, 0)


def test_rows_are_met_by_their_index() -> None:
    lines, wide = pl.DataFrame({INDEX: [1]}), pl.DataFrame({INDEX: [0, 1], "recipient_name": ["Bo", " Anna "]})
    assert beside(lines, wide).get_column("recipient_name").to_list() == ["Anna"]
    assert beside(lines, wide.drop("recipient_name")).height == 0


def test_a_mapping_names_the_columns_in_which_a_shop_tells_of_recipients(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('[columns]\nrecipient_name = "Buyer"\nrecipient_line1 = "Street"\n')
    path = write_csv(tmp_path, lamp(Buyer="Anna", Street="Zeil 1", recipient_phone="7"))
    store = store_in(tmp_path)
    intake_orders(store, path, load_mapping(tmp_path / "shop.toml"))
    found = store.recipients.find(store.list_orders()).row(0, named=True)
    assert (found["name"], found["line1"], found["phone"], found["city"]) == ("Anna", "Zeil 1", "7", "Frankfurt")


def test_a_mapping_that_names_a_column_nobody_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text('[columns]\nrecipient_shoe = "Size"\n')
    with pytest.raises(UnreadableInputError, match="recipient_shoe"):
        load_mapping(path)


def test_an_order_that_comes_again_with_a_recipient_gets_it_and_one_that_has_it_keeps_the_first(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for name in ("", "Anna", "Bo"):
        intake_orders(store, write_csv(tmp_path, lamp(recipient_name=name)))
    assert store.recipients.find(store.list_orders())["name"].to_list() == ["Anna"]
