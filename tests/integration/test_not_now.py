"""A door whose database cannot be reached says so, and when to come again; it does not break."""

import pytest
from desk import Desk

from shared.config import Settings


@pytest.mark.parametrize("path", ["/api/v1/session", "/login"])
def test_a_database_that_is_gone_is_a_503_with_the_time_to_come_again(settings: Settings, path: str) -> None:
    desk = Desk(settings)
    desk.hire("Ada")
    with desk.app.app_context():
        desk.tools.room.bus.db.engine.dispose()
    database = settings.home / "review.sqlite"
    database.unlink()
    database.mkdir()
    answer = desk.visitor().post(path, {"name": "Ada", "password": "x", "code": "000000"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
