"""What every view needs of the app around it."""

from typing import cast

from flask import current_app

import shared.language
from services.ingest.tools import Tools
from shared.messages import Language


def tools() -> Tools:
    return cast(Tools, current_app.extensions["homeward"])


def language() -> Language:
    """The language the reader sees, and the officer will answer in."""
    return cast(Language, shared.language.language())
