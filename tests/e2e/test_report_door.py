"""The whole report in a real browser: in both languages, with script and without, over a line that breaks."""

import io
from pathlib import Path

import pytest
from familydoor import group, portrait
from pages import DESKTOP, PHONE, Visit, visit
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from services.demo.play import Played


def files(folder: Path) -> list[Path]:
    """A group in a file of many pieces, and a portrait as an iPhone saves it."""
    large, heic = folder / "group.png", folder / "child.heic"
    Image.open(io.BytesIO(group())).save(large, "PNG")
    Image.open(io.BytesIO(portrait())).save(heic, "HEIF")
    return [large, heic]


def child(page: Page) -> None:
    page.locator("[id='child.name']").fill("Alva Exempel")
    page.locator("[id='child.born']").fill("2015-04-01")
    page.locator("[name='child.sex'][value=female]").check()


def last_seen(page: Page) -> None:
    page.locator("[name='last_seen.at.day']").fill("2026-10-01")
    page.locator("[name='last_seen.at.time']").fill("10:00")
    page.locator("[id='last_seen.place']").fill("Järntorget")
    page.locator("#find").fill("哥德堡")
    page.locator("button[value=place]").click()
    page.locator(".picks button").first.click()
    page.locator("[id='last_seen.point'][value^='57.7']").wait_for()
    page.locator(".tap").click(position={"x": 100, "y": 100})
    page.locator("[id='last_seen.point']:not([value^='57.7072'])").wait_for()


def you(page: Page) -> None:
    page.locator("[id='reporter.name']").fill("Kim")
    page.locator("[id='reporter.relation']").fill("mother")
    page.locator("[id='reporter.phone']").fill("+46 31 000 00 00")


def go_on(page: Page, to: str) -> None:
    page.locator("button[value=continue]").click()
    page.wait_for_url(f"**/report/{to}")


def look(seen: Visit, name: str, *, script: bool) -> None:
    """Takes the picture; not of the pages without script, which look alike."""
    if not script:
        return
    seen.faults = [fault for fault in seen.faults if "ERR_CONNECTION_RESET" not in fault]
    seen.look(f"report-{name}")


def breaks(page: Page) -> list[str]:
    """Cuts the line at the second piece of a photo and at the fourth; what was cut."""
    cut: list[str] = []
    seen: list[str] = []

    def handle(route: Route) -> None:
        seen.append(route.request.method)
        if route.request.method == "PATCH" and seen.count("PATCH") in (2, 4):
            cut.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*", handle)
    return cut


@pytest.mark.parametrize(
    ("language", "script", "width"), [("en", True, PHONE), ("zh", False, PHONE), ("zh", True, DESKTOP)]
)
def test_a_family_reports(
    browser: Browser, exercise: Played, tmp_path: Path, language: str, script: bool, width: int
) -> None:
    door = exercise.settings.public_url("ingest")
    with visit(browser, width, language=language, script=script, dark=width == DESKTOP) as seen:
        page = seen.page
        page.goto(f"{door}/report")
        look(seen, f"start-{language}", script=script)
        page.locator("a[href='/report/child']").click()
        child(page)
        look(seen, f"child-{language}", script=script)
        go_on(page, "code")
        code = page.locator(".code").inner_text()
        look(seen, f"code-{language}", script=script)
        page.locator("a[href='/report/last-seen']").click()
        last_seen(page)
        look(seen, f"last-seen-{language}", script=script)
        go_on(page, "photos")
        cut = breaks(page)
        page.locator("#photos").set_input_files(files(tmp_path))
        if not script:
            page.locator("button[value=photos]").click()
        page.locator(".kept-photo").nth(1).wait_for()
        assert len(cut) == (2 if script else 0)
        assert page.locator(".kept-photo").count() == 2
        page.locator(".face input").first.focus()
        page.keyboard.press("Space")
        look(seen, f"photos-{language}", script=script)
        go_on(page, "you")
        you(page)
        look(seen, f"you-{language}", script=script)
        go_on(page, "review")
        assert page.locator(".errors").count() == 0
        assert "Alva Exempel" in page.locator("main").inner_text() and page.locator(".thumbs .badge.good").count() == 2
        look(seen, f"review-{language}", script=script)
        page.locator("#consent").check()
        page.locator("button[value=send]").click()
        page.wait_for_url("**/report/sent")
        assert page.locator(".code").inner_text() == code
        look(seen, f"sent-{language}", script=script)
        assert code not in " ".join(page.evaluate("performance.getEntries().map(one => one.name)") if script else [])


def test_a_report_is_gone_on_with_on_another_telephone(browser: Browser, exercise: Played) -> None:
    door = exercise.settings.public_url("ingest")
    with visit(browser, PHONE) as first:
        first.page.goto(f"{door}/report/child")
        child(first.page)
        go_on(first.page, "code")
        code = first.page.locator(".code").inner_text()
    with visit(browser, PHONE) as second:
        second.page.goto(f"{door}/case")
        second.page.locator("#code").fill(code.lower().replace("-", " "))
        second.page.locator("main button[type=submit]").click()
        second.page.wait_for_url("**/report/code")
        second.page.goto(f"{door}/report/child")
        assert second.page.locator("[id='child.name']").input_value() == "Alva Exempel"


def test_a_witness_taps_the_map_and_a_face_over_a_line_that_breaks(
    browser: Browser, exercise: Played, tmp_path: Path
) -> None:
    with visit(browser, PHONE) as seen:
        page = seen.page
        page.goto(exercise.settings.public_url("ingest") + "/sighting")
        page.locator("[name=in_danger][value=no]").check()
        page.locator("[name='seen_at.day']").fill("2026-10-01")
        page.locator("[name='seen_at.time']").fill("10:00")
        page.locator("#place").fill("Järntorget")
        cut = breaks(page)
        page.locator("#photos").set_input_files(files(tmp_path)[0])
        page.locator(".face input").first.check()
        page.locator("#find").fill("Gothenburg")
        page.locator("button[value=place]").click()
        page.locator(".picks button").first.click()
        page.locator("#point[value^='57.7']").wait_for()
        assert len(cut) == 2 and page.locator(".face :checked").count() == 1
        look(seen, "sighting-filled-in", script=True)
        page.locator("button[value=send]").click()
        page.locator(".code").wait_for()
        look(seen, "sighting-sent", script=True)


def test_on_a_slow_line_a_large_picture_goes_smaller_and_ones_own_position_is_taken(
    browser: Browser, exercise: Played, tmp_path: Path
) -> None:
    with visit(browser, PHONE) as seen:
        page = seen.page
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": 57.7072, "longitude": 11.9668})
        page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {effectiveType: '3g'}})")
        page.goto(f"{exercise.settings.public_url('ingest')}/report/child")
        child(page)
        go_on(page, "code")
        page.locator("a[href='/report/last-seen']").click()
        page.get_by_role("button", name="Use my position").click()
        page.locator("[id='last_seen.point'][value^='57.7072']").wait_for()
        last_seen(page)
        go_on(page, "photos")
        large = tmp_path / "large.jpg"
        with Image.open(io.BytesIO(portrait())) as picture:
            picture.resize((3000, round(picture.height * 3000 / picture.width))).save(large, quality=95)
        sent: list[int] = []
        page.on("request", lambda one: sent.append(int(one.headers.get("upload-length", 0))))
        page.locator("#photos").set_input_files(large)
        page.locator(".kept-photo").wait_for()
        assert 0 < max(sent) < large.stat().st_size / 2
