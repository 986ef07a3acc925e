"""Orders come in: each kind of bad input costs its own row and nothing else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations import intake
from entrepost.operations.intake import intake_orders
from entrepost.operations.rejected import list_rejected
from tests.operations.shop import LAMP, counts, csv_text, lamp, store_in, take, take_in, write, write_csv

GOOD = lamp(order_id="good")


def test_a_sound_order_is_kept_with_every_cell(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, LAMP)
    assert counts(outcome) == (1, 1, 0, 0)
    assert outcome.orders == 1
    row = store.list_orders().row(0, named=True)
    assert (row["tenant"], row["seller"], row["order_id"], row["line"]) == ("main", "shop", "o1", 1)
    assert row["placed_at"].isoformat() == "2026-01-05T02:00:00+00:00"
    assert (row["unit_value"], row["unit_value_minor"], row["currency"]) == ("30.00", 3000, "CNY")
    assert (row["weight_g"], row["length_mm"], row["battery"], row["wanted_by"]) == (400, 0, "none", None)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"placed_at": "2026-01-05 10:00:00"}, "instant_without_zone", "placed_at"),
        ({"placed_at": "2026-02-30T10:00:00Z"}, "instant_impossible", "placed_at"),
        ({"placed_at": "yesterday"}, "instant_impossible", "placed_at"),
        ({"placed_at": ""}, "cell_missing", "placed_at"),
        ({"country": "Germany"}, "country_unknown", "country"),
        ({"country": "XX"}, "country_unknown", "country"),
        ({"weight_g": "-400"}, "cell_out_of_range", "weight_g"),
        ({"weight_g": "0"}, "cell_out_of_range", "weight_g"),
        ({"weight_g": "400.5"}, "cell_malformed", "weight_g"),
        ({"weight_g": "heavy"}, "cell_malformed", "weight_g"),
        ({"weight_g": "1,000"}, "cell_malformed", "weight_g"),
        ({"quantity": "99999999999999999999"}, "cell_malformed", "quantity"),
        ({"currency": "YUAN"}, "currency_unknown", "currency"),
        ({"currency": ""}, "currency_missing", "currency"),
        ({"unit_value": "30.005"}, "amount_decimals", "unit_value"),
        ({"unit_value": "-3"}, "amount_malformed", "unit_value"),
        ({"unit_value": "30,00"}, "amount_malformed", "unit_value"),
        ({"unit_value": "NaN"}, "amount_malformed", "unit_value"),
        ({"origin": "CNXXXX"}, "origin_unknown", "origin"),
        ({"seller": ""}, "cell_missing", "seller"),
        ({"order_id": " "}, "cell_missing", "order_id"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(
    tmp_path: Path, changed: dict[str, str], code: str, field: str
) -> None:
    store = store_in(tmp_path)
    path = write_csv(tmp_path, lamp(**changed), GOOD)
    outcome = take(store, path, origins=("CNSHAA",))
    assert counts(outcome) == (2, 1, 0, 1)
    assert outcome.findings == {code: 1}
    finding = store.list_findings().row(0, named=True)
    assert (finding["field"], finding["row"], finding["subject"]) == (field, 2, "orders.csv")
    assert finding["fix"]
    assert json.loads(finding["raw"])["sku"] == "LAMP"
    assert store.list_orders().get_column("order_id").to_list() == ["good"]


@pytest.mark.parametrize(
    ("currency", "unit_value", "minor", "shown"),
    [
        ("JPY", "1500", 1500, "1500"),
        ("JPY", "1500.00", 1500, "1500"),
        ("KWD", "1.234", 1234, "1.234"),
        ("EUR", "12.5", 1250, "12.50"),
        ("USD", "0.07", 7, "0.07"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    tmp_path: Path, currency: str, unit_value: str, minor: int, shown: str
) -> None:
    store, _ = take_in(tmp_path, lamp(currency=currency, unit_value=unit_value))
    row = store.list_orders().row(0, named=True)
    assert (row["unit_value_minor"], row["unit_value"]) == (minor, shown)


@pytest.mark.parametrize(("currency", "unit_value"), [("JPY", "12.50"), ("KWD", "1.2345")])
def test_an_amount_finer_than_its_currency_is_not_rounded(tmp_path: Path, currency: str, unit_value: str) -> None:
    _, outcome = take_in(tmp_path, lamp(currency=currency, unit_value=unit_value))
    assert outcome.findings == {"amount_decimals": 1}


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


def test_a_column_that_nothing_reads_is_a_warning(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, lamp(colour="red"))
    assert counts(outcome) == (1, 1, 0, 0)
    assert store.list_findings().select("code", "field", "level").row(0) == ("column_unknown", "colour", "warning")


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


def test_the_same_order_with_the_same_content_is_a_duplicate(tmp_path: Path) -> None:
    store, first = take_in(tmp_path, LAMP, GOOD, LAMP)
    assert counts(first) == (3, 2, 1, 0)
    assert first.findings == {}
    again = take(store, write_csv(tmp_path, GOOD, LAMP, name="again.csv"))
    assert counts(again) == (2, 0, 2, 0)


def test_the_same_order_with_other_content_is_a_finding_and_the_first_stays(tmp_path: Path) -> None:
    store, first = take_in(tmp_path, LAMP, GOOD, lamp(country="FR"))
    assert counts(first) == (3, 2, 0, 1)
    again = take(store, write_csv(tmp_path, lamp(weight_g="500"), name="again.csv"))
    assert counts(again) == (1, 0, 0, 1)
    assert first.findings == again.findings == {"order_changed": 1}
    messages = store.list_findings().get_column("message").to_list()
    assert ["country" in messages[0], "weight_g" in messages[1]] == [True, True]
    kept = store.list_orders().filter(pl.col("order_id") == "o1").row(0, named=True)
    assert (kept["country"], kept["weight_g"]) == ("DE", 400)


def test_a_further_line_in_another_file_is_other_content(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, LAMP)
    again = take(store, write_csv(tmp_path, LAMP, lamp(line="2", sku="MUG"), name="again.csv"))
    assert counts(again) == (2, 0, 1, 1)
    assert again.findings == {"order_changed": 1}


def test_the_same_reference_of_two_sellers_is_two_orders(tmp_path: Path) -> None:
    _, outcome = take_in(tmp_path, LAMP, lamp(seller="other"))
    assert counts(outcome) == (2, 2, 0, 0)
    assert outcome.orders == 2


def test_rows_without_line_numbers_are_numbered_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [{name: cell for name, cell in row.items() if name != "line"} for row in (LAMP, lamp(sku="MUG"), GOOD)]
    store, _ = take_in(tmp_path, *rows)
    assert store.list_orders().select("order_id", "line", "sku").sort("order_id", "line").rows() == [
        ("good", 1, "LAMP"),
        ("o1", 1, "LAMP"),
        ("o1", 2, "MUG"),
    ]


def test_a_row_like_the_one_before_is_a_second_line_and_a_warning(tmp_path: Path) -> None:
    row = {name: cell for name, cell in LAMP.items() if name != "line"}
    store, outcome = take_in(tmp_path, row, row)
    assert counts(outcome) == (2, 2, 0, 0)
    assert outcome.findings == {"row_repeated": 1}
    assert store.list_findings().get_column("level").to_list() == ["warning"]


def test_an_order_comes_in_whole_or_not_at_all(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, LAMP, lamp(line="2", weight_g="-1"), GOOD)
    assert counts(outcome) == (3, 1, 0, 2)
    assert outcome.findings == {"cell_out_of_range": 1, "order_incomplete": 1}
    corrected = take(store, write_csv(tmp_path, LAMP, lamp(line="2", weight_g="1"), GOOD, name="corrected.csv"))
    assert counts(corrected) == (3, 2, 1, 0)


def test_an_order_in_two_currencies_is_at_odds_with_itself(tmp_path: Path) -> None:
    _, outcome = take_in(tmp_path, LAMP, lamp(line="2", currency="EUR"))
    assert outcome.findings == {"order_changed": 1}


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


def test_a_broken_line_of_json_costs_itself_only(tmp_path: Path) -> None:
    content = f"{json.dumps(LAMP)}\n{{broken\n[1]\n{json.dumps(GOOD)}\n"
    outcome = take(store_in(tmp_path), write(tmp_path / "o.jsonl", content.encode()))
    assert counts(outcome) == (4, 2, 0, 2)
    assert outcome.findings == {"row_unreadable": 2}


def test_a_file_that_is_no_parquet_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="as Parquet"):
        take(store_in(tmp_path), write(tmp_path / "o.parquet", b"PAR1 but not really"))


def test_an_unknown_kind_of_file_names_the_kinds(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"\.csv.*\.jsonl"):
        take(store_in(tmp_path), write(tmp_path / "o.xlsx", b"PK"))


def test_a_file_cut_off_in_its_compression_is_unreadable(tmp_path: Path) -> None:
    whole = gzip.compress(csv_text(LAMP, GOOD).encode())
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        take(store_in(tmp_path), write(tmp_path / "o.csv.gz", whole[:-12]))


def test_rejected_rows_are_given_back_as_they_came(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, lamp(country="Germany"), GOOD)
    rejected = list_rejected(store, outcome.intake)
    assert rejected.select("#row", "#code", "order_id", "country").rows() == [("2", "country_unknown", "o1", "Germany")]


def test_orders_stay_whole_where_chunks_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CHUNK_ROWS", 2)
    rows = [lamp(order_id="a"), *(lamp(order_id="b", line=str(line), sku=f"S{line}") for line in range(1, 6))]
    rows = [{name: cell for name, cell in row.items() if name != "line"} for row in (*rows, GOOD)]
    seen: list[int] = []
    store = store_in(tmp_path)
    outcome = intake_orders(store, write_csv(tmp_path, *rows), progress=seen.append)
    assert counts(outcome) == (7, 7, 0, 0)
    assert store.list_orders().filter(pl.col("order_id") == "b").get_column("line").to_list() == [1, 2, 3, 4, 5]
    assert seen == sorted(seen)
    assert seen[-1] == 7
