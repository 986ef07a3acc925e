"""The modules of codes, from zxing-cpp: a row of bars, a square of squares."""

from __future__ import annotations

import re
from functools import lru_cache

DARK = re.compile(rb"\x00+")
QUIET_BARS, QUIET_SQUARES = 10, 1
"""Modules that must stay empty beside a Code 128 (ISO/IEC 15417) and around a Data Matrix (ISO/IEC 16022)."""


@lru_cache(maxsize=1024)
def list_bars(text: str) -> tuple[tuple[int, int], ...]:
    """The bars of a Code 128 as (first module, modules)."""
    return list_dark(_draw(text, "Code128")[0])


@lru_cache(maxsize=1024)
def list_squares(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Each row of a Data Matrix as runs of dark squares (first module, modules)."""
    return tuple(list_dark(row) for row in _draw(text, "DataMatrix"))


def count_bars(text: str) -> int:
    """How many modules wide a Code 128 is, without what must stay empty beside it: it ends with a bar."""
    return sum(list_bars(text)[-1])


def list_dark(row: bytes) -> tuple[tuple[int, int], ...]:
    """Where a row of pixels (0 is dark) is dark, as (first, how many)."""
    return tuple((match.start(), match.end() - match.start()) for match in DARK.finditer(row))


def _draw(text: str, kind: str) -> list[bytes]:
    """The rows of a code with one pixel a module; a Code 128 has equal rows."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    image = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    view = memoryview(image)  # type: ignore[arg-type]
    height, width = view.shape if view.shape is not None else (0, 0)
    pixels = view.tobytes()
    return [pixels[row * width : (row + 1) * width] for row in range(height if kind == "DataMatrix" else 1)]
