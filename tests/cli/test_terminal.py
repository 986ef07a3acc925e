from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import polars as pl
import pytest
import typer

from entrepost.cli.terminal import Terminal, with_voice


@dataclass(frozen=True)
class Facts:
    when: datetime
    frame: pl.DataFrame


def test_json_holds_instants_and_frames(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"all": [Facts(datetime(2026, 1, 5, tzinfo=UTC), pl.DataFrame({"a": [1]}))]}
    Terminal(json=True).answer(facts, [])
    assert json.loads(capsys.readouterr().out) == {"all": [{"when": "2026-01-05 00:00:00+00:00", "frame": [{"a": 1}]}]}


def test_messages_go_to_standard_error_and_not_at_all_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().say("hello")
    Terminal(quiet=True).say("unheard")
    assert capsys.readouterr() == ("", "hello\n")


def test_off_a_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal().progress("rows", 3) as progress:
        assert progress is None
    with Terminal().stage("work"):
        pass
    assert capsys.readouterr().err.endswith(" s  work\n")


@dataclass(frozen=True)
class Both:
    one: Annotated[str, typer.Option("--one")] = ""
    other: Annotated[int, typer.Option("--other")] = 7


def test_a_dataclass_of_options_is_as_many_options() -> None:
    told = []

    def command(name: str, both: Both) -> None:
        told.append((name, both))

    voiced = with_voice(command)
    assert list(inspect.signature(voiced).parameters) == ["name", "one", "other", "json", "quiet"]
    voiced(name="a", one="b", other=7, json=False, quiet=True)
    assert told == [("a", Both("b", 7))]
