"""Folders between two operators: nothing is read half, nothing is lost by a kill, links lead nowhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from entrepost.base.errors import TransportError
from entrepost.exchange.folder import FolderTransport, Mailbox, write_whole
from entrepost.operations.exchanging.transport import INTERCHANGE, RECEIPT, Transmission


def pair(root: Path, settle_seconds: float = 0) -> tuple[FolderTransport, FolderTransport]:
    """CN101 and DE101 over one folder that CN101 hosts."""
    ours = Mailbox.of(root, "DE101")
    theirs = Mailbox(ours.outgoing, ours.incoming)
    return FolderTransport("CN101", {"DE101": ours}), FolderTransport("DE101", {"CN101": theirs}, settle_seconds)


def note(name: str, body: bytes = b"hello", kind: str = INTERCHANGE) -> Transmission:
    return Transmission(name, "CN101", "DE101", kind, body)  # type: ignore[arg-type]


def test_what_is_sent_arrives_with_its_sender_and_goes_aside_when_done(tmp_path: Path) -> None:
    here, there = pair(tmp_path)
    assert list(here.send([note("t1"), note("r1", b"taken", RECEIPT)])) == []
    arrivals = list(there.fetch())
    assert {each.transmission for each in arrivals} == {note("t1"), note("r1", b"taken", RECEIPT)}
    assert {each.proved_sender for each in arrivals} == {"CN101"}
    for each in arrivals:
        each.done()
        each.done()
    assert list(there.fetch()) == []
    assert sorted(path.name for path in (tmp_path / "DE101/out/done").iterdir()) == ["r1.receipt", "t1.interchange"]


def test_what_is_neither_done_nor_refused_comes_again(tmp_path: Path) -> None:
    here, there = pair(tmp_path)
    here.send([note("t1"), note("t2"), note("t3")])
    assert len(list(there.fetch(limit=2))) == 2
    assert len(list(there.fetch())) == 3
    here.send([note("t1")])
    assert len(list(there.fetch())) == 3


def test_what_is_refused_lies_beside_its_reason(tmp_path: Path) -> None:
    here, there = pair(tmp_path)
    here.send([note("t1")])
    next(iter(there.fetch())).refuse("it is forged")
    assert (tmp_path / "DE101/out/refused/t1.interchange.why").read_text() == "it is forged"
    assert list(there.fetch()) == []


def test_files_of_other_programs_are_read_when_they_are_whole(tmp_path: Path) -> None:
    _, there = pair(tmp_path, settle_seconds=60)
    box = Mailbox.of(tmp_path, "DE101").outgoing
    box.mkdir(parents=True)
    (box / "order 1.edi").write_bytes(b"UNB+UNOC:3+CN101+DE101+260101:0800+1'UNH+1+CONTRL:D:3:UN'")
    (box / "big.edi.filepart").write_bytes(b"half")
    (box / ".hidden").write_bytes(b"half")
    assert list(there.fetch()) == []
    past = time.time() - 120
    for path in box.iterdir():
        os.utime(path, (past, past))
    (arrival,) = there.fetch()
    assert (arrival.transmission.transmission_id, arrival.transmission.kind) == ("order-1", RECEIPT)


def test_a_link_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    _, there = pair(tmp_path)
    (tmp_path / "secret").write_text("the master key")
    box = Mailbox.of(tmp_path, "DE101").outgoing
    box.mkdir(parents=True)
    (box / "t1.interchange").symlink_to(tmp_path / "secret")
    (box / "folder.interchange").mkdir()
    assert list(there.fetch()) == []


def test_a_folder_that_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    broken = FolderTransport("CN101", {"DE101": Mailbox(tmp_path / "file" / "in", tmp_path / "file" / "out")})
    (unsent,) = broken.send([note("t1")])
    assert (unsent.is_final, "file/out" in unsent.why) == (False, True)
    assert [each.why for each in broken.send([Transmission("t2", "CN101", "US101", INTERCHANGE, b"")])] == [
        "no folder is known for US101"
    ]
    with pytest.raises(TransportError):
        list(broken.fetch())


def test_the_place_of_an_address_says_where_its_folders_are(tmp_path: Path) -> None:
    assert Mailbox.of(tmp_path, "DE/101").incoming == tmp_path / "DE-101" / "in"
    assert Mailbox.of(tmp_path, "DE101", "germany").outgoing == tmp_path / "germany" / "out"
    assert Mailbox.of(tmp_path, "DE101", "a/out /srv/b") == Mailbox(tmp_path / "a/out", Path("/srv/b"))


WRITER = """
import sys
from pathlib import Path
from entrepost.exchange.folder import write_whole
for number in range(100_000):
    write_whole(Path(sys.argv[1]) / f"t{number}.interchange", b"x" * 200_000)
"""


def test_a_writer_that_is_killed_leaves_no_half_file(tmp_path: Path) -> None:
    here, there = pair(tmp_path)
    here.send([note("t0", b"x" * 200_000)])
    box = Mailbox.of(tmp_path, "DE101").outgoing
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(box)])
    deadline = time.monotonic() + 30
    while len(list(box.glob("t*.interchange"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert {len(each.transmission.body) for each in there.fetch()} == {200_000}
    write_whole(box / "t0.interchange", b"again")
    assert next(iter(there.fetch(1000))).transmission.body
