"""The peer of `labels`: reportlab's canvas with an embedded TrueType font, as its user guide sets it up."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uharfbuzz

from benchmarks.comparison import load_peer
from entrepost.documents.labels.barcode import list_squares
from entrepost.documents.labels.face import BOLD, REGULAR, get_face
from entrepost.documents.labels.sheet import DOTS_PER_INCH, Bars, Box, Sheet, Squares, Words

POINTS = 72 / DOTS_PER_INCH
PLAIN, HEAVY = "Peer", "PeerBold"


@dataclass(frozen=True, slots=True)
class Font:
    """The modules of the peer; both fonts are registered with it once, which is not timed."""

    canvas: Any
    code128: Any

    def begin(self) -> tuple[Any, io.BytesIO]:
        """A canvas of the label's size that writes into memory."""
        stream = io.BytesIO()
        return self.canvas.Canvas(stream, pagesize=(800 * POINTS, 1200 * POINTS)), stream


def open_canvas() -> Font:
    """Register the same font in both weights, each as the static TrueType file that the peer wants."""
    metrics, fonts = load_peer("reportlab.pdfbase.pdfmetrics"), load_peer("reportlab.pdfbase.ttfonts")
    with tempfile.TemporaryDirectory() as folder:
        for name, weight in ((PLAIN, REGULAR), (HEAVY, BOLD)):
            path = Path(folder) / f"{name}.ttf"
            path.write_bytes(_static(weight))
            metrics.registerFont(fonts.TTFont(name, str(path)))
    return Font(load_peer("reportlab.pdfgen.canvas"), load_peer("reportlab.graphics.barcode.code128"))


def draw_page(canvas: Any, sheet: Sheet, font: Font) -> None:
    """One page: words with drawString, lines and squares with rect, bars with the peer's own Code 128."""
    for mark in sheet.marks:
        down = (sheet.height - mark.y) * POINTS
        if isinstance(mark, Words):
            canvas.setFont(HEAVY if mark.shaped.is_bold else PLAIN, mark.size * POINTS)
            canvas.drawString(mark.x * POINTS, down, mark.shaped.text)
        elif isinstance(mark, Box):
            canvas.rect(mark.x * POINTS, down - mark.height * POINTS, mark.width * POINTS, mark.height * POINTS, 0, 1)
        elif isinstance(mark, Bars):
            bars = font.code128.Code128(
                mark.text, barWidth=mark.module * POINTS, barHeight=mark.height * POINTS, quiet=0
            )
            bars.drawOn(canvas, mark.x * POINTS, down - mark.height * POINTS)
        elif isinstance(mark, Squares):
            _draw_squares(canvas, sheet, mark)
    canvas.showPage()


def _draw_squares(canvas: Any, sheet: Sheet, mark: Squares) -> None:
    """The same modules as one path; the peer's own Data Matrix does not know how to make so long a one."""
    path = canvas.beginPath()
    side = mark.module * POINTS
    for row, runs in enumerate(list_squares(mark.text)):
        for first, count in runs:
            x = (mark.x + first * mark.module) * POINTS
            path.rect(x, (sheet.height - mark.y) * POINTS - (row + 1) * side, count * side, side)
    canvas.drawPath(path, stroke=0, fill=1)


def _static(weight: int) -> bytes:
    """The variable font in one weight, with all its glyphs."""
    face = get_face("", weight).face
    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    wanted.pin_all_axes_to_default(face)
    wanted.pin_axis_location(face, "wght", weight)
    data: bytes = uharfbuzz.subset(face, wanted).blob.data
    return data
