"""What can be measured of a face in a photograph: raw numbers, judged in shared/quality.py.

Everything but the size and the sharpness is measured on the face turned upright by its five landmarks and brought to
112 x 112 pixels, 35 between the eyes, as the recognisers see it. Regions are named in those pixels.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from shared.faces import Face

SIDE = 112
UPRIGHT = np.asarray([[38.3, 51.6], [73.7, 51.6], [56.0, 71.7], [41.6, 92.3], [70.6, 92.3]], np.float32)
"""Where eyes, nose and corners of the mouth come to lie."""

FACE = slice(34, 106), slice(24, 88)
EYES = (slice(44, 58), slice(28, 49)), (slice(44, 58), slice(63, 84))
CHEEKS = (slice(64, 84), slice(28, 44)), (slice(64, 84), slice(68, 84))
HALVES = (slice(40, 96), slice(26, 52)), (slice(40, 96), slice(60, 86))
MOUTH = slice(84, 101), slice(40, 72)

DETAIL = 64
ORDINARY_CONTRAST, LEAST_CONTRAST = 1600.0, 40.0
"""Variance of greys (0 to 255) in a well lit face's box; and that of noise."""

NOSE_DEPTH = 0.85
"""How far the tip of the nose stands before the plane of the eyes, in half distances of the eyes (mean adult head)."""
NOSE_HEIGHT, NOSE_LIFT = 0.52, 0.41
"""Where the nose lies between eyes (0) and mouth (1) of a level head, and how far a nod of 45 degrees moves it."""


@dataclass(frozen=True)
class Measures:
    """`eyes` is pixels between the eyes, as if the face looked here (so OFIQ); `yaw`, `pitch`, `roll` are degrees from
    five points only; `light` the mean from 0 (black) to 1, `variance` its variance; `white` and `black` the shares of
    pixels that are burnt out or lost; `detector` the detector's score, 0 to 1; the others as in their functions."""

    eyes: float
    sharpness: float
    yaw: float
    pitch: float
    roll: float
    light: float
    variance: float
    white: float
    black: float
    texture: float
    evenness: float
    eye_light: float
    eyes_detail: float
    mouth_detail: float
    detector: float


def measure(bgr: np.ndarray, face: Face) -> Measures:
    """The measures of a face in its uint8 BGR image (height, width, 3). About a millisecond."""
    grey = aligned(bgr, face)
    skin = grey[FACE]
    yaw, pitch, roll = pose(face.landmarks)
    eyes_detail, mouth_detail = features(grey)
    return Measures(
        eyes=eye_distance(face) / max(math.cos(math.radians(yaw)), 0.5) if boxed(bgr, face).size else 0.0,
        sharpness=sharpness(bgr, face), yaw=yaw, pitch=pitch, roll=roll,
        light=float(skin.mean()) / 255, variance=float((skin / 255.0).var()),
        white=float((skin >= 247).mean()), black=float((skin <= 25).mean()),
        texture=texture(grey), evenness=evenness(grey), eye_light=eye_light(grey), eyes_detail=eyes_detail,
        mouth_detail=mouth_detail, detector=face.score,
    )  # fmt: skip


def eye_distance(face: Face) -> float:
    """Pixels between the eyes."""
    return float(np.linalg.norm(face.landmarks[0] - face.landmarks[1]))


def boxed(bgr: np.ndarray, face: Face) -> np.ndarray:
    """The part of the picture in the face's box; empty where the detector puts a face beside the picture."""
    height, width = bgr.shape[:2]
    x, y, w, h = face.box
    top, bottom, left, right = (max(0, int(at)) for at in (y * height, (y + h) * height, x * width, (x + w) * width))
    return bgr[top:bottom, left:right]


def sharpness(bgr: np.ndarray, face: Face) -> float:
    """Variance of the Laplacian (Pech-Pacheco 2000) of the box's greys at 64 x 64, the detail that recognisers see,
    brought to the contrast of an ordinary portrait: a dark or pale picture is not therefore a blurred one."""
    part = boxed(bgr, face)
    if not part.size:
        return 0.0
    # Where a small face is enlarged, straight lines between its pixels would pass for detail.
    how = cv2.INTER_AREA if min(part.shape[:2]) > DETAIL else cv2.INTER_CUBIC
    grey = cv2.cvtColor(cv2.resize(part, (DETAIL, DETAIL), interpolation=how), cv2.COLOR_BGR2GRAY)
    contrast = max(float(grey.var()), LEAST_CONTRAST)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var()) * ORDINARY_CONTRAST / contrast


def pose(landmarks: np.ndarray) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees from five points (5, 2). A proxy by the place of the nose: right within some ten
    degrees for turned heads, not for a head that is turned and nods."""
    (left, right, nose), mouth = landmarks[:3].astype(float), landmarks[3:].mean(axis=0)
    across = right - left
    half = max(float(np.hypot(*across)) / 2, 1e-3)
    unit = across / (2 * half)
    down = np.asarray([-unit[1], unit[0]])
    middle = (left + right) / 2
    yaw = math.degrees(math.atan(float((nose - middle) @ unit) / half / NOSE_DEPTH))
    length = max(float((mouth - middle) @ down), 0.2 * half)
    pitch = math.degrees(math.atan((NOSE_HEIGHT - float((nose - middle) @ down) / length) / NOSE_LIFT))
    return yaw, pitch, math.degrees(math.atan2(across[1], across[0]))


def aligned(bgr: np.ndarray, face: Face) -> np.ndarray:
    """The face's greys, uint8 (112, 112), turned and scaled by the least squares of its landmarks."""
    here, there = (points[:, 0] + 1j * points[:, 1] for points in (face.landmarks.astype(float), UPRIGHT))
    centred = here - here.mean()
    turn = np.vdot(centred, there - there.mean()) / max(np.vdot(centred, centred).real, 1e-6)
    shrink = min(1.0, 2 * abs(turn))
    part, left, top = _around(bgr, here, 2 * SIDE / max(abs(turn), 1e-6))
    part = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(part, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else part
    turn, origin = turn / shrink, (here.mean() - (left + 1j * top)) * shrink
    shift = there.mean() - turn * origin
    matrix = np.asarray([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    return cv2.warpAffine(small, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)


def _around(bgr: np.ndarray, points: np.ndarray, reach: float) -> tuple[np.ndarray, int, int]:
    """The part of the image within `reach` pixels in all of the points, with its left and top."""
    height, width = bgr.shape[:2]
    middle, half = points.mean(), reach / 2
    left, top = (int(min(max(at - half, 0), most - 1)) for at, most in ((middle.real, width), (middle.imag, height)))
    right, bottom = max(left + 1, math.ceil(middle.real + half)), max(top + 1, math.ceil(middle.imag + half))
    return bgr[top:bottom, left:right], left, top


def texture(grey: np.ndarray) -> float:
    """How little of the face is flat: of its better half, the median gradient as a share of the greys' spread. Skin in
    a photograph has 0.10 and more, also smoothed by a filter; what is painted in even colours or shades 0.05."""
    return max(_texture(grey[half].astype(np.float32)) for half in HALVES)


def _texture(part: np.ndarray) -> float:
    return float(np.median(np.hypot(*np.gradient(part)))) / max(float(part.std()), 1.0)


def evenness(grey: np.ndarray) -> float:
    """How alike both halves of the face are lit, 0 to 1: the intersection of their histograms (in 32 steps)."""
    left, right = (cv2.calcHist([grey[half]], [0], None, [32], [0, 256]).ravel() for half in HALVES)
    return float(np.minimum(left / left.sum(), right / right.sum()).sum())


def eye_light(grey: np.ndarray) -> float:
    """Light around the darker eye as a share of the light on the cheeks: the skin's own tone does not count."""
    cheeks = max(float(np.mean([grey[cheek].mean() for cheek in CHEEKS])), 1.0)
    return min(float(grey[eye].mean()) for eye in EYES) / cheeks


def features(grey: np.ndarray) -> tuple[float, float]:
    """Detail around the poorer eye, and around the mouth, as shares of the whole face's: gradients, mean size."""
    slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    whole = max(float(slope[FACE].mean()), 1.0)
    return min(float(slope[eye].mean()) for eye in EYES) / whole, float(slope[MOUTH].mean()) / whole
