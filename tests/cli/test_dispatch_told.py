"""Messages that are to be sent are written so that `entrepost message write` reads them."""

from __future__ import annotations

from pathlib import Path

from entrepost.cli.dispatch_told import write_messages
from entrepost.messages import plain
from entrepost.operations.dispatching.telling import tell_dispatch
from tests.mail.bags import two_bags


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    told = tell_dispatch(two_bags(), 1)
    assert write_messages(tmp_path / "out.jsonl", [told]) == [f"1 messages are in {tmp_path / 'out.jsonl'}"]
    assert plain.read((tmp_path / "out.jsonl").read_bytes()).messages == (told.message,)
    assert write_messages(None, [told]) == write_messages(tmp_path / "none.jsonl", []) == []
