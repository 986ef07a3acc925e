"""Events out of EMSEVT files: from bytes to the stored status of their items, beside the door of single messages.

``python -m benchmarks.emsevt [--json]``
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from benchmarks import event_stream
from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal
from benchmarks.event_stream import Stream
from benchmarks.events import Size, add_items, check_status
from benchmarks.report import main
from entrepost.messages import emsevt
from entrepost.operations.messages import record_message_files
from entrepost.wiring import open_store

SEED = 5
FULL = Size(1_000_000, 50_000, 120_000)
TINY = Size(10_000, 5_000, 300)
MESSAGE, FILE = 500, 5_000
"""Events of a message, and of an interchange."""

END = "'"
MOST_SECONDS = 20
ZONES = {"CNCANA": "Asia/Shanghai", "DEFRAA": "Europe/Berlin", "DE60311": "Europe/Berlin"}
COLUMNS = ("item_id", "code", "time", "facility", "reason")


def compare(tiny: bool, say: Say) -> Comparison:
    """Record all events of files; read as many of them by the door of single messages as are counted there."""
    size = TINY if tiny else FULL
    stream = event_stream.build(size.events, size.under_way, SEED)
    with tempfile.TemporaryDirectory() as folder:
        paths = write_files(stream, size.events, Path(folder))
        megabytes = sum(path.stat().st_size for path in paths) / 2**20
        say(f"{size.events} events in {len(paths)} files, {megabytes:.0f} MB, {stream.items} items there")
        store = open_store(f"sqlite:///{Path(folder) / 'events.db'}")
        add_items(store, np.arange(stream.items))
        begin = perf_counter()
        recorded = record_message_files(store, paths, ZONES)
        seconds = perf_counter() - begin
        require_equal(not recorded.findings, "findings in sound messages")
        require_equal(recorded.outcome.accepted == size.events, "the number of events that are new")
        stored = store.list_events().select(COLUMNS).sort(COLUMNS)
        sent = stream.frame(0, size.events).with_columns(pl.col("time").dt.truncate("1m"))
        require_equal(stored.equals(sent.select(COLUMNS).sort(COLUMNS)), "the events that are stored")
        told = check_status(store, _by_minute(stream), min(20_000, stream.items))
        alone, took = read_alone(paths[: size.counted // FILE])
        require_equal(alone == sent.head(size.counted).select(COLUMNS[:4]).rows(), "the events of single messages")
        store.close()
    say(f"equal: {stored.height} events are stored as they were written, to the minute; {told}")
    say("timed, ours: operations.messages.record_message_files: files read, cut, checked, placed in their zones,")
    say("  items found, repeats left out, events and status kept in commits of 10,000 rows")
    say("timed, peer: our own other door, messages.emsevt.read, one message after another; nothing is stored")
    ours = Side("Entrepost, record_message_files", "from file to status", size.events, (seconds,))
    peer = Side("Entrepost, emsevt.read", "from bytes to nouns", size.counted, (took,))
    goal = Goal("seconds for a million", seconds * 1e6 / size.events, MOST_SECONDS, at_most=True)
    return Comparison("events out of EMSEVT files", "events", SEED, ours, peer, (goal,), {"files": len(paths)})


def write_files(stream: Stream, events: int, folder: Path) -> list[Path]:
    """The events as interchanges of ten messages each, in the order of time."""
    frame = stream.frame(0, events).with_row_index("at")
    local = pl.concat(
        [
            frame.filter(pl.col("facility") == place).with_columns(
                local=pl.col("time").dt.convert_time_zone(zone).dt.strftime("%y%m%d%H%M")
            )
            for place, zone in ZONES.items()
        ]
    ).sort("at")
    number = (pl.col("at") % MESSAGE + 1).cast(pl.String)
    failed = pl.col("reason").is_not_null()
    reason = pl.when(failed).then(pl.lit("+16::139")).otherwise(pl.lit(""))
    status = pl.concat_str(pl.lit("STS+1+"), "code", pl.lit("::139"), reason)
    measure = pl.when(failed).then(pl.lit("FTX+AAI++B::139'")).otherwise(pl.lit(""))
    groups = local.select(
        pl.concat_str(
            *(pl.lit("CNI+"), number, pl.lit("+"), "item_id", pl.lit("'"), status, pl.lit("'DTM+334:"), "local"),
            *(pl.lit(":201'"), measure, pl.lit("LOC+14+"), "facility", pl.lit("::139'")),
        )
    ).to_series()
    return [_write_file(groups, first, folder) for first in range(0, events, FILE)]


def _write_file(groups: pl.Series, first: int, folder: Path) -> Path:
    parts = []
    starts = range(first, min(first + FILE, len(groups)), MESSAGE)
    for number, start in enumerate(starts, start=1):
        body = f"BGM+23+D{start}+9'DTM+137:202612311200:203'LOC+80+CNCANA::139'"
        body += "".join(groups[start : start + MESSAGE].to_list())
        parts.append(f"UNH+{number}+EMSEVT:3:0:UP'{body}UNT+{body.count(END) + 2}+{number}'")
    path = folder / f"{first:09d}.edi"
    text = "".join(parts)
    path.write_text(f"UNB+UNOC:3+CN101+DE101+261231:1200+R{first}'{text}UNZ+{len(parts)}+R{first}'", encoding="ascii")
    return path


def read_alone(paths: list[Path]) -> tuple[list[tuple[object, ...]], float]:
    """The events of files by the door of single messages, and the seconds that it took."""
    datas = [path.read_bytes() for path in paths]
    begin = perf_counter()
    received = [emsevt.read(data, ZONES) for data in datas]
    seconds = perf_counter() - begin
    reports = [report for each in received for message in each.messages for report in message.reports]
    return [(each.item_id, each.code, each.time.astimezone(UTC), each.office) for each in reports], seconds


def _by_minute(stream: Stream) -> Stream:
    """The same stream as messages can tell it, to the minute."""
    return Stream(stream.item, stream.code, stream.time_us // 60_000_000 * 60_000_000, stream.items)


if __name__ == "__main__":
    sys.exit(main(compare))
