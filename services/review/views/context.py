"""What every view needs of the app around it."""

from datetime import datetime
from typing import cast

from flask import current_app

from services.review.candidates.aligning import Aligner
from services.review.tools import Tools
from shared.throttle import Throttle


def tools() -> Tools:
    return cast(Tools, current_app.extensions["homeward"])


def throttle() -> Throttle:
    return cast(Throttle, current_app.extensions["throttle"])


def aligner() -> Aligner:
    return cast(Aligner, current_app.extensions["aligner"])


def now() -> datetime:
    return tools().room.clock()
