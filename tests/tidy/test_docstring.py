"""Docstrings become pages without losing what they say."""

from __future__ import annotations

from tools.docs.docstring import first_line, to_markdown

CHARGED = """What an item is charged, in
minor units; ``weight_g`` counts.

Parameters
----------
weight_g : int
    Grams, packed,
    not estimated.
country : str

Raises
------
MisuseError
    When weight < 1.

Examples
--------
>>> charge(400)
6100
"""


def test_sections_become_bold_heads_with_lists() -> None:
    assert to_markdown(CHARGED) == (
        "What an item is charged, in\nminor units; `weight_g` counts.\n\n"
        "**Parameters**\n\n- `weight_g` (int): Grams, packed, not estimated.\n- `country` (str)\n\n"
        "**Raises**\n\n- `MisuseError`: When weight &lt; 1.\n\n"
        "**Examples**\n\n```python\n>>> charge(400)\n6100\n```"
    )


def test_the_first_paragraph_stands_on_one_line() -> None:
    assert first_line(CHARGED) == "What an item is charged, in minor units; `weight_g` counts."


def test_nothing_said_gives_nothing() -> None:
    assert to_markdown(None) == ""
