"""The reader under atheris: ``python -m tests.messages.fuzz_edifact FOLDER -runs=10000 [-seed=1]``.

What the fuzzer finds worth keeping, and what ended it, stands in FOLDER afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: Path, arguments: list[str]) -> None:
    """Feed what the fuzzer makes up, beginning with sound interchanges, to the reader and its writer."""
    import atheris

    with atheris.instrument_imports(include=["entrepost.messages"]):
        from tests.messages.test_edifact_mutations import SEEDS, receive

    for number, data in enumerate(SEEDS):
        (folder / str(number)).write_bytes(data)
    limits = ["-timeout=10", "-rss_limit_mb=512", "-max_len=4096", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *limits, *arguments, str(folder)], lambda data: receive(data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
