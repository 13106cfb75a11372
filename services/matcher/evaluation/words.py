"""Figures, and why a photo was left out, in words: for the report and for a terminal."""

import math

from services.matcher.evaluation.bootstrap import Figure

NOTHING = "–"
REASONS = {
    "no_face": "no face was found",
    "no_numbers": "the networks make no numbers of the face",
    "unreadable": "the file cannot be read",
    "empty": "the file is empty",
    "too_large": "the file is over 20 MB",
    "not_an_image": "the file is no picture that is accepted",
    "too_many_pixels": "the picture has too many pixels",
    "too_small": "the picture is under 48 pixels wide or high",
    "damaged": "the picture is damaged",
}


def reason(code: str) -> str:
    """Why a photo was left out, in words."""
    return REASONS.get(code, code)


def share(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{100 * value:.1f} %"


def figure(found: Figure) -> str:
    """A share with its interval."""
    if math.isnan(found.value):
        return NOTHING
    return f"{100 * found.value:.1f} % ({100 * found.low:.1f}–{100 * found.high:.1f})"


def spoken(name: str) -> str:
    """A figure's name in words: `rank-10`, `fnir-0.1`."""
    kind, _, at = name.partition("-")
    return f"rank {at}" if kind == "rank" else f"missed at {100 * float(at):g} % FPIR"


def change(found: Figure) -> str:
    """A difference in percentage points with its interval."""
    return f"{100 * found.value:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def number(value: float) -> str:
    """A score."""
    return f"{value:.3f}" if math.isfinite(value) else NOTHING
