"""The example of a dispatch runs, and both ends agree."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.examples.test_brazil import FOLDER


def test_the_bags_are_numbered_marked_flown_and_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("dispatch", FOLDER.parent / "dispatch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(tmp_path)
    told = capsys.readouterr().out
    assert "['001000013', '002000025'] numbered" in told
    assert "['001000013', '002100025'] the last" in told
    assert "CNA000000001" in told
    assert "['received', 'not_found']" in told
    assert (tmp_path / "labels.pdf").read_bytes().startswith(b"%PDF-")
