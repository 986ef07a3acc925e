"""Events recorded in PostgreSQL: what `benchmarks.events` measures, on a server that is started for it.

``python -m benchmarks.events_postgres [--json]``.
"""

from __future__ import annotations

import sys

from benchmarks import events
from benchmarks.comparison import Comparison, PeerMissingError, Say
from benchmarks.report import main
from tests.servers import MissingServerError, Postgres

SETTINGS = ("shared_buffers=4GB", "max_wal_size=8GB", "min_wal_size=5GB", "checkpoint_timeout=15min")
"""What its documentation recommends for a server of its own that takes much in (chapters Resource Consumption and
Populating a Database); what makes a commit durable stays on: fsync, synchronous_commit, full_page_writes."""


WARM_UP = "CREATE TABLE warm AS SELECT n, repeat('x', 200) AS text FROM generate_series(1, 2000000) AS n"
WARM_UPS = 10
"""Each writes half a gigabyte of log."""

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def compare(tiny: bool, say: Say) -> Comparison:
    """Start a server, and record events in an empty database of it."""
    try:
        server = Postgres(SETTINGS)
    except MissingServerError as error:
        raise PeerMissingError(str(error)) from None
    try:
        say(f"PostgreSQL {server.say('postgres', 'SHOW server_version')[0][0]}, {', '.join(SETTINGS)}; durable:")
        kept = [server.say("postgres", f"SHOW {name}")[0][0] for name in DURABLE]
        say("  " + ", ".join(f"{name} {value}" for name, value in zip(DURABLE, kept, strict=True)))
        if not tiny:
            say("warm-up: the log is written once, whose files a server that has run for a while writes over")
            warm_up(server)
        return events.compare(server.create_database("events"), tiny, say)
    finally:
        server.close()


def warm_up(server: Postgres) -> None:
    """Write so much that all files of the log are there: a new server has to make each, and to fill it with zeros."""
    for _ in range(WARM_UPS):
        server.say("postgres", WARM_UP)
        server.say("postgres", "DROP TABLE warm")
    for _ in range(2):
        server.say("postgres", "CHECKPOINT")


if __name__ == "__main__":
    sys.exit(main(compare))
