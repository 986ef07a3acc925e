"""A power cut loses nothing that was acknowledged, whatever the disk did with what it had not yet written."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from entrepost.operations import events as recording
from entrepost.store import connect
from tests.durability.conftest import ProgressLine
from tests.durability.power import Report, Weather, run_campaign
from tests.durability.traffic import make_traffic

pytestmark = [pytest.mark.campaign, pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")]

CUTS, LOSSES = 1_000, 20
TRAFFIC = make_traffic(items=120, rows=3_000, seed=3)
FULL = "synchronous = FULL"
CHECKPOINTS, FEW = "wal_autocheckpoint = 4000", 300


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many commits and checkpoints in little time."""
    assert CHECKPOINTS in connect.PRAGMAS
    pragmas = tuple(f"wal_autocheckpoint = {FEW}" if each == CHECKPOINTS else each for each in connect.PRAGMAS)
    monkeypatch.setattr(connect, "PRAGMAS", pragmas)
    monkeypatch.setattr(recording, "CHUNK_ROWS", 40)


def synchronise(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Let the store synchronise less than it does."""
    assert FULL in connect.PRAGMAS
    monkeypatch.setattr(
        connect, "PRAGMAS", tuple(each.replace(FULL, f"synchronous = {how}") for each in connect.PRAGMAS)
    )


def test_no_power_cut_loses_what_was_acknowledged(
    tmp_path: Path, campaign_scale: float, progress_line: ProgressLine
) -> None:
    cuts = round(CUTS * campaign_scale)
    report = run_campaign(tmp_path, TRAFFIC, Weather(cuts, told=partial(progress_line, "power cuts", total=cuts)))
    assert report.losses == []
    check_that_it_was_a_campaign(report, cuts)


def test_a_disk_that_spoils_whole_sectors_loses_nothing_with_two_settings_more(
    tmp_path: Path, campaign_scale: float, progress_line: ProgressLine
) -> None:
    """SQLite must know of such a disk, and must not append to what is left of a log after a crash."""
    cuts = round(CUTS * campaign_scale)
    told = partial(progress_line, "power cuts, whole sectors", total=cuts)
    weather = Weather(cuts, neighbours=True, setting="psow=0", first="PRAGMA wal_checkpoint(TRUNCATE)", told=told)
    report = run_campaign(tmp_path, TRAFFIC, weather)
    assert report.losses == []
    check_that_it_was_a_campaign(report, cuts)


def test_the_campaign_sees_what_a_disk_loses_that_spoils_whole_sectors_unexpectedly(
    tmp_path: Path, campaign_scale: float
) -> None:
    check_that_losses_are_seen(tmp_path, campaign_scale, neighbours=True, setting="psow=1")


@pytest.mark.parametrize("how", ["OFF", "NORMAL"])
def test_the_campaign_sees_what_is_lost_without_full_synchronisation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, campaign_scale: float, how: str
) -> None:
    synchronise(monkeypatch, how)
    check_that_losses_are_seen(tmp_path, campaign_scale)


def check_that_losses_are_seen(folder: Path, scale: float, neighbours: bool = False, setting: str = "") -> None:
    """Of every sixty cuts at least one is seen to lose something."""
    losses = round(LOSSES * scale)
    report = run_campaign(folder, TRAFFIC, Weather(CUTS, neighbours, setting, losses=losses))
    assert len(report.losses) >= losses
    assert report.cuts <= 60 * losses


def check_that_it_was_a_campaign(report: Report, cuts: int) -> None:
    """Every cut was looked at, and cuts fell where they hurt: into the log, and into its way to the database."""
    assert report.cuts == cuts
    assert report.looks >= cuts
    assert report.seen["sync wal"] > 3 * cuts
    assert report.seen["cut in write wal"] >= cuts // 5
    assert report.seen["cut in write database"] >= cuts // 10
