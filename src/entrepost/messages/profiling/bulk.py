"""Many interchanges as columns: regular ones are cut into segments all at once, and the same rules read each only once.

Interchanges repeat themselves: a million events of items have a few hundred statuses, a few hundred offices and as many
minutes as there were. Each *distinct* segment is read by `reading.Reader`, the very engine of single messages, and what
it said is put to every place where it stands. A record that is not perfectly regular, and an interchange that is not,
go through the engine themselves.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.layout import GroupPart, Profile, SegmentPart
from entrepost.messages.profiling.reading import Reader
from entrepost.messages.profiling.settling import Scope
from entrepost.messages.syntax.segment import US, Segment

PLAIN = (string.ascii_letters + string.digits + " '()*+,-./:=!\"%&;<>_@\r\n").encode()
"""Characters of interchanges that are read as columns: any other one, and the release character, needs the engine."""
HEADER = re.compile(rb"UNB\+UNOC:3\+([^+:']+)\+([^+:']+)\+\d{6}:\d{4}\+([^+:']+)(\+[^']*)?'")
ADVICE = b"UNA:+.? '"
NEWLINES = "\r\n"
KINDS = {"text", "code", "time", "weight"}
"""Kinds of fields that a segment tells by itself."""
SEGMENT_MOST, SEGMENTS_MOST, BYTES_MOST = 10_000, 1_000_000, 50_000_000


@dataclass(slots=True)
class Learned:
    """Every distinct segment that was met: which part took it, cleanly, and what it said."""

    codes: dict[str, int] = field(default_factory=dict)
    part: list[int] = field(default_factory=list)
    values: dict[str, list[str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """The one group of a profile that can be read as columns, with its trigger's pattern and its other parts."""

    part: GroupPart
    parts: tuple[SegmentPart, ...]
    pattern: str
    named: dict[str, int]


def find_group(profile: Profile) -> Group | None:
    """The group of a profile that is a head and one flat group of plain records; None where it is not so simple."""
    groups = [part for part in profile.body.body if isinstance(part, GroupPart)]
    if profile.syntax != "edifact" or len(groups) != 1 or profile.body.body[-1] is not groups[0]:
        return None
    trigger, *rest = groups[0].body
    parts = tuple(part for part in rest if isinstance(part, SegmentPart) and part.most == 1)
    if not isinstance(trigger, SegmentPart) or len(trigger.variants) > 1 or len(parts) < len(rest):
        return None
    (variant,) = trigger.variants
    simple = not variant.keys and not variant.soft and all(cell.component == 0 for cell in variant.cells)
    plain = all(cell.slot.counts or (cell.format and not cell.slot.format) for cell in variant.cells)
    kinds = {cell.field.kind for part in (trigger, *parts) for cell in part.cells if cell.field}
    if not (simple and plain and kinds <= KINDS):
        return None
    pattern = f"^{trigger.tag}" + r"\+([^+:]*)[^+]*" * len(variant.template.elements)
    return Group(
        groups[0], parts, pattern, {cell.slot.field: cell.element for cell in variant.cells if cell.slot.field}
    )


@dataclass(slots=True)
class Columns:
    """Reads interchanges of one profile as columns; what it learned of segments it keeps for the next ones."""

    profile: Profile
    clocks: Clocks
    group: Group
    learned: Learned = field(default_factory=Learned)
    _reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        self._reader = Reader(self.profile, self.clocks, "")

    def cut(self, texts: Sequence[str]) -> pl.DataFrame:
        """The segments of interchanges: `file`, `row` (from 1) and `text`."""
        whole = pl.col("text").str.strip_chars_end(NEWLINES).str.strip_suffix("'")
        frame = pl.DataFrame({"text": texts}, schema={"text": pl.String}).with_row_index("file")
        frame = frame.with_columns(whole.str.split("'")).explode("text")
        frame = frame.with_columns(pl.col("text").str.strip_chars_start(NEWLINES))
        return frame.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("file"))

    def read(self, segments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Records and messages of cut segments whose envelopes are whole.

        Returns
        -------
        records : DataFrame
            One row for each record: `message`, `first` and `last` (places in `segments`), `clean`, and a column of text
            for each field that was read; only a clean record may be used.
        messages : DataFrame
            One row for each message: `message`, `file`, `first`, and `head` (the place behind its head).
        """
        text = segments.get_column("text")
        tag = text.str.head(4)
        opens, begins, ends = (tag == f"{each}+" for each in (self.group.part.body[0].tag, "UNH", "UNT"))  # type: ignore[union-attr]
        at_message = np.flatnonzero(begins.to_numpy())
        at_end = np.flatnonzero(ends.to_numpy())
        at_record = np.flatnonzero(opens.to_numpy())
        message_of = np.searchsorted(at_message, at_record, side="right") - 1
        last = np.minimum(np.append(at_record[1:], len(text)), at_end[message_of]) if len(at_record) else at_record
        inside = np.zeros(len(text) + 1, dtype=np.int64)
        np.add.at(inside, at_record, 1)
        np.add.at(inside, last, -1)
        place = np.flatnonzero((np.cumsum(inside[:-1]) > 0) & ~opens.to_numpy())
        record_of = np.searchsorted(at_record, place, side="right") - 1
        found = self._put(text.gather(place), record_of, len(at_record))
        trigger = text.gather(at_record).str.extract_groups(self.group.pattern)
        fields = {name: trigger.struct.field(str(element)) for name, element in self.group.named.items()}
        records = pl.DataFrame({"message": message_of, "first": at_record, "last": last, **found}).with_columns(
            pl.Series(name, values) for name, values in fields.items()
        )
        for name in fields:
            records = records.with_columns(pl.col("clean") & pl.col(name).is_not_null() & (pl.col(name) != ""))
        heads = np.append(at_record, len(text))[np.searchsorted(at_record, at_message)]
        messages = pl.DataFrame({"first": at_message, "head": np.minimum(heads, at_end), "end": at_end})
        return records, messages.with_row_index("message").with_columns(pl.col("message").cast(pl.Int64))

    def _put(self, texts: pl.Series, record_of: np.ndarray, count: int) -> dict[str, pl.Series]:
        """What segments say, put to their records, and which of these are clean."""
        code = self._code(texts)
        part_of = np.array(self.learned.part, dtype=np.int64)[code] if len(code) else code
        held = np.full((len(self.group.parts), count), -1, dtype=np.int64)
        taken = part_of >= 0
        held[part_of[taken], record_of[taken]] = code[taken]
        clean = np.bincount(record_of, minlength=count) == (held >= 0).sum(axis=0)
        columns: dict[str, pl.Series] = {}
        for number, part in enumerate(self.group.parts):
            if part.must:
                clean &= held[number] >= 0
            names = {cell.slot.field for cell in part.cells}
            keys = [key for name in names for key in (name, f"{name}#format") if key in self.learned.values]
            columns |= {key: self._gather(key, held[number]) for key in keys}
        for number, part in enumerate(self.group.parts):
            for name, values in part.must_when.items():
                if name in columns:
                    demanded = columns[name].is_in(list(values)).fill_null(False).to_numpy()
                    clean &= ~demanded | (held[number] >= 0)
        for known in self.group.part.form.fields.values():
            if known.must and known.name in columns:
                clean &= columns[known.name].is_not_null().to_numpy()
        return {"clean": pl.Series(clean), **columns}

    def _gather(self, name: str, codes: np.ndarray) -> pl.Series:
        known = pl.Series([*self.learned.values[name], None], dtype=pl.String)
        return known.gather(np.where(codes >= 0, codes, len(known) - 1))

    def _code(self, texts: pl.Series) -> np.ndarray:
        """The number under which each segment was learned."""
        distinct = texts.unique()
        for text in distinct.to_list():
            if text not in self.learned.codes:
                self._learn(text)
        numbers = pl.DataFrame({"text": distinct, "code": [self.learned.codes[text] for text in distinct.to_list()]})
        joined = texts.rename("text").to_frame().join(numbers, on="text", how="left", maintain_order="left")
        return joined.get_column("code").cast(pl.Int64).to_numpy()

    def _learn(self, text: str) -> None:
        """Let the engine read a segment alone."""
        learned, reader = self.learned, self._reader
        reader.findings.clear()
        scope = Scope(self.group.part, None, 0)
        took = reader.take_alone(scope, split_segment(text))
        number = next((at for at, part in enumerate(self.group.parts) if id(part) in scope.filled), -1)
        learned.codes[text] = code = len(learned.part)
        learned.part.append(number if took and not reader.findings else -1)
        for name in scope.record:
            for key, value in ((name, scope.record[name]), (f"{name}#format", scope.formats.get(name))):
                known = learned.values.setdefault(key, [])
                known += [None] * (code - len(known))
                known.append(None if value is None else str(value))
        for told in learned.values.values():
            told.extend([None] * (code + 1 - len(told)))


def find_plain(data: bytes) -> str | None:
    """The text of an interchange with the usual service characters, none released, and a usual header; else None."""
    if data.startswith(ADVICE):
        data = data[len(ADVICE) :].lstrip(b"\r\n")
    if len(data) > BYTES_MOST or data.translate(None, PLAIN) or HEADER.match(data) is None:
        return None
    if not data.endswith((b"'", b"'\n", b"'\r\n")):
        return None
    return data.decode("ascii")


def split_segment(text: str) -> Segment:
    """A segment in which nothing is released."""
    return tuple(text.replace(":", US).split("+"))


def list_whole(segments: pl.DataFrame, identifier: str) -> pl.Series:
    """The files whose envelopes are whole: counts and references agree, and all messages are of that identifier."""
    text = pl.col("text")
    marks = segments.with_row_index("at").filter(text.str.contains(r"^UN[A-Z]\+"))
    part = text.str.split("+")
    marks = marks.with_columns(
        tag=text.str.head(3),
        one=part.list.get(1, null_on_oob=True),
        two=part.list.get(2, null_on_oob=True),
        five=part.list.get(5, null_on_oob=True),
        size=part.list.len(),
    )
    marks = marks.with_columns(
        before=pl.col("tag").shift(1).over("file"),
        **{f"last_{name}": pl.col(name).shift(1).over("file") for name in ("at", "one")},
    )
    tag, before = pl.col("tag"), pl.col("before")
    begin = (tag == "UNB") & before.is_null() & (pl.col("row") == 1)
    head = (tag == "UNH") & before.is_in(["UNB", "UNT"]) & (pl.col("at") == pl.col("last_at") + 1)
    head &= (pl.col("two") == identifier) & (pl.col("one") != "") & (pl.col("size") == 3)
    end = (tag == "UNT") & (before == "UNH") & (pl.col("two") == pl.col("last_one")) & (pl.col("size") == 3)
    end &= pl.col("one") == (pl.col("at") - pl.col("last_at") + 1).cast(pl.String)
    end &= pl.col("one") != "2"  # a message without segments
    close = (tag == "UNZ") & (before == "UNT") & (pl.col("at") == pl.col("last_at") + 1) & (pl.col("size") == 3)
    marks = marks.with_columns(good=(begin | head | end | close).fill_null(False))
    is_head = tag == "UNH"
    sums = marks.group_by("file", maintain_order=True).agg(
        good=pl.col("good").all(),
        heads=is_head.sum(),
        distinct=pl.col("one").filter(is_head).n_unique(),
        count=pl.col("one").last(),
        closes=tag.last() == "UNZ",
        reference=pl.col("five").first(),
        answer=pl.col("two").last(),
        last=pl.col("row").last(),
    )
    sizes = segments.group_by("file", maintain_order=True).agg(
        rows=pl.len(), longest=text.str.len_bytes().max(), tags=text.str.contains(r"^[A-Z]{3}\+[^\r\n]*$").all()
    )
    sound = (
        pl.col("good") & pl.col("closes") & pl.col("tags")
        & (pl.col("heads") == pl.col("distinct"))
        & (pl.col("count") == pl.col("heads").cast(pl.String))
        & (pl.col("reference") == pl.col("answer"))
        & (pl.col("last") == pl.col("rows"))
        & (pl.col("rows") <= SEGMENTS_MOST) & (pl.col("longest") <= SEGMENT_MOST)
    )  # fmt: skip
    return sums.join(sizes, on="file").filter(sound).get_column("file")
