"""The reader under atheris: ``python -m tests.messages.fuzz_edifact -runs=10000 [-seed=1]``; any error ends it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Feed what the fuzzer makes up, beginning with sound interchanges, to the reader and its writer."""
    import atheris

    with atheris.instrument_imports(include=["entrepost.messages"]):
        from tests.messages.test_edifact_mutations import SEEDS, receive

    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(SEEDS):
            (Path(corpus) / str(number)).write_bytes(data)
        limits = ["-timeout=1", "-rss_limit_mb=512", "-max_len=4096", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *limits, *arguments, corpus], lambda data: receive(data) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
