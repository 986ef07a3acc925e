"""A server in a process of its own, that can be killed and started again at the same place."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_SECONDS = 120
CODE = "from entrepost.cli import main; main()"
NURSERY = """
import os, signal, sys
import numba, polars, uvicorn.lifespan.on, uvicorn.loops.auto, uvicorn.protocols.http.auto
import entrepost.cli.serve, entrepost.cli.server, entrepost.operations.events, entrepost.operations.intake
from entrepost.cli import main
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
sys.argv = ["entrepost", *sys.argv[1:]]
for _ in sys.stdin:
    child = os.fork()
    if not child:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(2, 1)
        main()
        os._exit(0)
    print(child, flush=True)
"""
"""Loads the program and opens nothing; each line that it reads is a new server, its child."""


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Served:
    """`entrepost serve` on a store; leaving the context ends it. `start` again after `kill`.

    `settings` are environment variables of its own.

    The servers of a `nursery` are children of one process that has loaded the program, as loading takes most of a
    start; otherwise each is a process of its own from the beginning.
    """

    def __init__(self, place: str, folder: Path, network: Path, workers: int = 1, nursery: bool = False) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings: dict[str, str] = {}
        self._log = folder / "serve.log"
        where = ["--port", str(self.port), "--uploads", str(folder / "uploads"), "--workers", str(workers), "--cold"]
        self._asked = ["serve", "--store", place, "--network", str(network), *where]
        self._nursery = self._begin(NURSERY, stdin=subprocess.PIPE, stdout=subprocess.PIPE) if nursery else None
        self._process: subprocess.Popen[bytes] | None = None
        self._child = 0

    def __enter__(self) -> Served:
        self.start()
        return self

    def __exit__(self, *_how: object) -> None:
        self.kill()
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery.communicate()

    def start(self, alone: bool = False) -> None:
        """Start it, and wait until it is ready; `alone` it is no child of the nursery."""
        if self._nursery is None or alone:
            self._process = self._begin(CODE)
            self._child = self._process.pid
        else:
            assert self._nursery.stdin is not None
            assert self._nursery.stdout is not None
            self._nursery.stdin.write(b"\n")
            self._nursery.stdin.flush()
            self._child = int(self._nursery.stdout.readline())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._is_ready():
            if not self._lives() or time.monotonic() > deadline:
                raise AssertionError(f"the server does not start: {self._log.read_text()[-2000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it and its workers as a crash does."""
        if not self._child:
            return
        os.killpg(self._child, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        while self._lives():
            time.sleep(0.001)
        self._process, self._child = None, 0

    def _begin(self, code: str, **pipes: int) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            told = {"stdout": log, "stderr": log} | pipes
            asked, own = [sys.executable, "-c", code, *self._asked], os.environ | self.settings
            return subprocess.Popen(asked, start_new_session=True, env=own, **told)

    def _lives(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        try:
            os.kill(self._child, 0)
        except ProcessLookupError:
            return False
        return True

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
