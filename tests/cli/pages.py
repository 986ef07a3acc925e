"""Follows a guide as a newcomer would: writes its files, makes its changes, runs its commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.cli.shell import Answer, entrepost

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```', re.MULTILINE | re.DOTALL)


def follow(page: str, folder: Path) -> list[tuple[str, Answer]]:
    """Do all that a guide shows, in its order; a block with a title is a file, or a change of one.

    The lines after a command are what it must answer; ``cd`` is understood.
    """
    done: list[tuple[str, Answer]] = []
    for kind, title, text in BLOCK.findall((GUIDES / page).read_text(encoding="utf-8")):
        if kind == "console":
            for command, *expected in (part.splitlines() for part in text.split("$ ")[1:]):
                folder, answer = _run(command, folder)
                said = f"{answer.err}{answer.out}".splitlines()
                assert said == expected, f"{page}: {command}"
                done.append((command, answer))
        elif kind == "diff":
            _change(folder / title, text)
        elif title:
            (folder / title).write_text(text, encoding="utf-8")
    return done


def _run(command: str, folder: Path) -> tuple[Path, Answer]:
    program, *arguments = shlex.split(command)
    if program == "cd":
        return folder / arguments[0], Answer(0, "", "")
    assert program == "entrepost", command
    return folder, entrepost(*arguments, folder=folder)


def _change(path: Path, text: str) -> None:
    """Replace the lines with a minus by those with a plus, each pair wherever it stands."""
    before = path.read_text(encoding="utf-8")
    for change in re.findall(r"((?:^-.*\n)*(?:^\+.*\n)+)", text, re.MULTILINE):
        lines = change.splitlines()
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] == sign) for sign in "-+")
        assert not old or before.count(old) == 1, f"{path.name} has {before.count(old)} times: {old}"
        before = before.replace(old, new) if old else before + new
    path.write_text(before, encoding="utf-8")
