"""Points of the report's curves in an SVG's own coordinates; the template draws them. No drawing library is needed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.evaluation import figures
from services.matcher.evaluation.figures import Searches

WIDTH, HEIGHT = 560.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 16.0, 14.0, 48.0
SHARES = (0, 20, 40, 60, 80, 100)
DET_FROM, DET_STEPS = 0.001, 61
RANKS_SHOWN = 200


@dataclass(frozen=True)
class Tick:
    """A line of the grid at `at` pixels, with its text."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """One drawing: `lines` are (name, points of an SVG polyline); `table` rows are (x, one y a line), in text."""

    id: str
    title: str
    across: str
    up: str
    xs: tuple[Tick, ...]
    ys: tuple[Tick, ...]
    lines: tuple[tuple[str, str], ...]
    table: tuple[tuple[str, ...], ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


def cmc(results: Sequence[tuple[str, Searches]], gallery: int) -> Chart:
    """How many are found at each rank."""
    last = min(gallery, RANKS_SHOWN)
    marks = [rank for rank in (1, 2, 5, 10, 20, 50, 100, 200) if rank <= last]
    curves = [(name, figures.cmc(done, last)) for name, done in results]
    ranks = np.arange(1, last + 1)
    return Chart(
        "cmc",
        "Cumulative match characteristic",
        "rank (logarithmic)",
        "mates found at or above the rank",
        tuple(Tick(_x(rank, 1, last), str(rank)) for rank in marks),
        _shares(),
        tuple((name, _points(ranks, values, 1, last)) for name, values in curves),
        tuple((str(rank), *(_percent(values[rank - 1]) for _, values in curves)) for rank in marks),
    )


def det(results: Sequence[tuple[str, Searches]], across: str, up: str) -> Chart:
    """What is missed at each rate of false positives."""
    rates = np.geomspace(DET_FROM, 1, DET_STEPS)
    curves = [(name, done, figures.det(done, rates.tolist())) for name, done in results]
    marks = (0.001, 0.01, 0.1, 1.0)
    shown = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
    return Chart(
        "det",
        "Detection error trade-off",
        across,
        up,
        tuple(Tick(_x(rate, DET_FROM, 1), f"{100 * rate:g} %") for rate in marks),
        _shares(),
        tuple((name, _points(rates, values, DET_FROM, 1)) for name, _, values in curves),
        tuple(
            (f"{100 * rate:g} %", *(_percent(figures.det(done, [rate])[0]) for _, done, _ in curves)) for rate in shown
        ),
    )


def _shares() -> tuple[Tick, ...]:
    return tuple(Tick(_y(share / 100), f"{share} %") for share in SHARES)


def _points(xs: np.ndarray, ys: np.ndarray, low: float, high: float) -> str:
    return " ".join(f"{_x(x, low, high):.1f},{_y(y):.1f}" for x, y in zip(xs, ys, strict=True) if not math.isnan(y))


def _x(value: float, low: float, high: float) -> float:
    share = math.log(value / low) / math.log(high / low) if high > low else 0.0
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"
