"""What frames free is kept for the next ones."""

from __future__ import annotations

import os
import subprocess
import sys

SETTING = "_RJEM_MALLOC_CONF"
CHILD = """
import os, resource, time
import entrepost
import polars as pl

def work():
    pl.select(pl.int_range(4_000_000, eager=False) * 2)

work()
begin = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    work()
    time.sleep(0.01)
print(os.environ["_RJEM_MALLOC_CONF"], resource.getrusage(resource.RUSAGE_SELF).ru_minflt - begin)
"""


def run_child(**setting: str) -> tuple[str, int]:
    """The setting that a new process works with, and the pages that it has to take from the system again."""
    others = {name: value for name, value in os.environ.items() if name != SETTING}
    ended = subprocess.run(
        [sys.executable, "-c", CHILD], env={**others, **setting}, capture_output=True, text=True, check=True
    )
    said, faults = ended.stdout.split()
    return said, int(faults)


def test_frames_take_the_memory_that_frames_before_them_freed() -> None:
    given_back = "dirty_decay_ms:0,muzzy_decay_ms:0"
    said, many = run_child(**{SETTING: given_back})
    assert said.endswith(given_back), "whoever runs it decides"
    _, few = run_child()
    assert few < many / 4
