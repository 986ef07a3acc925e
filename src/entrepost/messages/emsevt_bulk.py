"""EMSEVT by the million: the events of many interchanges as one frame, by the rules of single messages.

`read_bulk` says of every interchange what `emsevt.read` says of it, and does it by columns where it can
(`profiling.bulk`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

import polars as pl

from entrepost.base.errors import IncomingMessageError
from entrepost.base.findings import Finding, finding_code
from entrepost.mail.report import ItemReport
from entrepost.messages import edifact, emsevt
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.profile import get_profile
from entrepost.messages.profiling.bulk import Columns, find_group, find_plain, list_whole, split_segment
from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.formats import LENGTHS
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Build, Places, Received, Zones
from entrepost.messages.profiling.reading import Reader
from entrepost.tables.frames import INSTANT

UNREADABLE = finding_code("message_unreadable", "A file or message that came in is no interchange.")

SCHEMA = {
    "file": pl.UInt32(),
    "item_id": pl.String(),
    "code": pl.String(),
    "time": INSTANT,
    "facility": pl.String(),
    "reason": pl.String(),
    "recorded_at": INSTANT,
    "function": pl.String(),
}
"""Columns of the events that come of a batch: `recorded_at` is when their message was sent."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """The events of a batch of interchanges, what is wrong with them, and the zone of each place that was met."""

    events: pl.DataFrame
    findings: tuple[Finding, ...]
    zones: dict[str, str]


@dataclass(slots=True)
class BulkReader:
    """Reads batch after batch, and remembers the segments that it met."""

    zones: Zones | None = None
    profile: Profile | None = None
    _columns: Columns | None = field(default=None, init=False)

    def read(self, files: Sequence[tuple[str, bytes]]) -> Bulk:
        """The events of some files, each of one interchange; findings name the file.

        An interchange that cannot be read is a finding and loses no other.
        """
        batch = _Batch(files, self._known())
        batch.read()
        return batch.result()

    def _known(self) -> Columns | tuple[Profile, Zones | None]:
        profile = self.profile or get_profile("EMSEVT")
        group = find_group(profile)
        if group is None:
            return profile, self.zones
        known = self._columns
        if known is None or len(known.learned.part) > MOST_LEARNED:
            known = self._columns = Columns(profile, Clocks(self.zones), group)
        return known


MOST_LEARNED = 1_000_000
"""Distinct segments that are remembered; then the memory is emptied."""


def read_bulk(files: Iterable[tuple[str, bytes]], zones: Zones | None = None, profile: Profile | None = None) -> Bulk:
    """The events of some files at once; see `BulkReader.read`."""
    return BulkReader(zones, profile).read(list(files))


class _Batch:
    """One batch on its way."""

    def __init__(self, files: Sequence[tuple[str, bytes]], known: Columns | tuple[Profile, Zones | None]) -> None:
        self.files = files
        self.columns = known if isinstance(known, Columns) else None
        self.profile = known.profile if isinstance(known, Columns) else known[0]
        self.clocks = known.clocks if isinstance(known, Columns) else Clocks(known[1])
        self.findings: dict[int, list[Finding]] = {}
        self.frames: list[pl.DataFrame] = []

    def read(self) -> None:
        """Regular interchanges by columns, the others one by one."""
        texts = {number: find_plain(data) for number, (_, data) in enumerate(self.files) if self.columns}
        plain = [number for number, text in texts.items() if text is not None]
        whole: set[int] = set()
        if plain and self.columns:
            segments = self.columns.cut([texts[number] or "" for number in plain])
            good = list_whole(segments, self.profile.settings["identifier"])
            whole = {plain[number] for number in good.to_list()}
            if whole:
                self._read_columns(self.columns, segments.filter(pl.col("file").is_in(good.implode())), plain)
        for number in range(len(self.files)):
            if number not in whole:
                self._read_alone(number)

    def result(self) -> Bulk:
        """What came of it, in the order of the files."""
        events = pl.concat([pl.DataFrame(schema=SCHEMA), *self.frames]).sort("file", maintain_order=True)
        findings = tuple(each for number in sorted(self.findings) for each in self.findings[number])
        zones = {}
        for place in events.get_column("facility").unique().to_list():
            zone = self.clocks.find(place)
            if zone is not None and zone is not UTC:
                zones[place] = str(zone)
        return Bulk(events, findings, zones)

    def _read_alone(self, number: int) -> None:
        name, data = self.files[number]
        try:
            received: Received[Emsevt] = emsevt.PASSAGE.read_with(data, self.profile, self.clocks)
        except IncomingMessageError as error:
            self.findings[number] = [Finding(UNREADABLE, "", str(error), name, fix="ask for it again")]
            return
        self._find(number, received.findings)
        for message in received.messages:
            self._add_reports(number, message, message.reports)

    def _read_columns(self, columns: Columns, segments: pl.DataFrame, plain: list[int]) -> None:
        records, messages = columns.read(segments)
        records = self._place(records)
        dirty = records.filter(~pl.col("clean")).select("message", "first", "last").group_by("message").all()
        spoilt = {row["message"]: (row["first"], row["last"]) for row in dirty.iter_rows(named=True)}
        text, row = segments.get_column("text"), segments.get_column("row")
        file = segments.get_column("file")
        kept: list[tuple[int, int, datetime, str]] = []
        for message, first, head, _ in messages.iter_rows():
            number = plain[file[first]]
            places = list(range(first + 1, head))
            for begin, end in zip(*spoilt.get(message, ((), ())), strict=True):
                places += range(begin, end)
            made = self._read_engine(number, text.gather(places).to_list(), row.gather(places).to_list())
            if made is not None:
                kept.append((message, number, made.sent_at.astimezone(UTC), made.function))
                self._add_reports(number, made, made.reports)
        names = {"message": pl.Int64(), "file": pl.UInt32(), "recorded_at": INSTANT, "function": pl.String()}
        sent = pl.DataFrame(kept, schema=names, orient="row")
        good = records.filter("clean").join(sent, on="message", how="inner", maintain_order="left")
        self.frames.append(_with_reason(good).select(list(SCHEMA)))

    def _read_engine(self, number: int, texts: list[str], rows: list[int]) -> Emsevt | None:
        """A message of its head and those records that are not regular, as the engine has it."""
        name, data = self.files[number]
        reader = Reader(self.profile, self.clocks, name)
        record = reader.read([split_segment(text) for text in texts], rows)
        found = list(reader.findings)
        built = None if record is None else Build(found, None, name).one(_build, record)
        if found:
            places = Places(data, edifact.Separators(), name)
            self._find(number, [places.fault(each) for each in found])
        return built

    def _find(self, number: int, findings: Iterable[Finding]) -> None:
        name = self.files[number][0]
        self.findings.setdefault(number, []).extend(replace(each, subject=name) for each in findings)

    def _add_reports(self, number: int, message: Emsevt, reports: Sequence[ItemReport]) -> None:
        if not reports:
            return
        sent = message.sent_at.astimezone(UTC)
        events = [report.to_event(sent) for report in reports]
        rows = [
            (number, each.item_id, each.code, each.time.astimezone(UTC), each.facility, each.reason, sent)
            for each in events
        ]
        frame = pl.DataFrame(rows, schema=[*SCHEMA.items()][:-1], orient="row")
        self.frames.append(frame.with_columns(function=pl.lit(message.function)).select(list(SCHEMA)))

    def _place(self, records: pl.DataFrame) -> pl.DataFrame:
        """Records with their instants; one whose time or place is not known is not clean."""
        names = records.get_column("office").unique().drop_nulls().to_list() if "office" in records.columns else []
        zones = {place: self.clocks.find(place) for place in names}
        missing = [pl.lit(None, pl.String).alias(name) for name in NAMES if name not in records.columns]
        records = records.with_columns(missing).with_row_index("#at")
        placed = []
        for zone in {each for each in zones.values() if each is not None}:
            here = [place for place in names if zones[place] is zone]
            placed.append(_in_zone(records.filter(pl.col("office").is_in(here)), zone))
        times = pl.concat([pl.DataFrame(schema={"#at": pl.UInt32(), "instant": INSTANT}), *placed])
        records = records.join(times, on="#at", how="left", maintain_order="left").sort("#at")
        return records.with_columns(
            pl.col("clean") & pl.col("instant").is_not_null(), time=pl.col("instant"), facility=pl.col("office")
        )


NAMES = ("office", "code", "time", "time#format", "reason", "measure")


def _build(record: Record) -> Emsevt:
    return emsevt.PASSAGE.build(record, Build([]))


def _in_zone(part: pl.DataFrame, zone: tzinfo) -> pl.DataFrame:
    """Instants of the local times of one zone, null where there is no such time.

    As `formats.read_time` has it: a time that comes twice is the first one, one that is left out counts as if the
    clock had not changed yet.
    """
    text, layout = pl.col("time"), pl.col("time#format")
    sound = pl.lit(False)
    for name, length in LENGTHS.items():
        sound = sound | ((layout == name) & (text.str.len_bytes() == length))
    digits = pl.when(layout == "201").then("20" + text).otherwise(text)
    digits = pl.when(layout == "204").then(digits).otherwise(digits + "00")
    sound &= text.str.contains(r"^\d+$") & layout.is_in(["201", "203", "204"])
    local = pl.when(sound).then(digits).str.to_datetime("%Y%m%d%H%M%S", time_unit="us", strict=False)
    name = "UTC" if zone is UTC else str(zone)
    hour = pl.duration(hours=1)
    placed = local.dt.replace_time_zone(name, ambiguous="earliest", non_existent="null")
    before = (local - hour).dt.replace_time_zone(name, ambiguous="earliest", non_existent="null") + hour
    return part.select("#at", instant=pl.coalesce(placed, before).dt.convert_time_zone("UTC").cast(INSTANT))


def _with_reason(records: pl.DataFrame) -> pl.DataFrame:
    """The reason that an event keeps, by the rule of `ItemReport.to_event`, asked once for each pair that was met."""
    time = datetime(2026, 1, 1, tzinfo=UTC)
    pairs = records.select("reason", "measure").unique()
    told = [
        ItemReport("item", "EMH", time, "place", reason or "", measure or "").to_event(time).reason
        for reason, measure in pairs.iter_rows()
    ]
    known = pairs.with_columns(told=pl.Series(told, dtype=pl.String))
    joined = records.join(known, on=["reason", "measure"], how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(reason=pl.col("told"))


__all__ = ["Bulk", "BulkReader", "read_bulk"]
