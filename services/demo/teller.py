"""Tells the story: each step with its time, what held, and what to look at."""

import time
from collections.abc import Callable
from typing import TypeVar

import click

Found = TypeVar("Found")


class StoryBroke(Exception):
    """A step of the story did not hold."""


class Teller:
    """Prints. `tick` is called while the story waits, so that the stack is tended."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self.begun = time.monotonic()
        self.steps = 0
        self.tick = tick

    def step(self, text: str) -> None:
        """Begins a step."""
        self.steps += 1
        seconds = time.monotonic() - self.begun
        click.echo(f"\n{click.style(f'{self.steps:>2}.', bold=True)} [{seconds:5.1f} s] {click.style(text, bold=True)}")

    def held(self, condition: object, text: str) -> None:
        """Prints what held. Raises StoryBroke if it did not."""
        if not condition:
            raise StoryBroke(text)
        click.echo(f"      {click.style('✓', fg='green')} {text}")

    def note(self, text: str) -> None:
        click.echo(f"        {text}")

    def until(self, found: Callable[[], Found | None], text: str, seconds: float = 30.0) -> Found:
        """What `found` answers once it is something, and prints that it held. Raises StoryBroke after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = found()
            if answer:
                self.held(True, text)
                return answer
            self.tick()
            time.sleep(0.05)
        raise StoryBroke(f"{text}: not within {seconds:.0f} s")
