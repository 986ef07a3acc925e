"""Reads a Parquet file in a process of its own, with little memory: `python -m entrepost.operations.parquet_trial`.

It says on standard output what is wrong with the file; when it is ended by its bounds it says nothing.
"""

from __future__ import annotations

import json
import resource
import sys

ROWS = 100_000
CPU_SECONDS = 900
TOO_LARGE, UNREADABLE = 3, 4


def try_file(path: str, bounds: dict[str, int]) -> tuple[int, str]:
    """Read every row once; an exit code, and what is wrong."""
    import polars as pl

    total = 0
    try:
        scan = pl.scan_parquet(path)
        height = scan.select(pl.len()).collect().item()
        flat = scan.drop([name for name, dtype in scan.collect_schema().items() if dtype.is_nested()])
        for start in range(0, height, ROWS):
            size = int(flat.slice(start, ROWS).collect().estimated_size())
            total += size
            if size > bounds["slice_bytes"] or total > bounds["bytes_max"]:
                return TOO_LARGE, f"its rows take more than {bounds['bytes_max']:,} bytes in memory"
    except pl.exceptions.PolarsError as error:
        return UNREADABLE, str(error).splitlines()[0]
    return 0, ""


def main() -> int:
    """Bound this process, then read."""
    path, bounds = sys.argv[1], json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (bounds["memory_bytes"], bounds["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    code, said = try_file(path, bounds)
    sys.stdout.write(f"{said}\n" if said else "")
    return code


if __name__ == "__main__":
    sys.exit(main())
