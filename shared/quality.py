"""How useful a face is for a comparison: one number, what would help, and what cannot be enrolled.

In the spirit of ISO/IEC 29794-5: each measure is mapped to a component from 0 to 100 by a named function, and the
components become one number. It is not that standard's unified score, which a network gives. Where it says OFIQ, the
formula is that of the standard's open reference implementation, taken from its source; the rest is our own, with its
figures in docs/decisions/0024. Nothing here knows whose face it is, and nothing here decides but `refusal`.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from shared.faces import Face
from shared.measures import Measures, measure
from shared.messages import QualityReason

SMALLEST_EYES_PX = 12.0
LEAST_SHARPNESS = 60.0
MOST_TURNED = 60.0
LEAST_TEXTURE, MOST_LOST = 0.07, 0.3
"""A face with less texture is drawn, unless so much of it is burnt out or black that there is none to see."""


@dataclass(frozen=True)
class Quality:
    """`score` is 0 to 100. `reason` is why the face cannot be enrolled, None if it can. `advice` says what would
    help, the most helpful first. `components` are the parts of the score, each 0 to 100."""

    score: float
    reason: QualityReason | None = None
    advice: tuple[QualityReason, ...] = ()
    components: dict[str, float] = field(default_factory=dict)

    @property
    def reasons(self) -> tuple[QualityReason, ...]:
        """All that keeps the face from being as useful as it could be, what refuses it first."""
        return (self.reason, *self.advice) if self.reason else self.advice


def quality(bgr: np.ndarray, face: Face) -> Quality:
    """The quality of a face in its uint8 BGR image (height, width, 3)."""
    return judged(measure(bgr, face))


def judged(seen: Measures) -> Quality:
    """The measures as one number and in words."""
    parts = components(seen)
    return Quality(unified(parts), refusal(seen), advice(seen), {name: round(part, 1) for name, part in parts.items()})


WEIGHTS = {
    "size": 0.20, "sharpness": 0.20, "yaw": 0.15, "pitch": 0.05, "light": 0.05, "contrast": 0.05, "exposure": 0.05,
    "evenness": 0.05, "eye_light": 0.05, "uncovered": 0.10, "detector": 0.05,
}  # fmt: skip


def components(seen: Measures) -> dict[str, float]:
    """Each part from 0 to 100, by its own function."""
    return {
        "size": size(seen.eyes),
        "sharpness": 100 * sigmoid(math.log10(max(seen.sharpness, 1e-3)), 2.2, 0.2),
        "yaw": head_pose(seen.yaw),
        "pitch": head_pose(seen.pitch),
        "light": luminance_mean(seen.light),
        "contrast": luminance_variance(seen.variance),
        "exposure": 100 * ramp(1 - seen.white - seen.black, 0.4, 0.95),
        "evenness": illumination_uniformity(seen.evenness),
        "eye_light": 100 * ramp(seen.eye_light, 0.1, 0.4),
        "uncovered": 100 * min(ramp(seen.eyes_detail, 0.1, 0.8), ramp(seen.mouth_detail, 0.1, 0.8)),
        "detector": 100 * ramp(seen.detector, 0.6, 0.93),
    }


def unified(parts: dict[str, float]) -> float:
    """The weighted geometric mean: one part that fails spoils the whole, which a sum would hide. No part counts as
    less than 1."""
    return round(math.exp(sum(weight * math.log(max(parts[name], 1.0)) for name, weight in WEIGHTS.items())), 1)


def sigmoid(value: float, middle: float, width: float) -> float:
    """OFIQ's Sigmoid: from 0 to 1, one half at `middle`."""
    return 1 / (1 + math.exp(-(value - middle) / width))


def ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`, straight between."""
    return min(max((value - low) / (high - low), 0.0), 1.0)


def size(eyes: float) -> float:
    """OFIQ's InterEyeDistance has its middle at 70 pixels, for passports; ours is at 24, as recognisers are shown
    faces with 35 pixels between the eyes and larger ones are shrunk."""
    return 100 * sigmoid(eyes, 24, 7)


def head_pose(degrees: float) -> float:
    """OFIQ's HeadPose: 100 times the square of the cosine."""
    return 100 * max(math.cos(math.radians(degrees)), 0.0) ** 2


def luminance_mean(mean: float) -> float:
    """OFIQ's LuminanceMean, of greys from 0 to 1. It takes dark skin for little light, so its weight is small, and it
    never refuses."""
    return 100 * sigmoid(mean, 0.2, 0.05) * (1 - sigmoid(mean, 0.8, 0.05))


def luminance_variance(variance: float) -> float:
    """OFIQ's LuminanceVariance, of greys from 0 to 1."""
    return 100 * math.sin(60 * variance / (60 * variance + 1) * math.pi)


def illumination_uniformity(overlap: float) -> float:
    """OFIQ's IlluminationUniformity: the overlap of both halves' histograms to the power of 0.3."""
    return float(100 * overlap**0.3)


def refusal(seen: Measures) -> QualityReason | None:
    """Why a face is not enrolled: its vector would be noise. Everything else is only advice."""
    if seen.eyes < SMALLEST_EYES_PX:
        return "too_small"
    if seen.sharpness < LEAST_SHARPNESS:
        return "too_blurred"
    if seen.texture < LEAST_TEXTURE and seen.white + seen.black < MOST_LOST:
        return "drawn"
    return "turned_away" if abs(seen.yaw) > MOST_TURNED else None


def advice(seen: Measures) -> tuple[QualityReason, ...]:
    """What would help besides mending what `refusal` names, the most helpful first."""
    told: list[tuple[QualityReason, bool]] = [
        ("small_face", SMALLEST_EYES_PX <= seen.eyes < 24),
        ("soft", LEAST_SHARPNESS <= seen.sharpness < 160),
        ("eyes_hidden", seen.eyes_detail < 0.3),
        ("mouth_hidden", seen.mouth_detail < 0.4),
        ("turned", 30 < abs(seen.yaw) <= MOST_TURNED),
        ("nodding", abs(seen.pitch) > 25),
        ("dark", seen.light < 0.18 and seen.black > 0.15),
        ("bright", seen.white > 0.3),
        ("uneven_light", seen.evenness < 0.2),
        ("eyes_in_shadow", seen.eye_light < 0.25 and seen.eyes_detail >= 0.3 and seen.evenness >= 0.2),
        ("pale", seen.variance < 0.004 and seen.light >= 0.18),
        ("unsure", seen.detector < 0.8),
    ]
    return tuple(reason for reason, holds in told if holds)
