"""The Brazilian example: its folder is sound, its script measures, and a plan of it comes out."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

import entrepost
from entrepost.network.network import Network
from entrepost.planning.options_goods import crosses_no_border
from entrepost.planning.planner.params import PlanParams
from tests.cli.shell import entrepost as run

FOLDER = Path(__file__).parents[2] / "examples" / "brazil"
FILES = ("orders", "order_items", "products", "customers", "sellers")


@pytest.fixture(scope="module")
def brazil() -> Network:
    return entrepost.load_network(FOLDER / "network")


def test_the_folder_is_sound() -> None:
    assert list(entrepost.check_network(FOLDER / "network")) == []


def test_what_sells_is_stocked_by_road_and_nothing_is_paid_at_a_border(brazil: Network) -> None:
    assert crosses_no_border(brazil)
    found = entrepost.plan(brazil, entrepost.sample_orders(brazil, 1_500, seed=1), PlanParams(days_max=9.5))
    assert found.planned is not None
    assert 9 < found.planned.wait_days <= 9.5 < found.today.wait_days
    assert found.warehouses.height > 0
    assert set(found.options.inbound["mode"]) == {"air", "road"}
    stock = found.choices.filter(pl.col("kind") == "stock")
    assert stock.select("duty_minor", "tax_minor", "rebate_minor").sum().row(0) == (0, 0, 0)


def test_a_state_whose_parcels_were_late_gets_a_slower_last_mile(brazil: Network) -> None:
    later = measuring().slower(brazil, {"SP": 1.0})
    pairs = list(zip(brazil.delivery, later, strict=True))
    assert {after.area.split("-")[1] for before, after in pairs if before != after} == {"SP"}
    days = {after.hours_p50 - before.hours_p50 for before, after in pairs if after.area == "BR-SP-metro"}
    assert 24.0 in {round(each, 1) for each in days}, "by mail a day longer"


@pytest.mark.shared
@pytest.mark.campaign
def test_real_parcels_are_measured(tmp_path: Path, shared: Path, campaign_scale: float) -> None:
    """The figures of the guide."""
    if campaign_scale < 1:
        pytest.skip("measuring real parcels takes half a minute: make campaign")
    for name in FILES:
        shutil.copy(shared / "data" / "olist" / f"{name}.csv.gz", tmp_path)
    shutil.copy(FOLDER / "marketplace.toml", tmp_path)
    taken = ("intake", "orders.csv.gz", "--mapping", "marketplace.toml", "--network", str(FOLDER / "network"))
    assert run(*taken, "--store", "shop.db", folder=tmp_path).code == 3
    measured = subprocess.run(
        [sys.executable, FOLDER / "measure.py", "shop.db", "orders.csv.gz", "measured"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    rounds = measured.stdout.split("shape:")[1:]
    if campaign_scale == 1:
        assert ["6142    ┆ 10.18" in rounds[0], "6142    ┆ 9.5" in rounds[2]] == [True, True]
    assert len(rounds) == 3
    assert list(entrepost.check_network(tmp_path / "measured")) == []


def measuring() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure", FOLDER / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
