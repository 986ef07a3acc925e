"""Between the bytes of an interchange and its text as the house lays it out: whole blocks at once.

A block of segments is normalised by a few passes over all of its bytes (released signs are put aside, layout is
dropped, separators become the information separators of `segment`), and only then decoded and divided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from entrepost.messages.syntax.charsets import PRINTABLE, Level
from entrepost.messages.syntax.segment import FS, GS, RS, US
from entrepost.messages.syntax.separators import Separators

LINES = b"\r\n"
LAYOUT = b"\t" + LINES
BAD = b"\x1a"
"""Stands for a control character that no text may have (the sign SUB, which means just that)."""

ASIDE = bytes(range(5))
"""Stand for released signs while the others become separators; as control characters they are never in a text."""

_BROKEN = re.compile("[\x1a\udc80-\udcff]")
_ODD = re.compile("[\t\r\n\x80-\x9f\ufffd]")


class Flat(NamedTuple):
    """The text of a block; whether some of its characters are damaged, and whether needless releases stood in it."""

    text: str
    damaged: bool
    needless: bool


@dataclass(frozen=True, slots=True)
class Wire:
    """How the segments of one interchange look in bytes: its separators and its character set."""

    separators: Separators
    level: Level
    good: bytes = field(init=False)
    mask: bytes = field(init=False)
    table: bytes = field(init=False)
    aside: tuple[tuple[bytes, bytes], ...] = field(init=False)
    breaks: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        signs = self.separators
        parted = ((signs.component, US), (signs.element, GS), (signs.segment, FS), (signs.repetition, RS))
        served = bytes(ord(sign) for sign, _ in parted if sign)
        good = PRINTABLE + LAYOUT + served + bytes(range(0x80, 0x100))
        put = object.__setattr__
        put(self, "good", good)
        put(self, "mask", bytes(byte if byte in good else BAD[0] for byte in range(256)))
        released = [signs.release, *(sign for sign, _ in parted)] if signs.release else []
        aside = [(sign.encode(), ASIDE[at : at + 1]) for at, sign in enumerate(released) if sign]
        put(self, "aside", tuple((signs.release.encode() + sign, mark) for sign, mark in aside))
        table = {ord(sign): ord(inside) for sign, inside in parted if sign}
        table |= {mark[0]: sign[0] for sign, mark in aside}
        put(self, "table", bytes(table.get(byte, byte) for byte in range(256)))
        put(self, "breaks", re.compile(re.escape(signs.segment.encode()) + rb"[\r\n]+"))

    def flatten(self, block: bytes) -> Flat:
        """The text of whole segments."""
        damaged = b"\t" in block
        if block.translate(None, self.good):
            damaged, block = True, block.translate(self.mask)
        release, needless = self.separators.release.encode(), False
        if release and release in block:
            for pair, mark in self.aside:
                block = block.replace(pair, mark)
            needless = release in block
            block = block.replace(release, b"")
        if b"\n" in block or b"\r" in block:
            block, left = self._join_lines(block)
            damaged |= left
        block = block.translate(self.table)
        if block.isascii():
            return Flat(block.decode("ascii"), damaged, needless)
        text, spoiled = self._decode(block)
        return Flat(text, damaged or spoiled, needless)

    def _join_lines(self, block: bytes) -> tuple[bytes, bool]:
        """Without new lines behind segments, and whether there are others."""
        end = self.separators.segment.encode()
        if end == b"\n":
            block = block.replace(b"\r\n", b"\n")
        block = block.lstrip(LINES).replace(end + self.separators.newline.encode(), end)
        if b"\n" in block or b"\r" in block:
            block = self.breaks.sub(lambda _: end, block)
        return block, b"\r" in block or (end != b"\n" and b"\n" in block)

    def _decode(self, block: bytes) -> tuple[str, bool]:
        if self.level.is_ascii:
            return block.decode("latin-1"), True
        codec = "utf-8" if self.level.is_escaped else self.level.codec
        try:
            text = block.decode(codec)
        except UnicodeDecodeError:
            return block.decode(codec, "surrogateescape"), True
        return text, bool(_ODD.search(text))

    def list_starts(self, block: bytes) -> list[int]:
        """The byte at which each segment of a block begins, and the one behind the last of them."""
        release = self.separators.release.encode()
        starts, at = [_skip_lines(block, 0)], 0
        for piece in block.split(self.separators.segment.encode())[:-1]:
            at += len(piece) + 1
            if at <= starts[-1]:
                continue  # an empty line, where lines end segments
            if not (release and count_run(block, at - 1, release[0]) % 2):
                starts.append(_skip_lines(block, at))
        return starts

    def find_first(self, buffer: bytes) -> int:
        """How many bytes the first segment has with its end; 0 where it is not complete."""
        end, release = self.separators.segment.encode(), self.separators.release.encode()
        at = buffer.find(end)
        while release and at > 0 and count_run(buffer, at, release[0]) % 2:
            at = buffer.find(end, at + 1)
        return at + 1

    def find_end(self, buffer: bytes, since: int) -> int:
        """How many bytes of a buffer are whole segments; no end of one stands before `since`."""
        end, release = self.separators.segment.encode(), self.separators.release.encode()
        at = buffer.rfind(end, since)
        while release and at > 0 and count_run(buffer, at, release[0]) % 2:
            at = buffer.rfind(end, since, at)
        return at + 1

    def name_damage(self, text: str) -> tuple[str, bool]:
        """What is wrong with the characters of a segment, empty where nothing is, and whether it can be borne."""
        broken = _BROKEN.search(text)
        if broken and broken.group() == BAD.decode():
            return "a control character stands in the text", False
        if broken:
            return f"the byte {ord(broken.group()) - 0xDC00:#04x} is not {self.level.name}", False
        odd = _ODD.search(text)
        if odd and odd.group() == "\ufffd":
            return f"some bytes are not {self.level.name}", not self.level.is_escaped
        if odd:
            return f"the control character {odd.group()!r} stands in the text", True
        if self.level.is_ascii and not text.isascii():
            sign = next(sign for sign in text if not sign.isascii())
            return f"{sign!r} is not in {self.level.name}", True
        return "", True


def count_run(buffer: bytes, end: int, sign: int) -> int:
    """How many times a sign stands right before a place of a buffer."""
    at = end
    while at > 0 and buffer[at - 1] == sign:
        at -= 1
    return end - at


def _skip_lines(block: bytes, at: int) -> int:
    while at < len(block) and block[at] in LINES:
        at += 1
    return at
