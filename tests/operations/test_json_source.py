"""JSON lines come in; a broken line costs itself only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import ROW
from entrepost.operations.source import Form, read_chunks
from tests.operations.shop import LAMP, counts, lamp, store_in, take, write

GOOD = lamp(order_id="good")


def test_a_broken_line_of_json_costs_itself_only(tmp_path: Path) -> None:
    content = f"{json.dumps(LAMP)}\n{{broken\n[1]\n{json.dumps(GOOD)}\n"
    outcome = take(store_in(tmp_path), write(tmp_path / "o.jsonl", content.encode()))
    assert counts(outcome) == (4, 2, 0, 2)
    assert outcome.findings == {"row_unreadable": 2}


def test_a_number_keeps_the_digits_that_were_written(tmp_path: Path) -> None:
    text = json.dumps(LAMP | {"unit_value": 0}).replace('"unit_value": 0', '"unit_value": 30.10')
    store = store_in(tmp_path)
    take(store, write(tmp_path / "o.jsonl", text.encode()))
    assert store.list_orders().get_column("unit_value_minor").to_list() == [3010]


def test_one_json_array_is_not_json_lines(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="one object in each line"):
        take(store_in(tmp_path), write(tmp_path / "o.jsonl", json.dumps([LAMP]).encode()))


def test_a_key_that_only_later_rows_have_is_read(tmp_path: Path) -> None:
    rows = [lamp(order_id=f"o{number}") for number in range(150)]
    del rows[0]["city"]
    rows[-1] |= {"wanted_by": "2026-02-01T00:00:00Z"}
    store = store_in(tmp_path)
    outcome = take(store, write(tmp_path / "o.jsonl", "\n".join(map(json.dumps, rows)).encode()))
    assert counts(outcome) == (150, 150, 0, 0)
    assert store.list_orders().get_column("wanted_by").null_count() == 149


def test_an_object_without_anything_in_it_is_a_row(tmp_path: Path) -> None:
    (chunk,) = read_chunks(write(tmp_path / "rows.jsonl", b"{}\n"), Form())
    assert (chunk.frame.height, chunk.frame.columns) == (1, [ROW])


@pytest.mark.parametrize("odd", [{"city": "x\udfffx"}, {"\ud800": "x"}])
def test_half_of_a_sign_costs_its_line_only(tmp_path: Path, odd: dict[str, str]) -> None:
    content = f"{json.dumps(LAMP)}\n{json.dumps(GOOD | odd)}\n{json.dumps(GOOD | {'city': 'Köln 😀'})}\n"
    store = store_in(tmp_path)
    outcome = take(store, write(tmp_path / "o.jsonl", content.encode()))
    assert (counts(outcome), outcome.findings) == ((3, 2, 0, 1), {"row_unreadable": 1})
    assert "half of a sign" in store.list_findings()["message"].item()
    assert "Köln 😀" in store.list_orders()["city"].to_list()


def test_the_number_of_a_row_is_ours_whatever_the_file_calls_so(tmp_path: Path) -> None:
    content = f"{json.dumps(LAMP | {ROW: 'seven'})}\n"
    (chunk,) = read_chunks(write(tmp_path / "rows.jsonl", content.encode()), Form())
    assert chunk.frame[ROW].to_list() == [1]
