"""A process of its own that brings a file in, and how often and when it is killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RUN = """
import sys
from pathlib import Path
from entrepost.operations import containment, events, intake
from entrepost.wiring import open_store
bring = {
    "events": events.record_event_file,
    "orders": intake.intake_orders,
    "containment": containment.intake_containment,
}[sys.argv[1]]
events.CHUNK_ROWS = intake.CHUNK_ROWS = containment.CHUNK_ROWS = int(sys.argv[2])
store = open_store(sys.argv[3])
print("open", flush=True)
sys.stdin.readline()
bring(store, Path(sys.argv[4]), progress=lambda rows: print(rows, flush=True))
"""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a child does: bring in the events, orders or containments of a file, so many rows at a time."""

    kind: str
    store: str
    file: Path
    chunk_rows: int

    @contextmanager
    def begun(self) -> Iterator[subprocess.Popen[str]]:
        """The child at work, whose output is `open` and then the rows that are done, a line for each chunk."""
        with self._waiting() as process:
            _start(process)
            yield process

    def done_by_two(self) -> list[tuple[int, str]]:
        """Two children do it at the same time; how each ended, and what it complained of."""
        with self._waiting() as one, self._waiting() as other:
            for child in (one, other):
                assert child.stdout is not None
                assert child.stdout.readline() == "open\n", child.communicate()
            for child in (one, other):
                _start(child)
            complaints = [child.communicate()[1] for child in (one, other)]
        return [(child.returncode, said) for child, said in zip((one, other), complaints, strict=True)]

    def _waiting(self) -> subprocess.Popen[str]:
        """The child, which has the store open soon and begins at a line of input."""
        arguments = [self.kind, str(self.chunk_rows), self.store, str(self.file)]
        command = [sys.executable, "-W", "ignore", "-c", RUN, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _start(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("begin\n")
    child.stdin.flush()


def kill_again_and_again(errand: Errand, rows: int, kills: int, told: Callable[[int], None] | None = None) -> int:
    """Kill the child so many times on its way through a file of so many rows; how often it was killed at work.

    The kills are spread over the file; each comes within a twentieth of a second after some chunk was
    acknowledged, and every tenth before the child has done anything.

    Raises
    ------
    AssertionError
        When a child ended by itself with anything but success: a crash must not pass for a kill.
    """
    chance, at_work = random.Random(7), 0
    for number in range(kills):
        goal = int((number + chance.random()) * 0.95 * rows / kills)
        with errand.begun() as child:
            if number % 10 == 9:
                time.sleep(chance.uniform(0.2, 2))
            else:
                at_work += _wait_for(child, goal)
                time.sleep(chance.uniform(0, 0.05))
            _kill(child)
        if told:
            told(number + 1)
    return at_work


def _wait_for(child: subprocess.Popen[str], goal: int) -> bool:
    """Read what the child says until so many rows are done; false where it ended before."""
    assert child.stdout is not None
    return any(line != "open\n" and int(line) >= goal for line in child.stdout)


def _kill(child: subprocess.Popen[str]) -> None:
    child.kill()
    _, complaint = child.communicate()
    assert child.returncode in (0, -signal.SIGKILL), f"it stopped by itself with {child.returncode}: {complaint}"
