"""How alike two face vectors are, and from which score on that means something.

The score is the cosine of two flip-averaged vectors (their inner product: both have unit length). The scales are
provisional: they are set by hand from published or measured figures, not yet calibrated by age or gallery size
(docs/matching.md).
"""

import numpy as np

from services.matcher.rules import Scale

SFACE = Scale(floor=0.30, moderate=0.363, strong=0.50, very_strong=0.60)
"""0.363 is the cosine from which SFace's authors call two adults' photos one person (OpenCV's model zoo). Of our six
portraits, two photos of one person score 0.59 and 0.76, strangers at most 0.25. The floor lies between: low, since a
child grows, and well above strangers, since children resemble each other more than adults do."""

ARCFACE = Scale(floor=0.30, moderate=0.40, strong=0.50, very_strong=0.60)
"""For InsightFace's own packs, measured by nobody here: 0.40 is where InsightFace's own desktop tool begins to call two
photos one person, the rest is set around it as for SFace."""


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each row (n, dimension) at length one, float32. A row of zeros stays one."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)


def likeness(templates: np.ndarray, probe: np.ndarray) -> np.ndarray:
    """Scores (n,) of unit vectors (n, dimension) against one of shape (dimension,); -1 to 1."""
    return np.asarray(templates @ probe)
