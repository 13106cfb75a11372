"""Where everything stands on the poster and on the square picture, and the files that come of them."""

import io
import math

import pypdfium2

from services.alerts.poster.pen import INK, PAPER, SOFT, Box, Colour, Pen
from services.alerts.poster.sheet import Sheet
from shared.messages import CapStatus

PIXELS = 1080
"""Of the square's side."""
_EDGE = 12.0
_WIDE = 210.0
_RED, _VIOLET, _LILAC, _AMBER, _SAND, _WASH = (
    (150, 24, 24), (102, 45, 145), (138, 86, 179), (125, 75, 0), (166, 112, 30), (240, 244, 244),
)  # fmt: skip
_GROUNDS: dict[CapStatus, tuple[Colour, Colour]] = {
    "Actual": (_RED, _RED),
    "Exercise": (_VIOLET, _LILAC),
    "Test": (_AMBER, _SAND),
}
_MARKS: dict[CapStatus, str] = {"Actual": "", "Exercise": "EXERCISE 演练", "Test": "TEST 测试"}


def poster(sheet: Sheet, scale: float = 1.0) -> bytes:
    """A PDF of one page: A4, or A3 with a `scale` of the root of 2."""
    pen = _pen(sheet, 297, scale)
    top = _band(pen, sheet, 13) + 6
    top += pen.write(Box(_EDGE, top, 186, 36), sheet.headline, 12, least=7, bold=True) + 5
    photo = Box(_EDGE, top, 88, min(118, 218 - top))
    _photos(pen, photo, sheet)
    _facts(pen, Box(108, top, 90, photo.height), sheet, 8)
    top += photo.height + 6
    words = "\n".join(filter(None, (sheet.description, sheet.instruction)))
    pen.write(Box(_EDGE, top, 186, 228 - top), words, 5, least=3)
    pen.fill(Box(0, 232, _WIDE, 53), _WASH)
    _call(pen, sheet, Box(_EDGE, 236, 138, 45), 48)
    pen.write(Box(_EDGE, 286.5, 186, 8), sheet.foot, 3, least=2.4, colour=SOFT)
    _mark(pen, sheet)
    return pen.output()


def square(sheet: Sheet) -> bytes:
    """A JPEG of PIXELS times PIXELS."""
    pen = _pen(sheet, _WIDE)
    top = _band(pen, sheet, 9) + 5
    photo = Box(8, top, 92, 152 - top)
    if sheet.photos:
        pen.photo(photo, sheet.photos[0], sheet.headline)
    left = Box(106, top, 96, photo.height) if sheet.photos else Box(8, top, 194, photo.height)
    high = pen.write(Box(left.x, top, left.width, 48), sheet.headline, 9.5, least=6, bold=True) + 4
    _facts(pen, Box(left.x, top + high, left.width, left.height - high), sheet, 7)
    pen.fill(Box(0, 156, _WIDE, 54), _WASH)
    _call(pen, sheet, Box(8, 160, 142, 46), 46)
    _mark(pen, sheet)
    return _picture(pen.output())


def _pen(sheet: Sheet, height: float, scale: float = 1.0) -> Pen:
    pen = Pen(_WIDE, height, sheet.letters + _MARKS[sheet.status], scale)
    pen.pdf.set_title(sheet.headline)
    pen.pdf.set_lang({"zh": "zh-Hans"}.get(sheet.language, sheet.language))
    pen.pdf.set_creator("Homeward")
    return pen


def _band(pen: Pen, sheet: Sheet, size: float) -> float:
    """The band at the top: what this is; where it is not real, that first. Returns where it ends."""
    one, other = _GROUNDS[sheet.status]
    words = sheet.warning or sheet.event
    band = Box(0, 0, _WIDE, size * 2.1)
    pen.stripes(band, one, other)
    pen.write(Box(8, size * 0.4, 194, size * 1.4), words, size, least=4, bold=True, colour=PAPER, middle=True)
    return band.height


def _photos(pen: Pen, box: Box, sheet: Sheet) -> None:
    """The first photo large, and up to two more small beneath it."""
    more = sheet.photos[1:3]
    small = 32.0 if more else 0.0
    if sheet.photos:
        pen.photo(Box(box.x, box.y, box.width, box.height - small), sheet.photos[0], sheet.headline)
    for number, data in enumerate(more):
        pen.photo(Box(box.x + number * 45, box.y + box.height - small + 2, 43, small - 2), data, sheet.headline)


def _facts(pen: Pen, box: Box, sheet: Sheet, size: float) -> None:
    """Names and values below each other, all smaller where they would not fit."""
    while size > 3 and _height(pen, sheet, box.width, size) > box.height:
        size *= 0.94
    top, end = box.y, box.y + box.height
    for name, value in sheet.facts:
        top += pen.write(Box(box.x, top, box.width, end - top), name, size * 0.62, colour=SOFT)
        room = Box(box.x, top, box.width, max(size, end - top))
        top += pen.write(room, value, size, bold=name == sheet.facts[0][0]) + size * 0.32


def _height(pen: Pen, sheet: Sheet, width: float, size: float) -> float:
    names = sum(pen.height(name, width, size * 0.62) for name, _ in sheet.facts)
    return names + sum(pen.height(value, width, size) + size * 0.32 for _, value in sheet.facts)


def _call(pen: Pen, sheet: Sheet, box: Box, qr: float) -> None:
    """Whom to call, and the QR code of the page at the right edge."""
    top = box.y + pen.write(Box(box.x, box.y, box.width, 10), sheet.ask, 7, least=5, bold=True) + 1
    dark = _GROUNDS[sheet.status][0]
    top += pen.write(Box(box.x, top, box.width, 23), sheet.contact, 8.5, least=4, bold=True, colour=dark) + 1.5
    top += pen.write(Box(box.x, top, box.width, 6), sheet.scan, 3.8, least=2.8)
    pen.write(Box(box.x, top, box.width, box.y + box.height - top), sheet.url, 3.6, least=2.4, colour=INK)
    pen.qr(Box(_WIDE - 8 - qr, box.y + (box.height - qr) / 2, qr, qr), sheet.url)


def _mark(pen: Pen, sheet: Sheet) -> None:
    if sheet.status != "Actual":
        pen.watermark(_MARKS[sheet.status], 15, _GROUNDS[sheet.status][0])


def _picture(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=PIXELS / page.get_width()).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    image.resize((PIXELS, PIXELS)).save(out, "JPEG", quality=88)
    return out.getvalue()


A3 = math.sqrt(2)
