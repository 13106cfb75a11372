"""The comparison page in a real browser: by keyboard, by two officers, by two at once, and where two differ."""

from officers import BERG, EK, LIND, a_candidate, at_the_desk, decide, judge
from pages import EACH_LOOK
from playwright.sync_api import Browser, Page, expect
from test_doors import SMALL

from services.demo.cast import portrait
from services.demo.play import Played


def zoom(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.getElementById('viewer')).getPropertyValue('--zoom')"))


def test_the_comparison_page_by_keyboard_alone(browser: Browser, exercise: Played) -> None:
    address = a_candidate(exercise)
    with at_the_desk(browser, exercise, LIND) as seen:
        page = seen.page
        page.goto(address)
        viewer, press = page.locator("#viewer"), page.keyboard.press
        for picture in page.locator(".lens img").all():
            assert picture.evaluate("one => one.complete && [one.naturalWidth, one.naturalHeight].join()") == "720,900"
        press("+")
        assert zoom(page) == "1.25"
        viewer.focus()
        press("ArrowRight")
        moves = page.locator(".lens img").evaluate_all("all => all.map(one => getComputedStyle(one).transform)")
        assert moves[0] == moves[1] != "none"  # in step
        for key, mode in (("o", "blend"), ("o", "side"), ("b", "blink")):
            press(key)
            expect(viewer).to_have_attribute("data-mode", mode)
        expect(viewer).not_to_have_attribute("data-front", "")
        press("b")
        press("Space")
        expect(viewer).to_have_attribute("data-front", "")
        for key, mark in (("f", "data-flip"), ("g", "data-grey"), ("l", "data-guides"), ("w", "data-original")):
            press(key)
            expect(viewer).to_have_attribute(mark, "")
        press("?")
        expect(page.locator("details.keys")).to_have_attribute("open", "")
        press("2")
        expect(page.locator("form.decide input[value=rejected]")).to_be_checked()
        assert page.url == address  # a key chooses and sends nothing
        press("Tab")
        press("Enter")
        page.wait_for_url("**done=judged*")
        note = page.locator("#note")
        note.focus()
        page.keyboard.type("bob 123")
        assert note.input_value() == "bob 123"
        expect(page.locator("#viewer")).to_have_attribute("data-mode", "side")
        assert seen.faults == []


def test_the_keys_can_be_switched_off(browser: Browser, exercise: Played) -> None:
    address = a_candidate(exercise)
    with at_the_desk(browser, exercise, LIND) as seen:
        seen.page.goto(address)
        seen.page.keyboard.press("?")
        seen.page.locator("#keys-on").uncheck()
        seen.page.reload()
        seen.page.keyboard.press("+")
        assert zoom(seen.page) == "1"


def test_two_officers_decide_each_alone_and_choose_what_follows(browser: Browser, exercise: Played) -> None:
    address = a_candidate(exercise)
    with at_the_desk(browser, exercise, LIND) as one, at_the_desk(browser, exercise, BERG) as two:
        for seen in (one, two):
            seen.page.goto(address)
            assert seen.page.locator("#word").count() == 0
            seen.page.locator("input[name='feature.ears'][value=similar]").check()
            judge(seen.page, "confirmed")
            assert "resemblance" in seen.page.locator("#word").inner_text()
            assert "Lind" not in seen.page.locator(".aside").inner_text()
            decide(seen.page, "confirmed", f"the ears, {seen is one}")
            one.look("candidate-decided")
        one.page.reload()
        said = one.page.locator(".aside").inner_text()
        assert "the ears, True" in said and "the ears, False" in said and "similar: Ears" in said
        two.page.get_by_label("Neither: nothing is set off").check()
        two.page.get_by_role("button", name="Set this off").click()
        two.page.wait_for_url("**done=followed*")
        assert "Nothing was set off from here." in two.page.locator("#follow").inner_text()


def test_of_three_who_click_at_once_two_count_and_the_third_is_told(browser: Browser, exercise: Played) -> None:
    address = a_candidate(exercise)
    with (
        at_the_desk(browser, exercise, LIND) as one,
        at_the_desk(browser, exercise, BERG) as two,
        at_the_desk(browser, exercise, EK) as three,
    ):
        for seen in (one, two, three):
            seen.page.goto(address)
            judge(seen.page, "rejected")
            seen.page.locator("select[name=reason]").select_option("features")
        for seen in (one, two, three):  # all three pages are open, and show nobody's decision
            seen.page.locator("form.decide").evaluate("form => { setTimeout(() => form.requestSubmit(), 50) }")
        for seen in (one, two, three):
            seen.page.wait_for_function("!location.search.includes('judged')")
        told = [seen.page.locator("main").inner_text() for seen in (one, two, three)]
        assert sum("Your decision is recorded." in text for text in told) == 2
        assert sum("nothing was decided twice" in text for text in told) == 1
        one.page.goto(address)
        assert one.page.locator(".aside .timeline > li").count() == 2


def test_where_two_differ_a_supervisor_judges_first_then_reads_then_settles(browser: Browser, exercise: Played) -> None:
    address = a_candidate(exercise)
    for name, outcome in ((LIND, "confirmed"), (BERG, "inconclusive")):
        with at_the_desk(browser, exercise, name) as seen:
            seen.page.goto(address)
            judge(seen.page, outcome)
            decide(seen.page, outcome, f"{name} looked at the ears")
    with at_the_desk(browser, exercise, EK) as seen:
        desk = exercise.settings.public_url("review")
        seen.page.goto(desk + "/candidates")
        assert "two officers differ" in seen.page.locator("table").inner_text()
        seen.page.goto(desk + "/audit")
        assert "looked at the ears" not in seen.page.content()
        seen.page.goto(address)
        assert "looked at the ears" not in seen.page.content()
        judge(seen.page, "rejected")
        assert f"{LIND} looked at the ears" in seen.page.locator(".aside").inner_text()
        seen.look("candidate-settling")
        decide(seen.page, "rejected", button="Settle it so")
        seen.faults.clear()  # the browser notes the refusal's 409
        assert "write why you settle it so" in seen.page.locator("main").inner_text()
        decide(seen.page, "rejected", "another ear lobe", button="Settle it so")
        assert "rejected" in seen.page.locator("[data-live=state]").inner_text()


def test_without_a_script_both_faces_stand_side_by_side_and_all_can_be_done(browser: Browser, exercise: Played) -> None:
    address = a_candidate(exercise)
    with at_the_desk(browser, exercise, LIND, script=False) as seen:
        seen.page.goto(address)
        boxes = [one.bounding_box() for one in seen.page.locator(".lens img").all()]
        assert all(box and box["width"] > 200 for box in boxes)
        assert not seen.page.locator(".tools").is_visible()
        judge(seen.page, "confirmed")
        decide(seen.page, "confirmed", "the ears")
        assert "Your decision is recorded." in seen.page.locator("main").inner_text()


@EACH_LOOK
def test_these_pages_have_no_barriers(
    browser: Browser, exercise: Played, width: int, language: str, dark: bool
) -> None:
    address = a_candidate(exercise)
    desk = exercise.settings.public_url("review")
    with at_the_desk(browser, exercise, LIND, width, language=language, dark=dark) as seen:
        page = seen.page
        for name, path in (("first", address), ("second", address), ("list", f"{desk}/candidates?state=all")):
            page.goto(path)
            if name == "second":
                page.locator("form.decide input[value=rejected]").check()
                page.locator("form.decide button[type=submit]").click()
                page.wait_for_url("**done=judged*")
            seen.look(f"candidate-{name}-{language}{'-dark' if dark else ''}")
            assert page.evaluate(SMALL) == [], name


def test_an_officer_searches_a_photo_of_a_child_in_care(browser: Browser, exercise: Played) -> None:
    with at_the_desk(browser, exercise, LIND) as seen:
        page = seen.page
        page.goto(exercise.settings.public_url("review") + "/candidates")
        page.get_by_role("link", name="Search a photo of a child in care").click()
        seen.look("probe-new")
        page.locator("#photo").set_input_files(portrait("person_b_1"))
        page.locator("#purpose").fill("Exercise: found at the station, does not speak.")
        page.get_by_role("button", name="Search among registered missing children").click()
        expect(page.locator("#reference-error")).to_be_visible()
        seen.faults.clear()  # the browser notes the refusal's 422
        page.locator("#photo").set_input_files(portrait("person_b_1"))
        page.locator("#reference").fill("Exercise 12")
        page.locator("#place").fill("Göteborg C")
        page.get_by_role("button", name="Search among registered missing children").click()
        page.wait_for_url("**/probes/*done=sent")
        link = page.get_by_role("link", name="Compare: candidate 1")
        link.wait_for(timeout=60_000)  # the page renews itself
        seen.look("probe-found")
        link.click()
        assert "Exercise 12" in page.locator(".aside").inner_text()
