"""Two clerks, each in a process, close bags and dispatches and are killed: no number is missing or given twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from entrepost.operations.dispatch_records import KeptDispatch, KeptReceptacle
from entrepost.wiring import open_store
from tests.durability.conftest import ProgressLine

pytestmark = [pytest.mark.campaign, pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")]

KILLS = 20
CLERK = """
import sys, time
from contextlib import suppress
from entrepost.base.errors import MissingRowError
from entrepost.operations.access import Caller
from entrepost.operations.dispatching.closing import Closing, close_receptacles
from entrepost.operations.dispatching.dispatches import close_dispatch
from entrepost.operations.dispatching.filling import Opening, open_receptacle
from entrepost.wiring import open_store
from tests.worlds import two_offices
network, by = two_offices(), Caller("main", sys.argv[2], frozenset())
store = open_store(sys.argv[1])
for number in range(10**6):
    tag = f"{sys.argv[2]} {number}"
    time.sleep(0.02)  # a clerk has hands; who never lets go of a file starves the other
    open_receptacle(store, network, by, Opening("CNSHAA", "DEFRAA", "A", "TN", tag))
    done = close_receptacles(store, network, by, [Closing(tag, 1_000)])
    print(done.receptacles[0].receptacle, flush=True)
    if number % 3 == 2:
        with suppress(MissingRowError):
            print(close_dispatch(store, network, by, "CNSHAADEFRAAATN").dispatch.dispatch, flush=True)
"""


def test_no_number_is_missing_whoever_is_killed(
    tmp_path: Path, store_place: str, campaign_scale: float, progress_line: ProgressLine
) -> None:
    kills, chance = round(KILLS * campaign_scale), random.Random(11)
    open_store(store_place).close()
    said = [tmp_path / f"clerk {number}" for number in range(2 * kills)]
    for turn in range(kills):
        files = said[2 * turn : 2 * turn + 2]
        clerks = [_begin(store_place, file) for file in files]
        try:
            while not all(file.read_text(encoding="utf-8") for file in files):
                assert [each.poll() for each in clerks] == [None, None], "a clerk stopped before anybody killed him"
                time.sleep(0.01)
            time.sleep(chance.uniform(0.05, 0.5))
        finally:
            complaints = [_kill(each) for each in clerks]
        assert [each.returncode for each in clerks] == [-9, -9], complaints
        progress_line("kills of clerks", turn + 1, total=kills)
    acknowledged = {line for file in said for line in file.read_text(encoding="utf-8").split("\n")[:-1]}
    store = open_store(store_place)
    dispatches = store.records.list_of(KeptDispatch, "main")
    bags = store.records.list_of(KeptReceptacle, "main")
    store.close()
    assert acknowledged <= {*(d.dispatch for d in dispatches), *(b.receptacle for b in bags)}
    assert [int(each.dispatch[-4:]) for each in dispatches] == list(range(1, len(dispatches) + 1))
    for each in dispatches:
        own = [bag for bag in bags if bag.dispatch == each.dispatch]
        assert [bag.serial for bag in own] == list(range(1, each.receptacles + 1))
        assert [bag.receptacle_id[23] for bag in own].count("1") == (each.state == "closed")
    assert len(bags) >= 2 * kills


def _kill(clerk: subprocess.Popen[str]) -> str:
    """Kill a clerk; what he complained of."""
    clerk.kill()
    return clerk.communicate()[1]


def _begin(place: str, said: Path) -> subprocess.Popen[str]:
    """A clerk at work, who writes into a file what was acknowledged; the last line may be torn."""
    command = [sys.executable, "-W", "ignore", "-c", CLERK, place, said.name]
    with said.open("w") as out:
        return subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
