"""The policy of a page, and who may hold it in a frame."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.web.page import check_frames, read_style


def test_nobody_may_hold_a_page_in_a_frame_unless_named() -> None:
    assert check_frames("") == "'none'"
    assert check_frames("  https://shop.example   'self' ") == "https://shop.example 'self'"


@pytest.mark.parametrize("frames", ["*", "shop.example", "https://a.example; script-src *", "javascript:alert(1)"])
def test_what_is_no_origin_is_refused(frames: str) -> None:
    with pytest.raises(MisuseError, match="origins"):
        check_frames(frames)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("is_dark", [False, True])
def test_text_stands_out_from_what_it_stands_on(is_dark: bool) -> None:
    """A contrast of 4.5, as WCAG 2.2 asks of text (1.4.3)."""
    import re

    colours: dict[str, str] = {}
    light, dark = re.split(r"@media screen and \(prefers-color-scheme: ?dark\)", read_style("track"), maxsplit=1)
    dark, print_ = dark.split("* { box-sizing", 1)[0], ""
    for part in (light, *([dark] if is_dark else [re.findall(r"\n:root \{ --panel.*?\}", dark)[0]])):
        for name, value in re.findall(r"--([a-z]+): ?(#[0-9a-f]{3,6})", part + print_):
            colours[name] = value if len(value) == 7 else "#" + "".join(2 * each for each in value[1:])
    pairs = [(text, ground) for text in ("ink", "muted") for ground in ("paper", "sea", "panel", "tint", "warn")]
    pairs += [("blue", "paper"), ("blue", "sea"), ("on", "blue"), ("on", "good"), ("on", "orange")]
    for text, ground in pairs:
        more, less = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        assert (more + 0.05) / (less + 0.05) >= 4.5, (text, ground)
