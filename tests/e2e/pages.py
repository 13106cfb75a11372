"""A browser page that notes what went wrong on it, and takes its picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

SHOTS = Path(__file__).parents[2] / ".cache" / "screenshots"
PHONE, DESKTOP = 390, 1280
EACH_LOOK = pytest.mark.parametrize(
    ("width", "language", "dark"),
    [(DESKTOP, "en", False), (PHONE, "zh", False), (DESKTOP, "zh", True), (PHONE, "en", True)],
)
"""Both screens, both languages, both schemes."""
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Visit:
    """One visit: `page` is Playwright's, `faults` what the browser complained of; with `script` axe-core looks too."""

    def __init__(self, page: Page, script: bool = True) -> None:
        self.page, self.script = page, script
        self.faults: list[str] = []
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def look(self, name: str) -> None:
        """Takes a picture; nothing is wider than the screen, nothing was complained of, no barrier stands there."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        width = self.page.evaluate("innerWidth")
        self.page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name} is {over} pixels wider than a screen of {width}"
        assert self.faults == [], f"{name}: {self.faults}"
        assert self.page.locator("h1").count() == 1, f"{name} has not exactly one h1"
        assert not self.script or self.barriers() == [], f"{name} at {width}: {self.barriers()}"

    def barriers(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA."""
        found = Axe().run(self.page, options=AXE).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@contextmanager
def visit(
    browser: Browser, width: int, *, language: str = "en", script: bool = True, dark: bool = False
) -> Iterator[Visit]:
    """A fresh visitor with a screen of `width` pixels."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale={"en": "en-GB", "zh": "zh-CN"}[language],
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
    )
    try:
        yield Visit(context.new_page(), script)
    finally:
        context.close()
