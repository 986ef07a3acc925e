"""Runs the command line as a shell does."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """Run ``entrepost`` with these arguments in a folder."""
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False, timeout=300)
    return Answer(done.returncode, done.stdout, done.stderr)
