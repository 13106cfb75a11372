"""The play for developers: only exercises, each following from what was, and nothing left live at its end."""

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from builders import NOW

from services.exercising import Play, start
from shared.errors import ConfigError, HomewardError
from shared.messages import AlertAmended, AlertApproved, AlertCancelled, Message
from shared.regions import Regions
from shared.schema import schema_for


@pytest.mark.parametrize("region", ["SE-O", "FJ", "RU", "AQ"])
def test_every_message_follows_from_those_before_and_all_are_exercises(region: str) -> None:
    sent: list[Message] = []
    play = Play(sent.append, Regions(), region, random.Random(1))
    for step in range(60):
        play.step(NOW + timedelta(minutes=step))
    play.end(NOW + timedelta(hours=1))
    versions: dict[str, int] = {}
    for message in sent:
        if isinstance(message, AlertCancelled):
            del versions[message.alert_id]
            continue
        assert isinstance(message, AlertApproved | AlertAmended)
        assert message.content.status == "Exercise"
        assert schema_for(type(message)).load(schema_for(type(message)).dump(message)) == message
        assert message.version == versions.get(message.alert_id, 0) + 1
        versions[message.alert_id] = message.version
    assert {type(message) for message in sent} == {AlertApproved, AlertAmended, AlertCancelled}
    assert play.live == {}


def test_a_stack_for_actual_work_plays_nothing() -> None:
    tools = SimpleNamespace(room=SimpleNamespace(settings=SimpleNamespace(exercise=False)), regions=Regions())
    with pytest.raises(ConfigError, match="HOMEWARD_EXERCISE"):
        start(tools, "SE-O", 0, 1, print)
    tools.room.settings.exercise = True
    with pytest.raises(HomewardError, match="no region"):
        start(tools, "XX", 0, 1, print)
