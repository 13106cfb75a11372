"""Writes and draws on one page of a PDF: text that fits its box, QR codes, stripes. Lengths are in millimetres of A4.

There is no bold cut of the Chinese, so bold is the same outline with a stroke (docs/decisions/0056).
"""

import io
import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import segno
from fpdf import FPDF
from PIL import Image
from uniseg.linebreak import line_break_units

from services.alerts.poster import fonts

MM = 72 / 25.4
_LATIN, _CHINESE = "noto", "noto-sc"
_LEADING = 1.32
_SMALLER = 0.94
_BOLD = 0.028
"""Width of bold's stroke, in parts of the letters' height."""

Colour = tuple[int, int, int]
INK, PAPER, SOFT = (24, 32, 35), (255, 255, 255), (75, 88, 92)


@dataclass(frozen=True)
class Box:
    """A part of the page, from its top left."""

    x: float
    y: float
    width: float
    height: float


class Pen:
    """One page of `width` times `height`; `scale` is how much larger than said it comes out (A3: the root of 2).
    `letters` are all that will be written."""

    def __init__(self, width: float, height: float, letters: str, scale: float = 1.0) -> None:
        self.pdf = FPDF(unit=MM * scale, format=(width, height))  # type: ignore[arg-type]
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.add_font(_LATIN, "", fonts.latin())
        self._advances: dict[str, float] = {}
        self._units: dict[str, list[str]] = {}
        self._file = tempfile.NamedTemporaryFile(suffix=".ttf")  # noqa: SIM115 - fpdf2 reads it until the output
        self._file.write(fonts.chinese(frozenset(letters)))
        self._file.flush()
        self.pdf.add_font(_CHINESE, "", self._file.name)
        self.pdf.set_fallback_fonts([_CHINESE], exact_match=False)
        self.pdf.add_page()

    def write(
        self, box: Box, text: str, size: float, *, least: float = 0, bold: bool = False, colour: Colour = INK,
        middle: bool = False,
    ) -> float:  # fmt: skip
        """Writes `text` from the top of `box`, letters `size` high or as little as `least` so that it fits, and cut
        with an ellipsis if even that does not. Returns the height that it took."""
        size, lines = self._fitted(text, box, size, least or size)
        for number, line in enumerate(lines):
            with self._inked(size, bold, colour):  # each anew: fpdf2 forgets that a line ended in the other font
                self.pdf.set_xy(box.x, box.y + number * size * _LEADING)
                self.pdf.cell(box.width, size * _LEADING, line, align="C" if middle else "L")
        return len(lines) * size * _LEADING

    def height(self, text: str, width: float, size: float) -> float:
        """How high `text` would be."""
        return len(self._lines(text, width, size)) * size * _LEADING

    def fill(self, box: Box, colour: Colour) -> None:
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(box.x, box.y, box.width, box.height, style="F")

    def stripes(self, box: Box, one: Colour, other: Colour, wide: float = 7) -> None:
        """Slanted stripes, as on the banner of an exercise."""
        self.fill(box, one)
        self.pdf.set_fill_color(*other)
        with self.pdf.rect_clip(box.x, box.y, box.width, box.height):
            at = box.x - box.height
            while at < box.x + box.width:
                foot = box.y + box.height
                corners = [(at, foot), (at + wide, foot), (at + wide + box.height, box.y), (at + box.height, box.y)]
                self.pdf.polygon(corners, style="F")
                at += 2 * wide

    def watermark(self, text: str, size: float, colour: Colour) -> None:
        """The word across the whole page, above everything, so that no part that is cut out lacks it."""
        width, height = self.pdf.w, self.pdf.h
        with self._inked(size, True, colour), self.pdf.local_context(fill_opacity=0.28, stroke_opacity=0.28):
            wide = self.pdf.get_string_width(text) * 1.2
            for row, y in enumerate(_steps(size, height + size, size * 3.4)):
                for x in _steps(-(row % 2) * wide / 2, width, wide):
                    with self.pdf.rotation(30, x, y):
                        self.pdf.set_xy(x, y - size)
                        self.pdf.cell(wide, size * _LEADING, text)

    def photo(self, box: Box, data: bytes, alt: str) -> None:
        """A JPEG as large as it can be in the box, from its top, in its middle."""
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            scale = min(box.width / image.width, box.height / image.height)
            width, height = image.width * scale, image.height * scale
        x = box.x + (box.width - width) / 2
        self.pdf.image(io.BytesIO(data), x, box.y, width, height, alt_text=alt)

    def qr(self, box: Box, text: str) -> None:
        """A QR code with its quiet zone, as vectors."""
        self.fill(box, PAPER)
        rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=3))
        step = box.width / len(rows)
        self.pdf.set_fill_color(0, 0, 0)
        for y, row in enumerate(rows):
            for start, length in _dark(row):
                self.pdf.rect(box.x + start * step, box.y + y * step, length * step, step * 1.01, style="F")

    def output(self) -> bytes:
        with self._file:
            return bytes(self.pdf.output())

    @contextmanager
    def _inked(self, size: float, bold: bool, colour: Colour) -> Iterator[None]:
        self._letters(size)
        self.pdf.set_text_color(*colour)
        with self.pdf.local_context(
            text_mode="FILL_STROKE" if bold else "FILL", line_width=size * _BOLD, draw_color=colour
        ):
            yield

    def _letters(self, size: float) -> None:
        self.pdf.set_font(_LATIN, "", size * self.pdf.k)

    def _fitted(self, text: str, box: Box, size: float, least: float) -> tuple[float, list[str]]:
        while True:
            lines = self._lines(text, box.width, size)
            most = max(1, int(box.height / (size * _LEADING) + 0.01))
            if len(lines) <= most:
                return size, lines
            if size <= least:
                return size, [*lines[: most - 1], self._cut(lines[most - 1], box.width / size)]
            size = max(least, size * min(_SMALLER, math.sqrt(most / len(lines))))

    def _cut(self, line: str, width: float) -> str:
        while line and self._wide(f"{line}…") > width:
            line = line[:-1]
        return f"{line.rstrip()}…"

    def _lines(self, text: str, width: float, size: float) -> list[str]:
        """Lines broken where Unicode (UAX 14) allows it, which in Chinese is nearly everywhere."""
        return [line for part in text.split("\n") for line in self._broken(part, width / size)]

    def _broken(self, text: str, width: float) -> Iterator[str]:
        line, taken = "", 0.0
        if text not in self._units:
            self._units[text] = list(line_break_units(text))  # slow: a second for the longest alert
        for unit in self._units[text]:
            for piece in [unit] if self._wide(unit) <= width else unit:
                if line and taken + self._wide(piece) > width:
                    yield line.rstrip()
                    line, taken = "", 0.0
                line += piece
                taken += self._wide(piece, spaces=True)
        yield line.rstrip()

    def _wide(self, text: str, spaces: bool = False) -> float:
        """In heights of the letters; spaces at the end count only if asked for. fpdf2 kerns nothing, so it is a sum."""
        return sum(map(self._advance, text if spaces else text.rstrip()))

    def _advance(self, letter: str) -> float:
        if letter not in self._advances:
            self._letters(1)
            self._advances[letter] = float(self.pdf.get_string_width(letter))
        return self._advances[letter]


def _steps(start: float, end: float, step: float) -> Iterator[float]:
    while start < end:
        yield start
        start += step


def _dark(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    start = None
    for at, module in enumerate([*row, 0]):
        if module and start is None:
            start = at
        elif not module and start is not None:
            yield start, at - start
            start = None
