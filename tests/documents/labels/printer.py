"""A printer for tests: it knows the commands of ZPL that labels use and no other, and keeps what it was told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from entrepost.documents.labels.barcode import list_bars, list_squares

KNOWN = ("XA", "XZ", "CI", "PW", "LL", "LH", "FO", "FT", "FS", "FH", "FD", "A0", "GB", "GF", "BC", "BX", "BY")
STAMP = re.compile(r"[\^~]([A-Z][A-Z0-9])([^\^~]*)")


@dataclass
class Page:
    """One format: its dots (0 black), the texts of its fields, and the names of all its commands."""

    dots: np.ndarray
    texts: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


def print_zpl(data: bytes) -> list[Page]:
    """The pages of a file; raises where it holds anything that labels do not use."""
    text = data.decode("ascii")
    found = [(match[1], match[2].strip("\n")) for match in STAMP.finditer(text)]
    assert "".join(f"^{name}{rest}" for name, rest in found) == text.replace("\n", "")
    pages: list[Page] = []
    for formatted in text.split("^XZ")[:-1]:
        pages.append(_print([(match[1], match[2].strip("\n")) for match in STAMP.finditer(formatted)]))
    return pages


def _print(commands: list[tuple[str, str]]) -> Page:
    assert [name for name, _ in commands if name not in KNOWN] == []
    told = dict(commands[1:5])
    page = Page(np.full((int(told["LL"]), int(told["PW"])), 255, np.uint8), commands=[name for name, _ in commands])
    state: dict[str, str] = {}
    for name, rest in commands:
        state[name] = rest
        if name == "FS":
            _put(page, state)
            state = {key: value for key, value in state.items() if key == "BY"}
    return page


def _put(page: Page, state: dict[str, str]) -> None:
    x, y = (int(each) for each in (state.get("FO") or state["FT"]).split(","))
    said = re.sub("(?:_[0-9A-F]{2})+", _unhex, state.get("FD", ""))
    if "GB" in state:
        width, height, line = (int(each) for each in state["GB"].split(",")[:3])
        box = page.dots[y : y + height, x : x + width]
        box[:line] = box[-line:] = 0
        box[:, :line] = box[:, -line:] = 0
    elif "GF" in state:
        bits = _unpack(*state["GF"].split(",", 4)[2:])
        page.dots[y : y + bits.shape[0], x : x + bits.shape[1]][bits[:, : page.dots.shape[1] - x]] = 0
    elif "BC" in state:
        module, height = int(state["BY"]), int(state["BC"].split(",")[1])
        for first, count in list_bars(said):
            page.dots[y : y + height, x + first * module : x + (first + count) * module] = 0
    elif "BX" in state:
        module = int(state["BX"].split(",")[1])
        for row, runs in enumerate(list_squares(said)):
            for first, count in runs:
                top, left = y + row * module, x + first * module
                page.dots[top : top + module, left : left + count * module] = 0
    else:
        page.texts.append(said)


def _unhex(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("_", "")).decode("utf-8")


def _unpack(count: str, wide: str, data: str) -> np.ndarray:
    """Hexadecimal digits with `,` for a row that ends in white and `:` for one like the row above."""
    digits = 2 * int(wide)
    rows: list[str] = []
    row = ""
    for sign in data:
        row = rows[-1] if sign == ":" else row.ljust(digits, "0") if sign == "," else row + sign
        if len(row) == digits:
            rows.append(row)
            row = ""
    packed = np.frombuffer(bytes.fromhex("".join(rows)), np.uint8).reshape(-1, int(wide))
    assert packed.size == int(count)
    return np.unpackbits(packed, axis=1).astype(bool)
