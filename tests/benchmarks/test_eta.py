"""The benchmark of arrivals on a small folder in the form of the files that it reads."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.eta import METRICS, main
from benchmarks.eta_baselines import BASELINES, fit_baseline
from benchmarks.eta_files import INSTANTS, find_end, read_histories
from benchmarks.eta_roll import STAGES, ask, cut, list_made, ours, roll
from benchmarks.eta_scores import differ, pinball, score, weigh
from tests.journey.order_book import AS_OF, book

SPLIT = AS_OF.date() - timedelta(days=24)
UNTIL = SPLIT + timedelta(days=1)
END = AS_OF.replace(tzinfo=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The book's orders with all that happened before its end, their lines and customers; no other file."""
    write(tmp_path, cut(book(orders=900), END))
    return tmp_path


def write(folder: Path, orders: pl.DataFrame) -> None:
    folder.mkdir(exist_ok=True)
    told = [pl.col(name).dt.to_string("%Y-%m-%d %H:%M:%S").alias(column) for name, column in INSTANTS.items()]
    orders.select("order_id", pl.col("order_id").alias("customer_id"), *told).write_csv(folder / "orders.csv")
    lines = orders.select(
        "order_id", pl.lit("1").alias("order_item_id"), seller_id="seller", price=1.5, freight_value=2.0
    )
    lines.write_csv(folder / "order_items.csv")
    orders.select(
        customer_id="order_id", customer_state="destination", customer_zip_code_prefix=pl.lit("01000")
    ).write_csv(folder / "customers.csv")


def run(folder: Path, *more: str) -> pl.DataFrame:
    to = folder / "predictions.csv"
    options = ["--data", str(folder), "--split", str(SPLIT), "--until", str(UNTIL), "--predictions", str(to), *more]
    assert main(options) == 0
    return pl.read_csv(to, schema_overrides={"order_id": pl.String})


def test_the_json_has_every_metric_of_every_baseline(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(folder, "--json")
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["ours", "baselines"]
    assert set(told["baselines"]) == set(BASELINES)
    for stage in STAGES:
        assert set(told["ours"][stage]) == set(METRICS)
        assert all(set(METRICS) | set(STAGES) == set(each) for each in told["baselines"].values())
    assert told["ours"]["purchase"]["mae"] < told["baselines"]["global mean"]["mae"]
    assert found.columns == ["order_id", "stage", "made_at", "mean_days", "p10", "p50", "p90"]
    assert (found["p10"] <= found["p50"]).all()
    assert (found["p50"] <= found["p90"]).all()


def test_scrambled_outcomes_change_no_forecast(folder: Path) -> None:
    fits = {"ours": ours("BR", print), "a baseline": fit_baseline(BASELINES["lane median x 21-day ratio"])}
    histories = read_histories(folder)
    made = list_made(histories, SPLIT, UNTIL).filter(pl.col("stage") == "purchase")
    found = pl.concat(roll(histories, made, fits))
    generator = np.random.default_rng(4)
    for name in ("approved_at", "handed_over_at", "delivered_at"):
        at = made["monday"].max() + pl.Series(generator.uniform(0, 90, histories.height)) * timedelta(days=1)
        known = pl.col(name) < made["monday"].min()
        histories = histories.with_columns(pl.when(known).then(pl.col(name)).otherwise(at).alias(name))
    assert made["monday"].n_unique() == 1
    assert not histories.equals(read_histories(folder))
    assert pl.concat(roll(histories, made, fits)).equals(found)


def test_each_purchase_is_forecast_at_its_two_stages_on_what_is_known_then(folder: Path) -> None:
    histories = read_histories(folder)
    made = list_made(histories, SPLIT, UNTIL)
    bought = histories.filter(pl.col("placed_at").dt.date().is_between(SPLIT, UNTIL))
    assert (made["stage"] == "purchase").sum() == bought.height
    assert (made["monday"] <= made["made_at"]).all()
    assert set(made["monday"].dt.weekday()) == {1}
    for stage, unknown in (
        ("purchase", ["delivered_at", "handed_over_at", "approved_at", "due_at"]),
        ("handover", ["delivered_at"]),
    ):
        asked = ask(histories, made.filter(pl.col("stage") == stage), stage)
        assert asked.select(unknown).null_count().row(0) == (asked.height,) * len(unknown)


def test_a_folder_with_orders_alone_is_enough(tmp_path: Path) -> None:
    write(tmp_path, cut(book(orders=600), END))
    for name in ("order_items.csv", "customers.csv"):
        (tmp_path / name).unlink()
    assert run(tmp_path)["p50"].is_finite().all()


def test_a_span_without_orders_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(folder), "--split", "1999-01-01", "--until", "1999-02-01"]) == 1
    assert "no order was placed" in capsys.readouterr().out


def test_pinball_punishes_the_improbable_side() -> None:
    assert pinball(np.array([10.0, 10.0]), np.array([8.0, 12.0]), 0.9) == pytest.approx([1.8, 0.2])


def test_an_arrival_late_in_its_window_stands_for_those_that_are_hidden() -> None:
    weight = weigh(np.array([5.0, 15.0, np.nan, np.nan]), np.array([10.0, 20.0, 10.0, 20.0]))
    assert weight.tolist() == [1.0, 2.0, 0.0, 0.0]


def test_an_order_not_delivered_costs_what_is_certain() -> None:
    days = date(2025, 3, 3)
    at = datetime(days.year, days.month, days.day)  # noqa: DTZ001
    histories = pl.DataFrame(
        {"order_id": ["came", "never"], "placed_at": [at, at], "delivered_at": [at + timedelta(days=10), None]}
    )
    forecasts = histories.select("order_id", monday=pl.lit(at), mean_days=9.0, p10=5.0, p50=8.0, p90=12.0)
    end = find_end(histories.with_columns(approved_at=pl.lit(at), handed_over_at=pl.lit(at + timedelta(days=20))))
    found = score(forecasts, histories, end)
    assert found.certain == pytest.approx([0.5 * 2 + 0.1 * 2, 0.5 * 12 + 0.9 * 8])
    assert found.kept.tolist() == [1.0, 0.0]
    assert found.metrics() == pytest.approx(
        {"rmse": 1, "mae": 2, "pinball_p10": 0.5, "pinball_p50": 1, "pinball_p90": 0.2, "coverage_p90": 1}
    )
    assert differ(found, found, "pinball_p50_p90").value == 0
