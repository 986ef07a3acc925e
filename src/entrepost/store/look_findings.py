"""Findings page by page, by an index: of an intake by the line of its file, of an account as they were found."""

from __future__ import annotations

from typing import Any

from entrepost.operations.look_store import FINDING, ROW_KEY, FindingsWanted

QUOTED = ", ".join(f'"{name}"' for name in FINDING)


def page_of(wanted: FindingsWanted) -> tuple[str, list[Any]]:
    """The statement of a page, and its values."""
    key = ROW_KEY if wanted.intake else ("finding_no",)
    order = ", ".join(f'"{name}"' for name in key)
    where, values = _where(wanted)
    if wanted.after:
        where += f" AND ({order}) > ({', '.join('?' * len(key))})"
        values += wanted.after
    return f"SELECT {QUOTED} FROM findings WHERE {where} ORDER BY {order} LIMIT {wanted.limit:d}", values


def count_of(wanted: FindingsWanted) -> tuple[str, list[Any]]:
    """The statement that counts them, and its values."""
    where, values = _where(wanted)
    return f"SELECT count(*) AS row FROM findings WHERE {where}", values


def _where(wanted: FindingsWanted) -> tuple[str, list[Any]]:
    told = {name: getattr(wanted, name) for name in ("intake", "subject", "tenant", "level", "code")}
    asked = {name: value for name, value in told.items() if value or name == "tenant"}
    return " AND ".join(f"{name} = ?" for name in asked), list(asked.values())
