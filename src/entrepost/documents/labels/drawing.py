"""A sheet as it is drawn: cells with captions, tick boxes and codes; what does not fit is told, not clipped."""

from __future__ import annotations

from collections.abc import Sequence

from entrepost.base.findings import Finding, Level, finding_code
from entrepost.documents.labels.barcode import QUIET_BARS, count_bars
from entrepost.documents.labels.sheet import Bars, Box, Mark, Sheet, Words
from entrepost.documents.labels.typeset import Room, Setting, Text, height_of, set_text

LONG = finding_code("label_text_long", "A text does not fit its place on a label or form; nothing is printed of it.")
SIGN = finding_code("label_sign_missing", "A character is in none of the fonts; a white square stands for it.")

PADDING = 8
CAPTION = 15
"""Size of captions in dots: 1.9 mm, the least that a label printer makes readable (assumed, by eye)."""


class Drawing:
    """Marks and findings of one sheet, in the order in which they are drawn."""

    def __init__(self, width: int, height: int, title: str, subject: str) -> None:
        self.width, self.height = width, height
        self._title, self._subject = title, subject
        self.marks: list[Mark] = []
        self.findings: list[Finding] = []

    def to_sheet(self) -> Sheet:
        """What was drawn."""
        return Sheet(self.width, self.height, self._title, tuple(self.marks))

    def add(self, *marks: Mark) -> None:
        """Put marks on the sheet."""
        self.marks += marks

    def write(
        self, texts: Sequence[Text], room: Room, sizes: Sequence[int], field: str = "", align: str = "start"
    ) -> Setting:
        """Set paragraphs into a room in the greatest of the sizes that fits; `field` is blamed where none does."""
        setting = set_text(texts, room, sizes, align)
        if not setting.is_whole:
            message = f"{sum(len(each.text) for each in texts)} characters do not fit their place"
            self._find(LONG, field, message, "shorten it, or print a larger form", "error")
        if setting.missing:
            message = f"no font has {', '.join(f'U+{ord(sign):04X}' for sign in setting.missing)}"
            self._find(SIGN, field, message, "write it in other characters", "warning")
        self.marks += setting.words
        return setting

    def _find(self, code: str, field: str, message: str, fix: str, level: Level) -> None:
        self.findings.append(Finding(code, field, message, self._subject, fix=fix, level=level))

    def label(self, caption: str, x: int, y: int, width: int, size: int = CAPTION) -> None:
        """A caption of the form itself."""
        self.write([Text(caption)], Room(x, y, width, 2 * height_of(size)), (size, size - 2, size - 4), "caption")

    def cell(self, room: Room, caption: str, texts: Sequence[Text], sizes: Sequence[int], field: str = "") -> Setting:
        """A framed cell: a caption above, text below."""
        self.add(Box(room.x, room.y, room.width, room.height, 1))
        return self.fill(room, caption, texts, sizes, field)

    def fill(self, room: Room, caption: str, texts: Sequence[Text], sizes: Sequence[int], field: str = "") -> Setting:
        """A caption and the text below it, without a frame."""
        top = PADDING // 2 + height_of(CAPTION) if caption else PADDING // 2
        if caption:
            self.label(caption, room.x + PADDING, room.y + PADDING // 2, room.width - 2 * PADDING)
        inner = Room(room.x + PADDING, room.y + top, room.width - 2 * PADDING, room.height - top - PADDING // 2)
        return self.write(texts, inner, sizes, field)

    def tick(self, x: int, y: int, caption: str, is_ticked: bool, width: int, size: int = 18) -> None:
        """A box to tick with its caption; a ticked box has a cross."""
        side = size + 2
        self.add(Box(x, y, side, side, 2))
        if is_ticked:
            self.write([Text("×", bold=True)], Room(x, y - side // 3, side, 2 * side), (side + 8,), align="centre")
        self.write(
            [Text(caption)], Room(x + side + 6, y - 1, width - side - 6, height_of(size)), (size, size - 2, size - 4)
        )

    def barcode(self, code: str, spaced: str, room: Room, module: int) -> None:
        """A Code 128 in the middle of a room, with its text below; as wide as the room and quiet zones allow."""
        modules = count_bars(code)
        while module > 1 and (modules + 2 * QUIET_BARS) * module > room.width:
            module -= 1
        width = modules * module
        size = max(20, min(34, room.height // 4))
        height = room.height - height_of(size)
        self.add(Bars(room.x + (room.width - width) // 2, room.y, module, height, code))
        under = Room(room.x, room.y + height + 2, room.width, height_of(size))
        self.write([Text(spaced, bold=True)], under, (size,), align="centre")


def list_words(sheet: Sheet) -> list[Words]:
    """Every line of words on a sheet."""
    return [mark for mark in sheet.marks if isinstance(mark, Words)]
