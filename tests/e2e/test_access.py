"""The doors for those who see little, read from right to left, or hold the smallest telephone."""

from collections.abc import Iterator

from pages import DESKTOP, PHONE, SHOTS, visit
from playwright.sync_api import Browser, Page
from test_doors import log_in
from test_report_door import child, go_on

from services.demo.play import Played

SMALLEST, ZOOMED = 320, 640
"""Pixels of width: of the smallest telephone, and of a desktop window at 200 %."""
WIDER = "document.documentElement.scrollWidth - innerWidth"
UNSEEN = """() => { const one = document.activeElement;
    const shown = [one, one.closest(".choice")].some(each => each && getComputedStyle(each).outlineStyle !== "none"
        && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
    return shown || one === document.body ? null : one.outerHTML.slice(0, 200); }"""
"""What has the focus without an outline that shows it, on itself or on the choice that it is part of."""


def families_pages(page: Page, door: str) -> Iterator[str]:
    """Opens one page of the door after the other, a report's steps too; their names."""
    for path in ("/", "/report", "/sighting", "/case", "/removal", "/confirm", "/report/resume", "/report/child"):
        page.goto(door + path)
        yield path
    child(page)
    go_on(page, "code")
    for path in ("code", "last-seen", "photos", "you", "review"):
        page.goto(f"{door}/report/{path}")
        yield f"/report/{path}"


def walk(page: Page, steps: int) -> list[str]:
    """Goes through a page by the Tab key; the elements on which nobody would see the focus."""
    unseen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        unseen.append(page.evaluate(UNSEEN))
    return [one for one in unseen if one]


def fits(page: Page, name: str, width: int = 0) -> None:
    """Nothing is wider than the screen, of `width` pixels if one is given."""
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate(WIDER) <= 0, f"{name} is wider than a screen of {page.evaluate('innerWidth')}"


def turned(page: Page, name: str) -> None:
    """The page from right to left."""
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.screenshot(path=SHOTS / f"rtl-{name}-{page.evaluate('innerWidth')}.png", full_page=True)
    fits(page, f"{name} from right to left")


def test_the_families_door_small_large_with_forced_colours_and_from_right_to_left(
    browser: Browser, exercise: Played
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": SMALLEST, "height": 900}, forced_colors="active", locale="en-GB")
    page = context.new_page()
    for path in families_pages(page, exercise.settings.public_url("ingest")):
        fits(page, path, ZOOMED)
        fits(page, path, SMALLEST)
        page.screenshot(path=SHOTS / f"forced{path.replace('/', '-')}-{SMALLEST}.png")
        assert walk(page, 12) == [], path
        page.evaluate("document.documentElement.dir = 'rtl'")
        fits(page, f"{path} from right to left", PHONE)
    context.close()


def test_newsrooms_and_the_desk_read_from_right_to_left(browser: Browser, exercise: Played) -> None:
    assert exercise.story is not None
    settings, ids = exercise.settings, exercise.story.seen
    one = exercise.story.lind.get("/api/v1/candidates", state="pending")["candidates"][0]
    desk = ("/cases", f"/cases/{one['case_id']}", "/sightings", f"/candidates/{one['id']}", "/drafts")
    with visit(browser, DESKTOP) as seen:
        for path in ("/", f"/alerts/{ids['second']}", f"/alerts/{ids['alert']}"):
            seen.page.goto(settings.public_url("alerts") + path)
            turned(seen.page, f"alerts-{path.count('/')}")
        log_in(seen, exercise)
        for path in desk:
            answer = seen.page.goto(settings.public_url("review") + path)
            assert answer and answer.status == 200, path
            turned(seen.page, f"review-{path.split('/')[1]}-{path.count('/')}")
