"""Turns docstrings (plain paragraphs, or with the sections of numpydoc) into Markdown."""

from __future__ import annotations

import inspect
import re

SECTIONS = ("Parameters", "Returns", "Raises", "Yields", "Attributes", "Examples", "Notes", "References", "See Also")
ENTRIES = ("Parameters", "Returns", "Raises", "Yields", "Attributes")


def to_markdown(docstring: str | None) -> str:
    """A docstring as Markdown: section heads in bold, their entries as a list, examples as code."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    parts: list[str] = []
    section = ""
    while lines:
        if len(lines) > 1 and lines[0] in SECTIONS and re.fullmatch(r"-{3,}", lines[1]):
            section, lines = lines[0], lines[2:]
            parts.append(f"**{section}**")
            continue
        paragraph, lines = _take_paragraph(lines)
        if paragraph:
            parts.append(_format_paragraph(paragraph, section))
    return "\n\n".join(parts)


def first_line(docstring: str | None) -> str:
    """The first paragraph of a docstring on one line."""
    paragraph, _ = _take_paragraph(inspect.cleandoc(docstring or "").splitlines())
    return _inline(" ".join(line.strip() for line in paragraph))


def _take_paragraph(lines: list[str]) -> tuple[list[str], list[str]]:
    for index, line in enumerate(lines):
        follows = lines[index + 1] if index + 1 < len(lines) else ""
        if not line.strip() or (index and line in SECTIONS and follows.startswith("---")):
            return lines[:index], lines[index + (not line.strip()) :]
    return lines, []


def _format_paragraph(lines: list[str], section: str) -> str:
    if lines[0].lstrip().startswith(">>>"):
        return "\n".join(["```python", *lines, "```"])
    if section in ENTRIES:
        return "\n".join(_format_entries(lines))
    if lines[0].startswith("    "):
        return "\n".join(["```text", *(line[4:] for line in lines), "```"])
    return _inline("\n".join(lines))


def _format_entries(lines: list[str]) -> list[str]:
    entries: list[str] = []
    for line in lines:
        if not line.startswith(" "):
            name, _, kind = line.partition(" : ")
            entries.append(f"- `{name}`{f' ({kind})' if kind else ''}:" if " " not in name else f"- {_inline(line)}")
        elif entries:
            entries[-1] += f" {_inline(line.strip())}"
    return [entry.removesuffix(":") for entry in entries]


def _inline(text: str) -> str:
    return text.replace("``", "`").replace("<", "&lt;") if "`" not in text else text.replace("``", "`")
