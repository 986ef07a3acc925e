"""Every kind of file is read by one interface."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations import lines
from entrepost.operations.source import Form, content_hash, read_chunks
from tests.operations.shop import LAMP, counts, csv_text, lamp, store_in, take, write, write_csv

GOOD = lamp(order_id="good")


def test_every_kind_of_file_gives_the_same_orders(tmp_path: Path) -> None:
    rows = [LAMP, lamp(line="2", sku="MUG", unit_value="8.00"), GOOD]
    frame = pl.DataFrame(rows).with_columns(pl.col("placed_at").str.to_datetime("%+", time_zone="UTC"))
    frame.with_columns(pl.col("weight_g", "line", "quantity").cast(pl.Int64)).write_parquet(tmp_path / "o.parquet")
    lines = "\n".join(json.dumps(row | {"weight_g": 400, "unit_value": float(row["unit_value"])}) for row in rows)
    files = [
        write_csv(tmp_path, *rows),
        write(tmp_path / "o.csv.gz", gzip.compress(csv_text(*rows).encode())),
        write(tmp_path / "semicolon.csv", csv_text(*rows).replace(",", ";").encode()),
        write(tmp_path / "o.jsonl", lines.encode()),
        tmp_path / "o.parquet",
    ]
    kept = []
    for number, path in enumerate(files):
        (tmp_path / str(number)).mkdir()
        store = store_in(tmp_path / str(number))
        assert counts(take(store, path)) == (3, 3, 0, 0)
        kept.append(store.list_orders().drop("intake"))
    assert all(each.equals(kept[0]) for each in kept)


def test_an_unknown_kind_of_file_names_the_kinds(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"\.csv.*\.jsonl"):
        take(store_in(tmp_path), write(tmp_path / "o.xlsx", b"PK"))


def test_a_file_cut_off_in_its_compression_is_unreadable(tmp_path: Path) -> None:
    whole = gzip.compress(csv_text(LAMP, GOOD).encode())
    store = store_in(tmp_path)
    with pytest.raises(UnreadableInputError, match=r"cut off or damaged.*fetch it again"):
        take(store, write(tmp_path / "o.csv.gz", whole[:-4]))
    assert store.list_orders().is_empty()


def test_a_file_that_is_not_there_is_said_not_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"none\.csv cannot be read: No such file"):
        take(store_in(tmp_path), tmp_path / "none.csv")


def test_the_same_content_is_the_same_intake_wherever_it_lies(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one.csv", b"a"), write(tmp_path / "two.csv", b"a")
    assert content_hash([one], "mapping") == content_hash([two], "mapping")
    assert content_hash([one], "mapping") != content_hash([one], "other mapping")


@pytest.mark.parametrize("name", ["o.csv", "o.jsonl"])
def test_a_file_of_empty_lines_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(lines, "BLANK_LINES_MAX", 3)
    head = "a\n1\n" if name == "o.csv" else '{"a": 1}\n'
    row = head.splitlines()[-1]
    few = write(tmp_path / name, f"{head}\n\n\n{row}\n\n\n\n".encode())
    assert sum(chunk.frame.height for chunk in read_chunks(few, Form())) == 2
    many = write(tmp_path / name, f"{head}\n\n\n\n{row}\n".encode())
    with pytest.raises(UnreadableInputError, match="empty lines"):
        list(read_chunks(many, Form()))
