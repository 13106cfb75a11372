"""Officers of the exercise at the desk in a real browser, and candidates for them to decide."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pages import Visit, visit
from playwright.sync_api import Browser, Page

from services.demo import cast
from services.demo.doors import Public
from services.demo.play import Played

LIND, BERG, EK = cast.OFFICERS
PATIENCE_S = 60.0


@contextmanager
def at_the_desk(browser: Browser, exercise: Played, name: str, width: int = 1280, **options: object) -> Iterator[Visit]:
    """A visit of the officer, logged in."""
    with visit(browser, width, **options) as seen:  # type: ignore[arg-type]
        seen.page.goto(exercise.settings.public_url("review") + "/login")
        seen.page.locator("input[name=name]").fill(name)
        seen.page.locator("input[name=password]").fill(exercise.logins[name])
        seen.page.locator("main button[type=submit]").click()
        seen.page.wait_for_url("**/cases*")
        yield seen


def a_candidate(exercise: Played, portrait: str = "person_b_2") -> str:
    """Somebody sends a sighting that resembles the exercise's second child; the address of its candidate."""
    assert exercise.story is not None
    desk = exercise.story.lind

    def known() -> set[str]:
        return {row["id"] for row in desk.get("/api/v1/candidates")["candidates"]}

    before, deadline = known(), time.monotonic() + PATIENCE_S
    public = Public(exercise.settings.public_url("ingest"))
    public.submit("sighting", cast.sighting("At the harbour."), [cast.portrait(portrait)])
    while not (new := known() - before):
        assert time.monotonic() < deadline, "no candidate came"
        exercise.stack.tend()
        time.sleep(0.2)
    return f"{exercise.settings.public_url('review')}/candidates/{new.pop()}"


def judge(page: Page, outcome: str) -> None:
    """First the faces alone."""
    page.locator(f"form.decide input[value={outcome}]").check()
    page.get_by_role("button", name="Record what I see").click()
    page.wait_for_url("**done=judged*")


def decide(page: Page, outcome: str, note: str = "", button: str = "Record my decision") -> None:
    page.locator(f"form.decide input[name=outcome][value={outcome}]").check()
    page.locator("#note").fill(note)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()
