"""An alert's life on the desk in a real browser: composed, returned, mended, approved by another, amended, extended,
cancelled; drawn with the keyboard; accessible at every step (axe-core), on a phone and a desktop, in both languages."""

import threading
from collections.abc import Iterator

import pytest
from desk import PASSWORD, Desk
from pages import DESKTOP, PHONE, Visit, visit
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from services.demo import cast
from services.review.drafts import handlers
from services.review.views.paper import corners_of
from shared import messages as m
from shared.config import Settings
from shared.photos import clean

PUBLISH = {"en": "publish", "zh": "发布"}


@pytest.fixture
def desk(settings: Settings) -> Desk:
    desk = Desk(settings)
    for name in ("Ada", "Bert"):
        desk.hire(name)
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class Played:
    """An officer's visit: it looks at every page."""

    def __init__(self, seen: Visit, address: str, name: str, language: str, code: str) -> None:
        self.seen, self.page, self.address, self.language = seen, seen.page, address, language
        self.page.goto(f"{address}/login?next=/drafts")
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main button[type=submit]").click()
        self.page.locator("input[name='factor.code']").fill(code)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{address}/drafts")

    def look(self, name: str) -> None:
        self.seen.look(f"review-{name}-{self.language}")

    def open(self, path: str, name: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status == 200, path
        self.look(name)

    def press(self, form: str, leads_to: str) -> str:
        """Presses the button of the form that goes to an address with this end; answers the page's path."""
        self.page.locator(f"form[action$='{form}'] button[type=submit]").last.click()
        self.page.wait_for_url(f"**{leads_to}**")
        return self.page.url.removeprefix(self.address).split("?")[0]

    def approve(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.page.locator("#word").fill(PUBLISH[self.language])
        self.press("/approve", "done=approved")


def confirmed(desk: Desk, ada: Played, path: str) -> None:
    """The alerts room answers that the version is out."""
    row = ada.page.request.get(f"{ada.address}/api/v1{path}").json()
    number = row["version"]
    at = desk.tools.room.clock()
    desk.handle(handlers.alert_published, m.AlertPublished(row["alert_id"], number, f"x.{number}", "Alert", at))


@pytest.mark.parametrize(("width", "language"), [(DESKTOP, "en"), (PHONE, "zh")])
def test_an_alerts_whole_life_between_two_officers(
    desk: Desk, address: str, browser: Browser, width: int, language: str
) -> None:
    registrar = desk.officer("Cleo")
    case_id = desk.registered(registrar, pictures=(clean(cast.portrait("person_a_1").read_bytes()).data,))
    with (
        visit(browser, width, language=language) as first,
        visit(browser, width, language=language) as second,
    ):
        ada, bert = (
            Played(first, address, "Ada", language, desk.code("Ada")),
            Played(second, address, "Bert", language, desk.code("Bert")),
        )
        ada.page.goto(f"{address}/cases/{case_id}")
        path = ada.press(f"/cases/{case_id}/drafts", "/drafts/")
        draws_with_the_keyboard(ada)
        cuts_with_the_keyboard(ada)
        ada.look("alert-compose")
        ada.page.locator("button[name=then][value=submit]").click()
        ada.page.wait_for_url("**done=submitted**")
        for kind in ("page", "phone", "cap"):
            bert.open(f"{path}/preview?as={kind}", f"alert-preview-{kind}")
        bert.open(path, "alert-approve")
        bert.page.locator("details:has(#return_reason) summary").click()
        bert.page.locator("#return_reason").fill("Which coat?")
        bert.press("/return", "done=returned")
        ada.open(path, "alert-returned")
        ada.page.locator("[id='en.description']").fill("She wears a red coat with a hood.")
        ada.page.locator("button[name=then][value=submit]").click()
        ada.page.wait_for_url("**done=submitted**")
        bert.open(path, "alert-mended")
        assert "hood." in " ".join(bert.page.locator(".differences ins").all_text_contents())
        bert.page.locator("#word").fill("exercise")
        bert.page.locator("form[action$='/approve'] button").click()
        bert.page.locator(".notice.danger").wait_for()
        bert.seen.faults.clear()
        bert.approve(path)
        confirmed(desk, ada, path)
        ada.open(path, "alert-live")

        ada.open(f"{path}/amend", "alert-ask-amend")
        amended = ada.press("/amend", "done=amending")
        ada.page.locator("input[name=area][value=rings]").check()
        ada.page.locator("#rings").fill("0 h: 25 km\n9 h: 60 km")
        ada.page.locator("button[name=then][value=submit]").click()
        ada.page.wait_for_url("**done=submitted**")
        bert.open(amended, "alert-approve-amended")
        assert bert.page.locator(".map-coming").count() == 1 and bert.page.locator(".rings tbody tr").count() == 2
        bert.approve(amended)
        confirmed(desk, ada, amended)

        ada.open(f"{amended}/extend", "alert-ask-extend")
        longer = ada.press("/extend", "done=submitted")
        bert.approve(longer)
        confirmed(desk, ada, longer)

        ada.open(f"{longer}/cancel", "alert-ask-cancel")
        ada.press("/cancel", "done=cancelled")
        ada.look("alert-cancelled")
        ada.open("/drafts?state=all", "alert-list")
        ada.open("/insight", "insight")


def draws_with_the_keyboard(ada: Played) -> None:
    """Three corners about the place last seen, by arrow keys and Enter, and the server's word on what they touch."""
    page = ada.page
    page.locator("input[name=area][value=polygon]").check()
    page.locator(".area-map").focus()
    for keys in (["ArrowLeft", "ArrowUp"], ["ArrowRight"] * 4, ["ArrowDown"] * 4):
        for key in keys:
            for _ in range(3):
                page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    written = page.locator("#polygon").input_value()
    assert len(corners_of({"polygon": written})) == 3  # type: ignore[arg-type]
    with page.expect_response("**/area") as answer:
        page.locator("select[name=view_km]").select_option("100")
    assert answer.value.status == 200
    assert page.locator(".map-corner").count() == 3
    typed = page.locator("[data-counts='en.headline']").text_content()
    page.locator("[id='en.headline']").press_sequentially("!")
    assert page.locator("[data-counts='en.headline']").text_content() != typed


def cuts_with_the_keyboard(ada: Played) -> None:
    page = ada.page
    page.locator(".crop-box").focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert [page.locator(f"[name='crop.{side}']").input_value() for side in ("left", "width")] == ["1", "90"]


def test_it_is_composed_without_a_script(desk: Desk, address: str, browser: Browser) -> None:
    case_id = desk.registered(desk.officer("Cleo"))
    with visit(browser, DESKTOP, script=False) as seen:
        ada = Played(seen, address, "Ada", "en", desk.code("Ada"))
        seen.page.goto(f"{address}/cases/{case_id}")
        path = ada.press(f"/cases/{case_id}/drafts", "/drafts/")
        seen.page.locator("input[name=area][value=polygon]").check()
        seen.page.locator("#polygon").fill("48.7, 2.2\n48.7, 2.5\n49.4, 2.5")
        seen.page.locator("button[name=then][value=show]").click()
        seen.page.wait_for_url("**done=saved**")
        seen.page.locator("input[name=add_region]").first.check()
        seen.page.locator("#contact").press("Enter")
        seen.page.wait_for_load_state()
        row = desk.officer("Dora").read(path[1:])
        assert (row["state"], len(row["fields"]["polygon"]), len(row["fields"]["regions"])) == ("draft", 3, 2)
