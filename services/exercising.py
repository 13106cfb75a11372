"""A changing set of exercise alerts for developers: published, amended, cancelled and ended while they look on.

It speaks as the police desk does, by signed messages to the alerts' room, so what a feed's reader sees is what a real
day would show. Only a stack that is an exercise plays it.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from shared.errors import ConfigError, HomewardError
from shared.geo import rounded
from shared.keys import random_id
from shared.messages import AlertAmended, AlertApproved, AlertCancelled, AlertContent, AlertText, Message
from shared.regions import Regions

NAMES = ("Alva", "Bo", "Chidi", "Dilan", "Esther", "Farid", "Greta", "Hana")
MOST = 5
LASTS = timedelta(minutes=30)
PLACES = {"en": "near the station", "zh": "车站附近"}
TEXTS = {
    "en": ("EXERCISE: {name}, {age}, is missing", "Last seen near the station. This child is invented.", "Do nothing."),
    "zh": ("演练：{name}（{age}岁）失踪", "最后一次在车站附近被看到。这名儿童是虚构的。", "无需采取行动。"),
}


@dataclass
class Play:
    """What is live of this play: version and content by id. `send` hands a message to the alerts' room."""

    send: Callable[[Message], None]
    regions: Regions
    region: str
    chance: random.Random
    live: dict[str, tuple[int, AlertContent]] = field(default_factory=dict)

    def step(self, now: Any) -> str:
        """One thing that happens; what it was."""
        self.live = {id_: told for id_, told in self.live.items() if told[1].expires > now}
        act = self.chance.choice(("publish", "publish", "amend", "cancel"))
        if (act == "publish" and len(self.live) < MOST) or not self.live:
            return self._publish(now)
        id_ = self.chance.choice(sorted(self.live))
        return self._cancel(id_, now) if act == "cancel" else self._amend(id_, now)

    def end(self, now: Any) -> None:
        """Nothing of the play stays live."""
        for id_ in sorted(self.live):
            self._cancel(id_, now)

    def _publish(self, now: Any) -> str:
        id_, content = random_id(), self._content(now)
        self.live[id_] = 1, content
        self.send(AlertApproved(id_, 1, content, now))
        return f"published {id_} {content.texts[0].headline}"

    def _amend(self, id_: str, now: Any) -> str:
        version, content = self.live[id_]
        content = replace(content, radius_km=min(content.radius_km * 2, 500.0), expires=now + LASTS)
        self.live[id_] = version + 1, content
        self.send(AlertAmended(id_, version + 1, content, now))
        return f"amended   {id_} now within {content.radius_km:g} km"

    def _cancel(self, id_: str, now: Any) -> str:
        del self.live[id_]
        self.send(AlertCancelled(id_, now))
        return f"cancelled {id_}"

    def _content(self, now: Any) -> AlertContent:
        west, south, east, north = self.regions.shape(self.region).bounds
        spot = self.regions.shape(self.region).representative_point()
        lat = spot.y + self.chance.uniform(-0.1, 0.1) * (north - south)
        lon = spot.x + self.chance.uniform(-0.1, 0.1) * min(east - west, 10)
        lat, lon = rounded(max(-89.0, min(89.0, lat)), max(-179.9, min(179.9, lon)))
        name, age = self.chance.choice(NAMES), self.chance.randint(4, 15)
        where = {code: self.regions.get(self.region).name(code)[:49] for code in TEXTS}
        texts = tuple(
            AlertText(code, head.format(name=name, age=age), words, duty, where[code])  # type: ignore[arg-type]
            for code, (head, words, duty) in TEXTS.items()
        )
        return AlertContent(
            status="Exercise", event_code="MEP", texts=texts, contact="EXERCISE: nobody to call", child_name=name,
            age_when_last_seen=age, sex="unknown", last_seen_at=now - timedelta(hours=1),
            last_seen_place=PLACES["en"], lat=lat, lon=lon, radius_km=self.chance.choice((5.0, 20.0)),
            regions=(self.region,), effective=now, expires=now + LASTS, photos=(),
        )  # fmt: skip


def start(tools: Any, region: str, every_s: float, steps: int | None, say: Callable[[str], None]) -> None:
    """Plays until it is told to stop, or for so many steps; then cancels what is left. Raises HomewardError."""
    if not tools.room.settings.exercise:
        raise ConfigError("This stack is for actual work. Set HOMEWARD_EXERCISE=1 and a HOMEWARD_HOME of its own.")
    if not tools.regions.known(region):
        raise HomewardError(f"There is no region {region!r}; `homeward regions find` looks for one.")
    bus = tools.room.bus

    def send(message: Message) -> None:
        with bus.work() as work:
            work.publish(message)

    play, done = Play(send, tools.regions, region, random.Random()), 0
    try:
        while steps is None or done < steps:
            say(play.step(tools.room.clock()))
            done += 1
            time.sleep(every_s)
    except KeyboardInterrupt:
        say("Stopping …")
    finally:
        play.end(tools.room.clock())
