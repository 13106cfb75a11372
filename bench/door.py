"""The families' first page on slow 3G: what goes over the line, and when the page answers a finger.

Chromium's own throttling (the developer tools' preset "Slow 3G": 400 kbit/s each way, 2000 ms for each request), its
cache empty.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.stacks import running, settings_in

CHROMIUM = "/usr/bin/chromium"
PATHS = ("/", "/report", "/report/child", "/sighting")
SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
LIMIT_KB = 100
INTERACTIVE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"


@dataclass(frozen=True)
class Visit:
    """One cold visit: kilobytes (1,000 bytes, heads included), requests, seconds until something is seen and until all
    scripts have run and no more of them wait."""

    path: str
    kilobytes: float
    requests: int
    painted_s: float
    interactive_s: float


def visits(door: str) -> list[Visit]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            return [_visit(browser, door, path) for path in PATHS]
        finally:
            browser.close()


def _visit(browser: Browser, door: str, path: str) -> Visit:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    sizes = _sizes(page)
    page.goto(door + path, wait_until="networkidle", timeout=120_000)
    found = Visit(path, sum(sizes) / 1000, len(sizes), float(page.evaluate(PAINTED)), float(page.evaluate(INTERACTIVE)))
    context.close()
    return found


def _sizes(page: Page) -> list[int]:
    """Slows the line of a page down; the list then grows by the bytes of each answer as they came over it."""
    sizes: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.on("Network.loadingFinished", lambda said: sizes.append(int(said["encodedDataLength"])))
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": False})
    wire.send("Network.emulateNetworkConditions", SLOW_3G)
    return sizes


def report() -> str:
    """One line a page."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        with running(settings):
            found = visits(settings.public_url("ingest"))
    head = f"{'page, cold, on slow 3G':<26}{'kB':>8}{'limit':>8}{'requests':>10}{'seen s':>8}{'ready s':>9}"
    lines = [
        f"{one.path:<26}{one.kilobytes:>8.1f}{LIMIT_KB:>8}{one.requests:>10}{one.painted_s:>8.1f}{one.interactive_s:>9.1f}"
        for one in found
    ]
    return "\n".join([head, *lines])
