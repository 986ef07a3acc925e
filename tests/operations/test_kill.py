"""Killed in the middle, an intake goes on where it was: nothing is lost and nothing comes twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from entrepost.operations.intake import intake_orders
from entrepost.wiring import open_store
from tests.operations.shop import counts, csv_text, lamp, write

ORDERS, BAD_EVERY = 4_000, 50
RUN = """
import sys
from pathlib import Path
from entrepost.operations import intake
from entrepost.wiring import open_store
intake.CHUNK_ROWS = 50
store = open_store(sys.argv[1])
intake.intake_orders(store, Path(sys.argv[2]), progress=lambda rows: print(rows, flush=True))
"""


@pytest.mark.campaign
def test_an_intake_killed_again_and_again_loses_nothing_and_doubles_nothing(
    tmp_path: Path, campaign_scale: float
) -> None:
    rows = [
        lamp(order_id=f"o{number}", country="XX" if number % BAD_EVERY == 0 else "DE", line=str(line))
        for number in range(ORDERS)
        for line in (1, 2)
    ]
    path = write(tmp_path / "orders.csv", csv_text(*rows).encode())
    kills = _kill_often(path, tmp_path / "orders.db", round(40 * campaign_scale) + 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        store = open_store(tmp_path / "orders.db")
    outcome = intake_orders(store, path)
    bad = 2 * ORDERS // BAD_EVERY
    assert counts(outcome) == (2 * ORDERS, 2 * ORDERS - bad, 0, bad)
    assert store.list_orders().height == 2 * ORDERS - bad
    assert outcome.orders == ORDERS - ORDERS // BAD_EVERY
    assert outcome.findings == {"country_unknown": bad}
    assert outcome.resumed_at > 0
    assert kills > 0


def _kill_often(path: Path, database: Path, times: int) -> int:
    """Start the intake and kill it some time after some chunk; how often it was killed before it was done."""
    chance, kills = random.Random(7), 0
    for _ in range(times):
        command = [sys.executable, "-W", "ignore", "-c", RUN, str(database), str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _chunk in range(chance.randint(1, 6)):
                process.stdout.readline()
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
            ended = process.wait()
            assert ended in (0, -signal.SIGKILL), "it stopped by itself"
            kills += ended != 0
    return kills
