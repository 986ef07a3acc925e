"""Runs the command line: within this process, which is quick, or by a process of its own, as a shell does."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from entrepost.cli import main

PROGRAM = "from entrepost.cli import main; main()"


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """The answer of a command that was asked for JSON."""
        return json.loads(self.out)


def entrepost(*arguments: str | Path, folder: Path | None = None, given: str = "") -> Answer:
    """Run ``entrepost`` with these arguments in a folder, with this text on standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, chdir(folder or "."), redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "stdin", stdin)
        with pytest.raises(SystemExit) as end:
            main([str(each) for each in arguments])
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return Answer(int(end.value.code or 0), *said)


def by_shell(*arguments: str, before: str = "") -> Answer:
    """Run it in a process of its own, after some other Python code."""
    command = [sys.executable, "-c", before + PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return Answer(done.returncode, done.stdout, done.stderr)
