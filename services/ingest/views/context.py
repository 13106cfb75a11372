"""What every view needs of the app around it."""

from typing import cast

from flask import current_app
from flask_babel import get_locale

from services.ingest.tools import Tools
from shared.messages import Language


def tools() -> Tools:
    return cast(Tools, current_app.extensions["homeward"])


def language() -> Language:
    """The language the reader sees, and the officer will answer in."""
    locale = get_locale()
    return "zh" if locale and locale.language == "zh" else "en"
