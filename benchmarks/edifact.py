"""EDIFACT: an interchange read and written, against pydifact used as its documentation recommends.

``python -m benchmarks.edifact [--json]``
"""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any

from benchmarks.comparison import Comparison, Goal, Say, Side, load_peer, require_equal, time_runs
from benchmarks.report import main
from entrepost.messages import edifact
from entrepost.messages.edifact import Envelope, Interchange, Message, Segment, components, segment

SEED = 13
USUAL, LARGE = 200, 1_000
"""Messages of an interchange: as many as are written soon after they were made, and more than caches hold."""

OFFICES = ("NLHAGI", "USJFKA", "DEFRAA", "CNSHAA", "GBLALA", "BRCWBA")
NAMES = ("J. DOE", "M. O'NEILL", "A. + B. SCHMIDT", "LI WEI", "R: DESK 4")
"""Names of those who signed, three of five with a sign that must be released."""


def compare(tiny: bool, say: Say) -> Comparison:
    """Check that both sides read and write the same, then time both on the same interchanges."""
    peer = Peer(load_peer("pydifact.segmentcollection").Interchange)
    usual, large = (Work(make_interchange(count // (20 if tiny else 1), SEED), peer) for count in (USUAL, LARGE))
    say(f"{len(usual.read.messages)} messages of five types with {usual.count} segments, {len(usual.data)} bytes")
    say("equal: " + check(usual, peer))
    say("timed, ours: read, from bytes to messages with all segments, counts checked; write, from messages to bytes")
    say("timed, peer: Interchange.from_str and the segments of get_messages; serialize, from its segments to bytes")
    rounds = 1 if tiny else 5
    reading = (usual.time(usual.read_ours, 9, rounds), usual.time(usual.read_theirs, 3, 1))
    writing = (usual.time(usual.write_ours, 9, rounds), usual.time(usual.write_theirs, 5, rounds))
    in_large = (large.time(large.write_ours, 5, 1), large.time(large.write_theirs, 3, 1))
    each = {
        "Entrepost, reading": reading[0],
        "pydifact, reading": reading[1],
        "Entrepost, writing": writing[0],
        "pydifact, writing": writing[1],
        f"Entrepost, writing {LARGE} messages at once": in_large[0],
        f"pydifact, writing {LARGE} messages at once": in_large[1],
    }
    both = [(usual.count * (median(reading[at]) + median(writing[at])),) for at in (0, 1)]
    ratios = {
        name: median(theirs) / median(ours) for name, (ours, theirs) in (("reading", reading), ("writing", writing))
    }
    return Comparison(
        "EDIFACT read and written",
        "segments",
        SEED,
        Side("Entrepost, messages.edifact", "read and written", usual.count, both[0]),
        Side("pydifact", "read and written", usual.count, both[1]),
        tuple(Goal(f"{name}, times the peer", ratio, 10, 30) for name, ratio in ratios.items()),
        {"segments": usual.count, **{f"{name}, segments a second": 1 / median(found) for name, found in each.items()}},
    )


class Work:
    """An interchange, ready to be read and written by both sides."""

    def __init__(self, made: Interchange, peer: Peer) -> None:
        self.made, self.peer, self.data = made, peer, edifact.write(made)
        self.read, self.parsed = edifact.read(self.data), peer.parse(self.data)
        self.count = sum(len(message.segments) + 2 for message in made.messages) + 2

    def read_ours(self) -> object:
        """Our side reads."""
        return edifact.read(self.data)

    def write_ours(self) -> object:
        """Our side writes."""
        return edifact.write(self.read)

    def read_theirs(self) -> object:
        """The peer reads."""
        return self.peer.list_segments(self.data)

    def write_theirs(self) -> object:
        """The peer writes."""
        return self.peer.write(self.parsed)

    def time(self, work: Callable[[], object], runs: int, rounds: int) -> tuple[float, ...]:
        """Seconds for a segment in each run, of so many rounds."""
        found = time_runs(lambda: [work() for _ in range(rounds)], runs)
        return tuple(seconds / rounds / self.count for seconds in found)


class Peer:
    """pydifact, as its documentation uses it."""

    def __init__(self, interchange: Any) -> None:
        self.interchange = interchange

    def parse(self, data: bytes) -> Any:
        """Its interchange."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.interchange.from_str(data.decode("latin-1"))

    def list_segments(self, data: bytes) -> list[list[Any]]:
        """The segments of each message."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [message.segments for message in self.parse(data).get_messages()]

    def write(self, parsed: Any) -> bytes:
        """The bytes of an interchange."""
        text: str = parsed.serialize()
        return text.encode("latin-1")


def check(work: Work, peer: Peer) -> str:
    """What both sides agree on."""
    require_equal(work.read == work.made and not work.read.findings, "what we read is not what we wrote")
    theirs = [[[each.tag, *each.elements] for each in part] for part in peer.list_segments(work.data)]
    ours = [list(map(_as_lists, message.segments)) for message in work.read.messages]
    require_equal(ours == theirs, "the segments")
    require_equal(edifact.write(work.read) == peer.write(work.parsed), "the bytes written")
    return f"all segments of {len(ours)} messages, element by element, and every byte written"


def _as_lists(each: Segment) -> list[Any]:
    parts = [components(each, at) for at in range(len(each))]
    return [part[0] if len(part) == 1 else list(part) for part in parts]


def make_interchange(count: int, seed: int) -> Interchange:
    """So many messages of each of five types, laid out as the profiles lay out a dispatch and its events."""
    dice = random.Random(seed)
    makers = {"EMSEVT": _list_events, "PREDES": _list_dispatch, "CARDIT": _list_handover, "RESDES": _list_receipt}
    makers["RESDIT"] = _list_receipt
    messages = [
        Message.of((kind, "2", "1", "UP"), make(dice), reference=str(number + 1))
        for number, (kind, make) in enumerate(list(makers.items()) * (count // len(makers)))
    ]
    prepared = datetime.fromisoformat("2026-11-28T09:30")
    made = Interchange.of(Envelope("NL101", "US101", prepared, "NL00000871"), messages)
    return made


def _list_events(dice: random.Random) -> list[Segment]:
    rows = [segment("BGM", "23", f"NL101-{dice.randrange(10**9):09d}", "9"), _time(dice, "137"), _place("80", dice)]
    for number in range(10):
        rows += [
            segment("CNI", str(number + 1), f"LX{dice.randrange(10**9):09d}NL"),
            segment("STS", "1", (f"EM{dice.choice('ACDEFHI')}", "", "139")),
            _time(dice, "334"),
            _place("14", dice),
        ]
    return [*rows, segment("NAD", "ST", "", "", dice.choice(NAMES))]


def _list_dispatch(dice: random.Random) -> list[Segment]:
    origin, destination = dice.sample(OFFICES, 2)
    dispatch = f"{origin}{destination}AUN6{dice.randrange(10**4):04d}"
    rows = [
        segment("BGM", "785", dispatch, "9"),
        _time(dice, "137"),
        segment("TSR", "", "", ("A", "", "139")),
        segment("CNT", ("11", "8")),
        segment("CNI", "1", dispatch),
        segment("LOC", "84", (origin, "", "139")),
        segment("LOC", "85", (destination, "", "139")),
    ]
    for number in range(1, 9):
        weight = dice.randrange(20, 300)
        rows += [
            segment("GID", str(number), ("1", "BG")),
            segment("GIN", "ML", *(f"LX{dice.randrange(10**9):09d}NL" for _ in range(dice.randrange(1, 6)))),
            segment("MEA", "AAE", "G", ("KGM", f"{weight // 10}.{weight % 10}")),
            segment("PCI", "ZZZ", f"{dispatch}{number:03d}{number // 8}0{weight:04d}"),
        ]
    return rows


def _list_handover(dice: random.Random) -> list[Segment]:
    leg = [
        segment("RFF", ("AAM", f"074{dice.randrange(10**8):08d}")),
        segment("TDT", "20", f"KL{dice.randrange(10**4):04d}", "40", "", ("KL", "172", "3")),
        segment("LOC", "5", ("AMS", "145", "3")),
        segment("LOC", "7", ("JFK", "145", "3")),
        _time(dice, "189"),
        _time(dice, "232"),
    ]
    rows = _list_dispatch(dice)
    return [*rows[:4], *leg, *rows[4:]]


def _list_receipt(dice: random.Random) -> list[Segment]:
    rows = [segment("BGM", "23", f"NLA{dice.randrange(10**9):09d}", "9"), _time(dice, "137"), segment("CNI", "1", "A")]
    for number in range(10):
        rows += [
            segment("STS", "1", dice.choice(("74", "21", "36", "24"))),
            _time(dice, "334"),
            _place("14", dice),
            segment("PCI", "ZZZ", f"NLHAGIUSJFKAAUN60017{number + 1:03d}00{dice.randrange(20, 300):04d}"),
        ]
    return rows


def _time(dice: random.Random, meaning: str) -> Segment:
    minute = dice.randrange(1_440)
    return segment("DTM", (meaning, f"2611{dice.randrange(1, 31):02d}{minute // 60:02d}{minute % 60:02d}", "201"))


def _place(meaning: str, dice: random.Random) -> Segment:
    return segment("LOC", meaning, (dice.choice(OFFICES), "", "139"))


if __name__ == "__main__":
    sys.exit(main(compare))
