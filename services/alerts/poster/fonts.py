"""The letters of posters: Noto Sans (Latin, Greek, Cyrillic) and Noto Sans SC (Chinese), both from PyPI packages.

Noto Sans SC comes with PostScript outlines, and PDF readers that only take the text out of a file stumble over those as
fpdf2 embeds them. So the letters that a poster needs are taken out and given TrueType outlines first, in a third of a
second.
"""

import io
import logging
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from pylopdf_fonts_zh_cn import sans_path

_NOT_FOR_PRINT = ["VORG", "GSUB", "GPOS", "BASE", "DSIG", "vhea", "vmtx"]
_NO_INSTRUCTIONS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements",
)  # fmt: skip
_CLOSE = 1.0
"""How far, in thousandths of the letters' height, a TrueType outline may be from the PostScript one."""

logging.getLogger("fontTools").setLevel(logging.WARNING)


@cache
def latin() -> Path:
    return Path(str(files("fontpkg_noto_sans"))) / "files" / "NotoSans[wdth,wght].ttf"


@lru_cache(maxsize=4)
def chinese(letters: frozenset[str]) -> bytes:
    """A TrueType font with those of `letters` that Noto Sans SC has."""
    options = Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += _NOT_FOR_PRINT
    font = TTFont(sans_path(), lazy=True)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(letters))
    subsetter.subset(font)
    _to_truetype(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _to_truetype(font: TTFont) -> None:
    """Turns cubic outlines into quadratic ones, in place."""
    drawn, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, _CLOSE, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    most = font["maxp"]
    most.tableVersion, most.maxZones = 0x00010000, 1
    for name in _NO_INSTRUCTIONS:
        setattr(most, name, 0)
    font["post"].formatType, font.sfntVersion = 3.0, "\x00\x01\x00\x00"
    del font["CFF "]
