"""The status page's life in a real browser over the real bus: a question and its answer, a photo that comes later, the
wish to withdraw, its end; in Chinese on a phone without JavaScript, in English at the desk."""

import time
from collections.abc import Callable

import pytest
from pages import DESKTOP, PHONE, Visit, visit
from playwright.sync_api import Browser
from test_doors import log_in

from services.demo import cast
from services.demo.play import Played

WAIT_S = 30


def until(exercise: Played, seen: Visit, again: Callable[[], object], text: str) -> None:
    """Opens a page again until it says `text`."""
    end = time.monotonic() + WAIT_S
    while text not in seen.page.content():
        assert time.monotonic() < end, f"the page never said {text!r}"
        exercise.stack.tend()
        time.sleep(0.2)
        again()


@pytest.fixture
def code(exercise: Played) -> str:
    assert exercise.story
    body = cast.report("Nils Exempel", "2014-03-02", "2026-09-14T16:30:00+02:00", "2026-06-01")
    return exercise.story.family.submit("report", body | {"language": "zh"}, [cast.portrait("person_b_1")])


def test_the_life_of_a_status_page(browser: Browser, exercise: Played, code: str) -> None:
    door, desk = exercise.settings.public_url("ingest"), exercise.settings.public_url("review")
    with visit(browser, PHONE, language="zh", script=False) as family, visit(browser, DESKTOP) as officer:
        page, work = family.page, officer.page

        def status() -> None:
            page.goto(f"{door}/case")
            page.locator("#code").fill(code)
            page.locator("main button[type=submit]").click()

        def at_desk() -> None:
            work.goto(f"{desk}/cases")

        log_in(officer, exercise)
        until(exercise, officer, at_desk, "Nils Exempel")
        work.get_by_role("link", name="Nils Exempel").click()
        case = work.url
        work.get_by_label("Write to the family").fill("他背的是哪个书包？")
        work.get_by_label("I ask for an answer").check()
        work.get_by_role("button", name="Send to the family").click()
        until(exercise, family, status, "他背的是哪个书包？")
        page.get_by_label("您的回答").fill("蓝色的")
        page.get_by_role("button", name="发送回答").click()
        assert "您的回答已收到" in page.content()
        page.get_by_role("button", name="补充照片或情况").click()
        page.locator("#photos").set_input_files(cast.portrait("impostor_1"))
        page.get_by_role("button", name="提交给警方").click()
        assert "附 1 张照片" in page.content()
        family.look("family-status-zh")
        until(exercise, officer, lambda: work.goto(case), "With 1 photo, among the photos above.")
        officer.look("desk-letters-en")
        work.get_by_role("button", name="Seen: take 1 photo into the case").click()
        assert "waits until somebody has looked at it" not in work.content()
        page.get_by_role("button", name="撤回报告").click()
        family.look("family-withdraw-zh")
        page.get_by_role("button", name="请警官撤回报告").click()
        until(exercise, officer, lambda: work.goto(case), "The family asks to withdraw the report")
        officer.look("desk-withdrawal-en")
        work.get_by_role("button", name="Withdraw the case").first.click()
        until(exercise, family, status, "此案已结案")


def test_somebody_asks_that_an_alert_be_taken_away_and_reads_the_answer(browser: Browser, exercise: Played) -> None:
    door, desk = exercise.settings.public_url("ingest"), exercise.settings.public_url("review")
    assert exercise.story
    alert = exercise.story.lind.get("/api/v1/drafts", state="live")["drafts"][0]["alert_id"]
    with visit(browser, PHONE) as asker, visit(browser, DESKTOP) as officer:
        page, work = asker.page, officer.page
        page.goto(f"{exercise.settings.public_url('alerts')}/alerts/{alert}")
        page.get_by_role("link", name="Ask for a change, or that it is taken down").click()
        page.get_by_text("My child", exact=True).click()
        page.get_by_label("What should be taken away, and why?").fill("The second photo: her sister is in it.")
        asker.look("removal-asked-en")
        page.get_by_role("button", name="Send the request").click()
        code = page.locator(".code").inner_text()
        asker.look("removal-sent-en")
        log_in(officer, exercise)
        until(exercise, officer, lambda: work.goto(f"{desk}/cases"), "request for removal waits")
        work.get_by_role("link", name="Read and answer").click()
        assert "her sister is in it" in work.content()
        work.get_by_text("A part of it was taken away").click()
        work.get_by_label("Answer to who asked").fill("The second photo is cut. Exercise.")
        officer.look("desk-removal-en")
        work.get_by_role("button", name="Send the answer").click()
        assert "Your answer is on its way" in work.content()

        def status() -> None:
            page.goto(f"{door}/case")
            page.locator("#code").fill(code)
            page.locator("main button[type=submit]").click()

        until(exercise, asker, status, "The second photo is cut.")
        asker.look("removal-answered-en")


def test_the_pages_of_a_family_are_accessible(browser: Browser, exercise: Played, code: str) -> None:
    door = exercise.settings.public_url("ingest")
    with visit(browser, PHONE) as family:
        page = family.page
        for path in ("/removal", "/confirm?code=123456789012"):
            page.goto(door + path)
            family.look(f"ingest{path.partition('?')[0].replace('/', '-')}-en")
        for button in (None, "Add photos or facts", "Correct something", "Withdraw the report"):
            page.goto(f"{door}/case")
            page.locator("#code").fill(code)
            page.locator("main button[type=submit]").click()
            if button:
                page.get_by_role("button", name=button).click()
            family.look(f"ingest-later-{(button or 'standing').partition(' ')[0].lower()}-en")
