"""Plays the story on a stack of its own, then leaves it running for whoever wants to look."""

import json
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from services.demo import cast
from services.demo.acts import ACTS
from services.demo.doors import Door, Officer, Public, Refusal
from services.demo.inside import Inside
from services.demo.story import Story
from services.demo.teller import StoryBroke, Teller
from services.operating import desk
from services.prepare import prepare
from services.review.people.acts import add_officer
from services.stack import Stack
from shared.config import Settings

INTRODUCTION = """
EXERCISE. This story is fictional. The children are invented; the photographs are of public figures who were never
missing (tests/data/portraits/CREDITS.md). Every alert in it carries the CAP status Exercise.
"""


@dataclass(frozen=True)
class Played:
    """A running stack and how its story went: `story` is None if a step did not hold."""

    settings: Settings
    stack: Stack
    logins: dict[str, str]
    story: Story | None


def play(settings: Settings, *, leave: bool) -> int:
    """Prints the story; the exit code: 0 if every step held."""
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda caught, _frame: stopping.append(caught))
    try:
        with play_on(replace(settings, exercise=True)) as played:
            _closing_words(played)
            while not leave and not stopping:
                played.stack.tend()
                time.sleep(0.2)
    except KeyboardInterrupt:
        return 0
    return 0 if played.story else 1


@contextmanager
def play_on(settings: Settings) -> Iterator[Played]:
    """Prepares and starts the stack, plays every act, and keeps it running inside the block."""
    click.echo(INTRODUCTION)
    prepare(settings, click.echo)
    logins = officers(settings)
    with Stack(settings, click.echo) as stack:
        click.echo(f"All doors are open after {stack.wait_until_ready():.1f} s.")
        yield Played(settings, stack, logins, _play_acts(settings, logins, stack.tend))


def _play_acts(settings: Settings, logins: dict[str, str], tick: Callable[[], None]) -> Story | None:
    desk = settings.public_url("review")
    players = [Officer(desk, name, logins[name]) for name in cast.OFFICERS]
    family, news = Public(settings.public_url("ingest")), Door(settings.public_url("alerts"))
    story = Story(Teller(tick), settings, family, *players, news, Inside(settings))
    try:
        for act in ACTS:
            act(story)
    except (StoryBroke, Refusal) as broke:
        click.echo(f"      {click.style('✗', fg='red')} {broke}")
        return None
    return story


def officers(settings: Settings) -> dict[str, str]:
    """Names and passwords of the exercise's officers, added at the first time and kept in the state folder."""
    file = settings.home / "exercise-logins.json"
    if file.exists():
        return dict(json.loads(file.read_text()))
    logins = {name: secrets.token_urlsafe(12) for name in cast.OFFICERS}
    with desk(settings) as tools, tools.room.bus.work() as work:
        for name, (role, regions) in cast.OFFICERS.items():
            add_officer(work, tools, "operator", name, logins[name], [role], regions)
    _keep(file, logins)
    return logins


def _keep(file: Path, logins: dict[str, str]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(logins, out)


def _closing_words(played: Played) -> None:
    settings, story = played.settings, played.story
    if story is None:
        click.echo(f"\nThe story did not hold. Logs: {settings.home / 'logs'}")
        return
    alerts, second = settings.public_url("alerts"), story.seen["second"]
    click.echo(f"\n{click.style(f'Every one of {story.tell.steps} steps held.', bold=True)}\n")
    click.echo(f"  Families     {settings.public_url('ingest')}/")
    click.echo(f"  Police desk  {settings.public_url('review')}/login")
    for name, password in played.logins.items():
        click.echo(f"                 {name}   {password}")
    click.echo(f"  Alerts       {alerts}/?status=exercise")
    click.echo(f"  Live alert   {alerts}/alerts/{second}   (page with map)")
    click.echo(f"  Ended alert  {alerts}/alerts/{story.seen['alert']}   (names nobody)")
    click.echo(f"  Feed         {alerts}/v1/regions/{cast.REGION}/alerts.geojson?status=exercise\n")
