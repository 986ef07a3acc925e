"""The descriptions of a file that are to be classified."""

from __future__ import annotations

from pathlib import Path

from entrepost.operations.content_lines import read_content_lines


def describe_file(path: Path) -> list[tuple[str, str]]:
    """Item and description of each content line that has one."""
    rows = read_content_lines(path).frame.select("item_id", "description").iter_rows()
    return [(item, text) for item, text in rows if text]
