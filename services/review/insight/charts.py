"""Plots as inline SVG, made on the server: bars and columns. A small count has a hatched stub that tells no height."""

from collections.abc import Sequence

from markupsafe import Markup

from services.review.insight.rules import is_small, told

STUB = 2.5
"""The height of whatever is shown as `<5`."""
_ROW, _LABEL, _WIDE = 34, 190, 440
_HIGH, _FOOT, _HEAD = 150, 26, 24


def bars(rows: Sequence[tuple[str, int]], title: str) -> Markup:
    """One bar a row: its name, its length, its number."""
    most = max([_shown(count) for _, count in rows] + [1.0])
    room = _WIDE - _LABEL - 60
    parts = [_open(title, _WIDE, _ROW * len(rows))]
    for at, (name, count) in enumerate(rows):
        y, length = at * _ROW, _shown(count) / most * room
        parts.append(_text(_LABEL - 10, y + 22, name, "plot-name"))
        parts.append(_bar(_LABEL, y + 6, length, _ROW - 12, count))
        parts.append(_text(_LABEL + length + 8, y + 22, told(count), "plot-number"))
    return Markup("\n").join([*parts, Markup("</svg>")])


def columns(rows: Sequence[tuple[str, int]], title: str) -> Markup:
    """One column a row, each over its name; of the names every other, so that they do not touch."""
    most = max([_shown(count) for _, count in rows] + [1.0])
    step = _WIDE / max(len(rows), 1)
    parts = [_open(title, _WIDE, _HEAD + _HIGH + _FOOT)]
    for at, (name, count) in enumerate(rows):
        x, height = at * step, _shown(count) / most * _HIGH
        parts.append(_bar(x + step * 0.15, _HEAD + _HIGH - height, step * 0.7, height, count))
        parts.append(_text(x + step / 2, _HEAD + _HIGH - height - 6, told(count) if count else "", "plot-over"))
        if at % 2 == len(rows) % 2:
            parts.append(_text(x + step / 2, _HEAD + _HIGH + 20, name, "plot-under"))
    line = Markup('<path class="plot-line" d="M0 {}H{}"/>').format(_HEAD + _HIGH, _WIDE)
    return Markup("\n").join([*parts, line, Markup("</svg>")])


def _shown(count: int) -> float:
    return STUB if is_small(count) else float(count)


def _open(title: str, width: float, height: float) -> Markup:
    start = Markup('<svg class="plot" role="img" aria-label="{}" viewBox="0 0 {} {}">').format(title, width, height)
    return start + Markup("<title>{}</title>").format(title)


def _bar(x: float, y: float, width: float, height: float, count: int) -> Markup:
    kind = "plot-few" if is_small(count) else "plot-bar"
    shape = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    return shape.format(kind, x, y, width, height) if count else Markup()


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, y, text) if text else Markup()
