"""Papers from rows of text: one item from several rows, faults told by row, nothing else lost."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.tables.labels import read_papers

SAMPLE = Path(__file__).parents[2] / "docs/guides/labels.csv"


def rows() -> pl.DataFrame:
    return pl.read_csv(SAMPLE, infer_schema=False)


def changed(row: int, **cells: str | None) -> pl.DataFrame:
    frame = rows().with_row_index()
    for name, value in cells.items():
        frame = frame.with_columns(pl.when(pl.col("index") == row).then(pl.lit(value)).otherwise(name).alias(name))
    return frame.drop("index")


def test_an_item_is_read_from_all_its_rows() -> None:
    read = read_papers(rows())
    assert read.findings == []
    assert read.items == 4
    first = read.papers[0]
    assert [content.value_minor for content in first.declaration.contents] == [2500, 1900]
    assert (first.recipient.name, first.recipient.country, first.sender.country) == (
        "Anna Müller-Lüdenscheidt",
        "DE",
        "CN",
    )
    assert first.recipient.lines == ("Invalidenstraße 117", "Hinterhaus, 3. OG")
    assert (first.item.value_minor, first.item.weight_g, first.postage_minor) == (4400, 560, 1250)
    assert first.sender.tax_id == "IM2760000000"
    assert read.papers[3].postage_minor == 4200


@pytest.mark.parametrize(
    ("row", "cells", "code", "field"),
    [
        (2, {"recipient_name": None}, "cell_missing", "recipient_name"),
        (2, {"weight_g": "0.4 kg"}, "cell_malformed", "weight_g"),
        (2, {"weight_g": "0"}, "cell_out_of_range", "weight_g"),
        (2, {"posted_on": "11.05.2026"}, "cell_malformed", "posted_on"),
        (2, {"sender_country": "ZZ"}, "country_unknown", "sender_country"),
        (2, {"destination": "ZZ"}, "country_unknown", "destination"),
        (2, {"item_id": "RB123456798CN"}, "s10_malformed", "item_id"),
        (2, {"postage": "9,80"}, "amount_malformed", "postage"),
        (2, {"currency": "EURO"}, "currency_unknown", "currency"),
        (2, {"quantity": "two"}, "cell_malformed", "quantity"),
        (1, {"recipient_name": "Somebody else"}, "item_disagrees", "recipient_name"),
    ],
)
def test_a_fault_is_told_by_row_and_spoils_its_item_only(
    row: int, cells: dict[str, str], code: str, field: str
) -> None:
    read = read_papers(changed(row, **cells), "labels.csv")
    assert [(each.code, each.field) for each in read.findings if each.level == "error"] == [(code, field)]
    assert {each.row for each in read.findings} == {1 if row == 1 else row + 1}
    assert len(read.papers) == 3


def test_a_number_written_otherwise_on_a_further_row_is_the_same_item() -> None:
    read = read_papers(changed(1, item_id="rb 123 456 785 cn"))
    assert read.findings == []
    assert len(read.papers[0].declaration.contents) == 2


def test_a_number_written_with_blanks_is_that_number() -> None:
    assert read_papers(changed(2, item_id="RB 123 456 799 CN")).papers[1].item.item_id == "RB123456799CN"


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match="sender_name"):
        read_papers(rows().drop("sender_name"))


def test_what_is_not_told_has_its_default() -> None:
    read = read_papers(rows().drop("order_id", "sender_phone", "postage"))
    assert read.papers[0].item.order_id == "RB123456785CN"
    assert (read.papers[0].undelivered, read.papers[0].postage_minor) == ("return", None)
