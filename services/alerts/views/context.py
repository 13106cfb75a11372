"""What every view needs of the app around it."""

from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from services.alerts.tools import Tools
from shared.addresses import Addresses


def tools() -> Tools:
    return cast(Tools, current_app.extensions["homeward"])


def session() -> Session:
    return cast(Session, tools().room.bus.db.session)


def where() -> Addresses:
    settings = tools().room.settings
    return Addresses(settings.public_url("alerts"), settings.sender)
