"""Whatever comes in: an interchange with findings, or one clear error; soon, and within bounds of memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepost.base.errors import IncomingMessageError, OutgoingMessageError
from entrepost.messages import edifact
from tests.messages.interchanges import EVENING, SMALL
from tests.messages.mutations import INSERTS, list_seeds, mutate
from tests.tidy.source import ROOT

MUTATIONS = 10_000
DRAWN = 5_000
SECONDS, BYTES = 0.050, 64_000_000
SEEDS = list_seeds()


def receive(data: bytes) -> edifact.Interchange | None:
    """What an operator does with bytes: read them, answer, and write what was sound again."""
    try:
        read = edifact.read(data)
    except IncomingMessageError as error:
        where = error
    else:
        check(read, data)
        return read
    assert where.segment >= 1
    assert 0 <= where.offset <= len(data)
    return None


def check(read: edifact.Interchange, data: bytes) -> None:
    for finding in read.findings:
        assert 1 <= finding.row <= 1 + data.count(b"'") + len(data)
        assert finding.message.endswith(f"(segment {finding.row}, byte {finding.offset})")
    release = read.separators.release.encode()
    for message in read.messages if read.syntax != "UNOX" else ():
        begin = data[message.offset : message.offset + 9]
        assert (begin.replace(release, b"") if release else begin).startswith(b"UNH")
    reply = edifact.read(edifact.write(edifact.answer(read, "1", EVENING)))
    assert {finding.code for finding in reply.findings} <= {"edifact_header"}  # it lacks what the received one lacks
    assert reply.messages[0].type == "CONTRL"
    try:
        written = edifact.write(read)
    except OutgoingMessageError:
        return  # what was borne while reading need not be fit to be written
    again = edifact.read(written)
    assert again.messages == read.messages
    assert edifact.write(again) == written


def measure(data: bytes) -> tuple[float, float]:
    """Seconds of processor time, and the most bytes held at once beside what was held before."""
    begin = time.process_time()
    with suppress(IncomingMessageError):
        edifact.read(data)
    seconds = time.process_time() - begin
    tracemalloc.start()
    with suppress(IncomingMessageError):
        edifact.read(data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, most


@pytest.mark.campaign
def test_mutated_interchanges_are_read_or_refused_soon_and_within_bounds(campaign_scale: float) -> None:
    slowest = largest = kept = refused = 0.0
    for seed in range(round(MUTATIONS * campaign_scale)):
        data = mutate(SEEDS, seed)
        read = receive(data)
        kept += bool(read and read.messages)
        refused += read is None
        seconds, most = measure(data)
        if seconds > SECONDS / 2:  # again: the machine may have been busy
            seconds = min(seconds, *(measure(data)[0] for _ in range(3)))
        slowest, largest = max(slowest, seconds), max(largest, most)
        assert seconds <= SECONDS, seed
        assert most <= BYTES, seed
    print(
        f"{kept:.0f} with sound messages, {refused:.0f} refused; {slowest * 1e3:.1f} ms, {largest / 1e6:.1f} MB at most"
    )
    assert kept > 0
    assert refused > 0


@pytest.mark.campaign
def test_however_hypothesis_spoils_an_interchange_nothing_else_is_raised(campaign_scale: float) -> None:
    parts = st.one_of(st.sampled_from((*INSERTS, *SEEDS)), st.binary(max_size=20), st.sampled_from(SMALL.split(b"'")))

    @settings(max_examples=round(DRAWN * campaign_scale), suppress_health_check=list(HealthCheck))
    @given(st.lists(parts, max_size=8), st.sampled_from((b"", b"'", b"+", SMALL[:48])), st.booleans())
    def spoil(pieces: list[bytes], between: bytes, begun: bool) -> None:
        receive((SMALL[:48] if begun else b"") + between.join(pieces))

    spoil()


@pytest.mark.campaign
def test_however_mutations_are_divided_the_answer_is_the_same(campaign_scale: float) -> None:
    for seed in range(round(DRAWN * campaign_scale)):
        data = mutate(SEEDS, seed)
        assert divided(data, seed % 17 + 1 if len(data) < 2_000 else 701) == divided(data, len(data) or 1), seed


def divided(data: bytes, size: int) -> object:
    reader = edifact.Reader()
    try:
        messages = [each for at in range(0, len(data), size) for each in reader.feed(data[at : at + size])]
        read = reader.to_interchange([*messages, *reader.close()])
    except IncomingMessageError as error:
        return str(error)
    return read, [(message.number, message.offset) for message in read.messages]


@pytest.mark.campaign
def test_a_fuzzer_that_watches_the_branches_finds_no_other_error(tmp_path: Path) -> None:
    if os.environ.get("ENTREPOST_CAMPAIGN") != "full":
        pytest.skip("atheris needs a process of its own; make campaign runs it")
    if find_spec("atheris") is None:
        pytest.skip("atheris is not installed: pip install 'entrepost[bench]'")
    command = [sys.executable, "-m", "tests.messages.fuzz_edifact", str(tmp_path), f"-runs={MUTATIONS}", "-seed=1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
