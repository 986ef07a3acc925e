from __future__ import annotations

import pytest

from entrepost.documents.palette import DARK, LIGHT, WAITS


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("text", ["ink", "muted", "blue", "orange"])
def test_what_is_read_stands_out_from_the_paper(theme: dict[str, str], text: str) -> None:
    assert contrast(theme[text], theme["paper"]) >= 4.5


def test_both_themes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_longer_waits_are_darker_all_the_way() -> None:
    lights = [luminance(each) for each in WAITS]
    assert lights == sorted(lights, reverse=True)


def test_before_and_after_differ_without_their_colour() -> None:
    assert contrast(LIGHT["pale"], LIGHT["blue"]) >= 2
