"""CSV comes in however it was saved; a broken row costs itself only."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from tests.operations.shop import LAMP, counts, csv_text, lamp, store_in, take, write

GOOD = lamp(order_id="good")


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    path = write(tmp_path / "bom.csv", b"\xef\xbb\xbf" + csv_text(LAMP).encode())
    assert counts(take(store_in(tmp_path), path)) == (1, 1, 0, 0)


def test_wrong_bytes_spoil_their_own_row_and_are_told_by_offset(tmp_path: Path) -> None:
    content = csv_text(lamp(city="Koeln"), GOOD).encode().replace(b"Koeln", "Köln".encode("latin-1"))
    store = store_in(tmp_path)
    outcome = take(store, write(tmp_path / "latin.csv", content))
    assert counts(outcome) == (2, 1, 0, 1)
    finding = store.list_findings().row(0, named=True)
    assert finding["code"] == "row_encoding"
    assert f"offset {content.index(0xF6)} " in finding["message"]


def test_an_encoding_that_the_mapping_names_is_read(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    path = write(tmp_path / "latin.csv", csv_text(lamp(city="Köln")).encode("utf-16"))
    take(store, path, '[file]\nencoding = "utf-16"')
    assert store.list_orders().get_column("city").to_list() == ["Köln"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (csv_text(LAMP).encode("utf-16"), "looks like UTF-16"),
        (csv_text(LAMP).encode("utf-16-le"), "looks like UTF-16"),
        (b"", "is empty"),
        (b"\n\n", "no header"),
        (csv_text(LAMP).replace("country", "city", 1).encode(), "names city twice"),
        (csv_text({k: v for k, v in LAMP.items() if k != "weight_g"}).encode(), "required columns weight_g"),
        (b"\xff\xe9" + csv_text(LAMP).encode(), "header holds bytes"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message):
        take(store_in(tmp_path), write(tmp_path / "orders.csv", content))


def test_a_header_alone_is_a_file_without_orders(tmp_path: Path) -> None:
    path = write(tmp_path / "orders.csv", csv_text(LAMP).splitlines()[0].encode())
    assert counts(take(store_in(tmp_path), path)) == (0, 0, 0, 0)


def test_a_ragged_row_and_a_broken_quote_cost_themselves_only(tmp_path: Path) -> None:
    lines = csv_text(lamp(order_id="a"), lamp(order_id="b"), lamp(order_id="c"), lamp(order_id="d")).splitlines()
    lines[2] += ",one more"
    lines[3] = '"' + lines[3]
    store = store_in(tmp_path)
    outcome = take(store, write(tmp_path / "orders.csv", "\n".join(lines).encode()))
    assert counts(outcome) == (4, 2, 0, 2)
    assert outcome.findings == {"row_unreadable": 2}
    assert store.list_findings().get_column("row").to_list() == [3, 4]
    assert store.list_orders().get_column("order_id").to_list() == ["a", "d"]
