from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.shell import PROGRAM, by_shell, entrepost

COMMANDS = ("demo", "init", "check", "intake", "events", "quote", "simulate", "report", "track")


def test_help_comes_at_once_and_names_every_command() -> None:
    begin = time.monotonic()
    answer = by_shell("--help")
    assert answer.code == 0
    assert all(f"\n  {command} " in answer.out for command in COMMANDS)
    assert time.monotonic() - begin < 5, "heavy libraries are imported before a command needs them"


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys, entrepost.cli; print([n for n in ('polars', 'numba', 'altair', 'sqlalchemy') if n in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_offers_json_and_quiet(command: str) -> None:
    answer = entrepost(command, "--help")
    assert answer.code == 0
    assert "--json" in answer.out
    assert "--quiet" in answer.out


def test_the_version_is_told() -> None:
    assert entrepost("--version").out.startswith("entrepost 0.")


@pytest.mark.parametrize("arguments", [("fly",), ("check",), ("demo", "--orders", "many"), ("track", "--what")])
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    answer = entrepost(*arguments)
    assert answer.code == 2
    assert answer.out == ""


def test_an_error_is_one_message_without_a_traceback(tmp_path: Path) -> None:
    answer = entrepost("report", folder=tmp_path)
    assert answer.code == 1
    place = "bring orders in with entrepost intake, or name another with --store"
    assert answer.err == f"entrepost: there is no store entrepost.db; {place}\n"


def test_a_file_that_cannot_be_written_is_one_message(carried: Path) -> None:
    answer = entrepost("report", "--network", "network", "--out", "no/such/folder.html", folder=carried)
    assert answer.code == 1
    assert answer.err == "entrepost: no/such/folder.html: No such file or directory\n"


def test_a_store_that_is_none_is_4(tmp_path: Path) -> None:
    (tmp_path / "entrepost.db").write_text("this is no database, whatever its name says " * 100)
    answer = entrepost("track", "LX000000005CN", folder=tmp_path)
    assert answer.code == 4
    assert "Traceback" not in answer.err


def test_a_reader_that_goes_away_is_no_error(carried: Path) -> None:
    command = (
        f'{sys.executable} -c "{PROGRAM}" quote orders.csv --network network --all | head -1; echo ${{PIPESTATUS[0]}}'
    )
    done = subprocess.run(["bash", "-c", command], cwd=carried, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0].startswith("tenant,seller,order_id,service")
    assert "Traceback" not in done.stderr


def test_an_interrupt_is_a_clean_message_and_what_was_recorded_stays(shop: Path) -> None:
    code = (
        "import entrepost.operations.intake as i\ndef stop(*a, **k): raise KeyboardInterrupt\ni.intake_orders = stop\n"
    )
    command = [sys.executable, "-c", code + PROGRAM, "intake", "orders.csv", "--network", "network"]
    done = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == "entrepost: stopped. What was recorded stays; the same command goes on where it was\n"
