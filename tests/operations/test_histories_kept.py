"""What was kept of a history comes back as it was, or a finding says why not."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.journey.learning.facts import gather
from entrepost.operations.histories_kept import KEPT, Kept, forget_old, read_kept, write_kept
from entrepost.operations.histories_mark import Mark
from tests.journey.histories import LATER, simulate_history, uncertain_offices
from tests.tidy.source import ROOT
from tests.worlds import MONDAY

MOMENT = MONDAY + timedelta(days=40)
WRITE_AGAIN_AND_AGAIN = """
import sys
from pathlib import Path
from entrepost.operations.histories_kept import write_kept
from tests.operations.test_histories_kept import kept
one = kept()
write_kept(one, Path(sys.argv[1]))
print("begun", flush=True)
while True:
    write_kept(one, Path(sys.argv[1]))
"""


def kept() -> Kept:
    """Of 300 items, of which some events are not known yet."""
    gathered = gather(simulate_history(uncertain_offices(), 300), MOMENT)
    return Kept(gathered.facts, gathered.later.collect(), MOMENT, Mark("parquet", 7, "digest"))


def same(one: Kept, other: Kept) -> bool:
    facts = one.facts.items.equals(other.facts.items) and one.facts.places == other.facts.places
    keys = (one.facts.keys == other.facts.keys).all() and (one.facts.offsets == other.facts.offsets).all()
    later = one.later.sort(pl.all()).equals(other.later.select(one.later.columns).sort(pl.all()))
    return bool(facts and keys and later and (one.as_of, one.mark) == (other.as_of, other.mark))


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    one = kept()
    assert one.later.height > 100
    write_kept(one, tmp_path / KEPT)
    found, findings = read_kept(tmp_path / KEPT, MOMENT)
    assert found is not None
    assert same(one, found)
    assert findings == []


def test_nothing_known_comes_back_too(tmp_path: Path) -> None:
    early = MONDAY - timedelta(days=400)
    gathered = gather(simulate_history(uncertain_offices(), 3), early)
    write_kept(Kept(gathered.facts, gathered.later.collect(), early, Mark("store")), tmp_path / KEPT)
    found, _ = read_kept(tmp_path / KEPT, early)
    assert found is not None
    assert (found.facts.keys.size, found.later.height) == (0, 36)


def test_the_numbers_of_a_store_are_kept_item_by_item(tmp_path: Path) -> None:
    one = kept()
    counts = pl.Series("events", range(one.facts.items.height), dtype=pl.Int64)
    write_kept(replace(one, counts=counts), tmp_path / KEPT)
    found, _ = read_kept(tmp_path / KEPT, MOMENT)
    assert found is not None
    assert found.counts.equals(counts)


def test_where_nothing_was_kept_nothing_is_said(tmp_path: Path) -> None:
    assert read_kept(tmp_path / KEPT, MOMENT) == (None, [])


def test_what_is_known_later_than_asked_for_is_not_used(tmp_path: Path) -> None:
    write_kept(kept(), tmp_path / KEPT)
    found, (finding,) = read_kept(tmp_path / KEPT, MOMENT - timedelta(hours=1))
    assert found is None
    assert finding.code == "learn_kept_unusable"
    assert "is asked for" in finding.message


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"item_id,code\n"])
def test_a_file_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEPT).write_bytes(content)
    found, (finding,) = read_kept(tmp_path / KEPT, MOMENT)
    assert found is None
    assert "cannot be read" in finding.message


def test_a_file_cut_off_anywhere_is_told(tmp_path: Path) -> None:
    write_kept(kept(), tmp_path / KEPT)
    whole = (tmp_path / KEPT).read_bytes()
    for size in range(0, len(whole), len(whole) // 20):
        (tmp_path / KEPT).write_bytes(whole[:size])
        assert read_kept(tmp_path / KEPT, MOMENT)[0] is None


@pytest.mark.parametrize("head", [{"version": "0"}, {}, {"version": "1", "words": "EMA"}])
def test_the_file_of_another_version_is_told(tmp_path: Path, head: dict[str, str]) -> None:
    pl.DataFrame({"keys": [1]}).write_parquet(tmp_path / KEPT, metadata=head)
    found, (finding,) = read_kept(tmp_path / KEPT, MOMENT)
    assert found is None
    assert "another version" in finding.message


def test_a_process_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    one = kept()
    for seconds in (0.0, 0.013, 0.05):
        command = [sys.executable, "-c", WRITE_AGAIN_AND_AGAIN, str(tmp_path / KEPT)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            time.sleep(seconds)
            process.kill()
        found, _ = read_kept(tmp_path / KEPT, MOMENT)
        assert found is not None
        assert same(one, found)


def test_items_of_which_nothing_can_be_learned_any_more_are_forgotten() -> None:
    facts = kept().facts
    assert forget_old(facts, LATER) is facts
    assert forget_old(facts, LATER + timedelta(days=3 * 365 + 200)).items.height == 0
