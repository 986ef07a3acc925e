"""A server in a process of its own, for those who load it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY_SECONDS = 900
LOOK_SECONDS = 0.25


@contextmanager
def serve(store: Path, *options: str) -> Iterator[int]:
    """The port of a server on a store, once it is ready."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    command = [sys.executable, "-c", "from entrepost.cli import main; main()", "serve", "--store", str(store)]
    own = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    told = [*command, "--port", str(port), *options]
    with subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=own) as process:
        try:
            _wait(process, port)
            yield port
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    begin = time.perf_counter()
    while not _is_ready(port):
        if process.poll() is not None or time.perf_counter() - begin > READY_SECONDS:
            raise RuntimeError("the server does not get ready")
        time.sleep(LOOK_SECONDS)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
