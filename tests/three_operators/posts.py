"""The processes of three posts: begun from one that has loaded the program, killed, and begun again where they were."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.three_operators.places import POSTS

NURSERY = """
import os, signal, sys, warnings
warnings.simplefilter("ignore")
import numba, polars, nats.aio.client, nats.js.client, uvicorn.loops.auto, uvicorn.protocols.http.auto
from tests.three_operators import child
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    number = os.fork()
    if not number:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(2, 1)
        child.main(line.strip())
        os._exit(0)
    print(number, flush=True)
"""
"""Loads the program and opens nothing; each line that it reads is the file of a new post, its child."""


class Nursery:
    """Begins posts, each a process of its own."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
            )

    def begin(self, file: Path) -> int:
        """Begin the post of a file; its process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{file}\n".encode())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the nursery; its children are ended by who has them."""
        self._process.kill()
        self._process.communicate()


class Posts:
    """The three posts of one run, in folders of theirs."""

    def __init__(self, nursery: Nursery, folder: Path, asked: dict[str, dict[str, Any]]) -> None:
        self.folder, self._nursery, self._running = folder, nursery, dict[str, int]()
        for country in POSTS:
            (folder / country).mkdir(exist_ok=True)
            (folder / country / "asked.json").write_text(json.dumps(asked[country]), encoding="utf-8")
        self.allow(0.0)

    def __enter__(self) -> Posts:
        for country in POSTS:
            self.begin(country)
        return self

    def __exit__(self, *_how: object) -> None:
        for country in list(self._running):
            self.kill(country)

    def begin(self, country: str) -> None:
        """Begin a post, or begin it again."""
        self._running[country] = self._nursery.begin(self.folder / country / "asked.json")

    def kill(self, country: str) -> None:
        """End a post as a crash does."""
        number = self._running.pop(country)
        if _lives(number):
            os.killpg(number, signal.SIGKILL)
        while _lives(number):
            time.sleep(0.001)

    def crash(self, country: str) -> None:
        """Kill a post, and begin it again."""
        self.kill(country)
        self.begin(country)

    def told(self) -> list[tuple[str, int]]:
        """How far each is, and how many dispatches it closed; a process that is gone without being killed raises."""
        gone = [country for country, number in self._running.items() if not _lives(number)]
        assert gone == [], f"{gone} ended by themselves"
        files = [self.folder / country / "told" for country in POSTS]
        words = [each.read_text(encoding="utf-8").split() if each.exists() else ["begins", "0"] for each in files]
        return [(each[0], int(each[1])) for each in words]

    def allow(self, share: float) -> None:
        """Let no more than a share of all dispatches be closed."""
        for country in POSTS:
            (self.folder / country / "share.new").write_text(str(share), encoding="utf-8")
            (self.folder / country / "share.new").replace(self.folder / country / "share")

    def stop(self, seconds: float = 20) -> None:
        """Let all of them come to their end."""
        for country in POSTS:
            (self.folder / country / "stop").touch()
        deadline = time.monotonic() + seconds
        while any(_lives(number) for number in self._running.values()) and time.monotonic() < deadline:
            time.sleep(0.02)


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
