"""The three doors in a real browser, on a phone and on a desktop, in English and Chinese."""

import pytest
from pages import DESKTOP, PHONE, Visit, visit
from playwright.sync_api import Browser

from services.demo.play import Played

EVERYWHERE = pytest.mark.parametrize("width", [PHONE, DESKTOP])
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter(one => one.offsetParent && !one.closest(".skip, p:not(.actions)"))
    .map(one => one.closest("label.choice") || one)
    .filter(one => one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"""
"""What of a page is lower than 44 pixels, links within a sentence apart."""
BOTH = pytest.mark.parametrize("language", ["en", "zh"])


def log_in(visit: Visit, exercise: Played) -> None:
    name, password = next(iter(exercise.logins.items()))
    visit.page.goto(exercise.settings.public_url("review") + "/login")
    visit.page.locator("input[name=name]").fill(name)
    visit.page.locator("input[name=password]").fill(password)
    visit.page.locator("main button[type=submit]").click()
    visit.page.wait_for_url("**/cases*")


@EVERYWHERE
@BOTH
@pytest.mark.parametrize("path", ["/", "/report", "/report/child", "/sighting", "/case", "/nothing-here"])
def test_the_families_door(browser: Browser, exercise: Played, path: str, width: int, language: str) -> None:
    with visit(browser, width, language=language) as seen:
        answer = seen.page.goto(exercise.settings.public_url("ingest") + path)
        assert answer is not None
        seen.faults = [fault for fault in seen.faults if answer.status < 400]
        assert seen.page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-Hans"}[language]
        seen.look(f"ingest{path.replace('/', '-')}-{language}")


@EVERYWHERE
@BOTH
def test_the_police_desk(browser: Browser, exercise: Played, width: int, language: str) -> None:
    assert exercise.story is not None
    with visit(browser, width, language=language) as seen:
        log_in(seen, exercise)
        desk = exercise.settings.public_url("review")
        draft = exercise.story.lind.get("/api/v1/drafts", state="live")["drafts"][0]
        candidate = exercise.story.lind.get("/api/v1/candidates", state="pending")["candidates"][0]
        pages = {
            "cases": "/cases",
            "case": f"/cases/{candidate['case_id']}",
            "sightings": "/sightings",
            "candidates": "/candidates",
            "candidate": f"/candidates/{candidate['id']}",
            "drafts": "/drafts",
            "draft": f"/drafts/{draft['id']}",
        }
        for name, path in pages.items():
            answer = seen.page.goto(desk + path)
            assert answer is not None
            assert answer.status == 200, path
            seen.look(f"review-{name}-{language}")


@EVERYWHERE
@BOTH
def test_the_alerts_door(browser: Browser, exercise: Played, width: int, language: str) -> None:
    assert exercise.story is not None
    alerts, seen_ids = exercise.settings.public_url("alerts"), exercise.story.seen
    pages = {"home": "/", "exercises": "/?status=exercise", "live": f"/alerts/{seen_ids['second']}"}
    with visit(browser, width, language=language) as seen:
        for name, path in (pages | {"ended": f"/alerts/{seen_ids['alert']}"}).items():
            seen.page.goto(alerts + path)
            seen.faults = [fault for fault in seen.faults if "410" not in fault]
            seen.look(f"alerts-{name}-{language}")
            assert ("Exempel" in seen.page.content()) == (name in ("exercises", "live"))


def test_an_exercise_cannot_be_mistaken(browser: Browser, exercise: Played) -> None:
    with visit(browser, DESKTOP) as seen:
        for room in ("ingest", "review", "alerts"):
            seen.page.goto(exercise.settings.public_url(room) + "/")
            assert seen.page.locator(".exercise-banner").is_visible()


def test_a_form_is_read_in_the_other_language_without_losing_a_word(browser: Browser, exercise: Played) -> None:
    with visit(browser, PHONE, script=False) as seen:
        seen.page.goto(exercise.settings.public_url("ingest") + "/report/child")
        name = seen.page.locator("[id='child.name']")
        name.fill("Alva")
        name.press("Enter")
        seen.page.wait_for_load_state()
        assert seen.page.locator("html").get_attribute("lang") == "en"
        seen.page.get_by_role("button", name="中文").click()
        seen.page.wait_for_url("**/report/child?lang=zh")
        assert seen.page.locator("html").get_attribute("lang") == "zh-Hans"
        assert name.input_value() == "Alva"


@EVERYWHERE
def test_what_is_pressed_is_large_enough_for_a_shaking_hand(browser: Browser, exercise: Played, width: int) -> None:
    with visit(browser, width) as seen:
        for path in ("/", "/report", "/report/child", "/sighting", "/case"):
            seen.page.goto(exercise.settings.public_url("ingest") + path)
            small = seen.page.evaluate(SMALL)
            assert small == [], path
