"""How faces are compared now: a metric and its calibration, always changed together."""

from dataclasses import dataclass

from services.matcher.calibration import Calibration
from services.matcher.metric import Metric


@dataclass(frozen=True)
class Matching:
    metric: Metric
    calibration: Calibration
