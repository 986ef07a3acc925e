"""Guides are followed step by step, as a newcomer would."""

from __future__ import annotations

from pathlib import Path

from tests.cli.pages import follow


def test_ones_own_network_in_fifteen_minutes(tmp_path: Path) -> None:
    done = follow("own-network.md", tmp_path)
    codes = [(command.split()[1], answer.code) for command, answer in done if command.startswith("entrepost")]
    assert codes == [
        ("init", 0),
        ("check", 0),
        ("check", 3),
        ("check", 0),
        ("intake", 0),
        ("quote", 0),
        ("intake", 3),
        ("quote", 0),
        ("simulate", 0),
        ("report", 0),
    ]
    assert (tmp_path / "my-network" / "report.html").exists()
