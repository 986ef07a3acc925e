"""Runs the benchmarks, each in a process of its own: ``python -m benchmarks [NAME ...]``; see README.md."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks import NAMES

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Run the named benchmarks, or all, and write what each found; a failed one does not stop the others."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="the claims about speed, one by one")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; without one, all")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for NAME.csv")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(NAMES)):
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    failed = [name for name in options.names or NAMES if not _run(name, options.results / f"{name}.csv")]
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _run(name: str, results: Path) -> bool:
    print(f"== {name}", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}", "--csv", str(results)]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
