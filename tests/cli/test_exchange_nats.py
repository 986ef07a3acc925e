"""entrepost exchange nats-config: what it writes starts brokers, which tests of the exchange do, or is wrong."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shell import Answer, entrepost
from tests.tidy.source import ROOT

THREE = [word for number in (1, 2, 3) for word in ("--node", f"nats-{number}=nats-{number}.example.org")]


def configure(folder: Path, *words: str) -> Answer:
    return entrepost("exchange", "nats-config", "brokers", *words, folder=folder)


def test_the_example_of_the_repository_is_what_the_command_writes(tmp_path: Path) -> None:
    operators = [word for each in ("CN101", "NL101", "US101") for word in ("--operator", each)]
    assert configure(tmp_path, *operators, *THREE).code == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "brokers").iterdir()}
    assert written == {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "deploy/nats").glob("*.conf")}


def test_what_is_no_broker_or_pair_is_said(tmp_path: Path) -> None:
    told = configure(tmp_path, "--operator", "CN101", "--node", "nats-1")
    assert (told.code, "write NAME=HOST" in told.err) == (1, True)
    told = configure(tmp_path, "--operator", "CN101", *THREE, "--pair", "CN101")
    assert (told.code, "write SENDER:RECIPIENT" in told.err) == (1, True)
