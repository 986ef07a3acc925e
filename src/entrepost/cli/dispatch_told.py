"""What `entrepost dispatch` tells: findings with their exit code, facts as JSON, and messages in files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from entrepost.base.findings import Finding, list_errors
from entrepost.cli.terminal import here

if TYPE_CHECKING:
    from entrepost.operations.dispatching.names import Telling

REJECTED = 3
SHOWN = 20
"""Findings that are written out; the rest is counted."""


def tell_findings(findings: Sequence[Finding]) -> None:
    """Say what is wrong, and leave with 3 where anything was refused."""
    terminal = here()
    for each in findings[:SHOWN]:
        terminal.say(str(each))
    if len(findings) > SHOWN:
        terminal.say(f"and {len(findings) - SHOWN:,} more")
    if list_errors(findings):
        raise typer.Exit(REJECTED)


def to_facts(done: Any) -> dict[str, Any]:
    """An answer as JSON has it; of messages how many there are of each kind, for their content is in the file."""
    facts: dict[str, Any] = {}
    for each in fields(done):
        value = getattr(done, each.name)
        facts[each.name] = _count(value) if each.name == "messages" else _plain(value)
    return facts


def write_messages(path: Path | None, told: Iterable[Telling]) -> list[str]:
    """Write messages as plain JSON, one in each line, as `entrepost message write` reads them; and say how many."""
    from entrepost.messages import plain

    messages = list(told)
    if path is None or not messages:
        return []
    lines = [json.dumps(plain.to_plain(each.message), ensure_ascii=False) for each in messages]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return [f"{len(lines):,} messages are in {path}"]


def _count(messages: Iterable[Telling]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in messages:
        name = type(each.message).__name__.upper()
        counts[name] = counts.get(name, 0) + 1
    return counts


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "messages"):
        return to_facts(value)
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value
