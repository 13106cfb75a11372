"""People at the desk in a real browser: from an invitation to a first decision, a supervisor's hour, a tampered row."""

from collections.abc import Iterator
from dataclasses import replace

import oidc_provider_mock
import pytest
from desk import PASSWORD
from desk_door import ServedDesk, passkey_device, served
from officers import judge
from pages import DESKTOP, EACH_LOOK, Visit, visit
from playwright.sync_api import Browser, expect

from bench.stacks import free_ports
from shared.config import Settings


@pytest.fixture
def desk(settings: Settings) -> Iterator[ServedDesk]:
    with served(settings, free_ports(1)[0]) as desk:
        yield desk


def test_from_an_invitation_by_passkey_to_the_first_decision(browser: Browser, desk: ServedDesk) -> None:
    supervisor = desk.officer("Eve", "supervisor")
    candidate = desk.candidate(desk.registered(supervisor))
    desk.hire("Root", "administrator", regions=())
    with visit(browser, DESKTOP) as admin:
        desk.log_in(admin.page, "Root", PASSWORD, desk.code("Root"))
        admin.page.get_by_label("Name").fill("Ada Moreau")
        admin.page.locator("input[name=roles][value=reviewer]").check()
        admin.page.get_by_label("Regions").fill("FR")
        admin.page.get_by_role("button", name="Make the invitation").click()
        link = admin.page.locator("#link").inner_text()
        admin.look("review-invited")
    with visit(browser, DESKTOP) as ada:
        passkey_device(ada.page)
        _come_in(ada, link)
        expect(ada.page.get_by_text("none yet: somebody has to confirm them")).to_be_visible()
        with visit(browser, DESKTOP) as eve:
            desk.enter(eve.page.context, supervisor)
            eve.page.goto(f"{desk.url}/grants")
            eve.look("review-grants")
            eve.page.get_by_role("button", name="Confirm the rights of Ada Moreau").click()
            expect(eve.page.get_by_text("They hold from now on")).to_be_visible()
        _decide_after_a_while(ada, desk, candidate)


def _come_in(ada: Visit, link: str) -> None:
    """The link, a password, a passkey, the recovery codes; then the account."""
    ada.page.goto(link)
    expect(ada.page).to_have_url(link.partition("#")[0])  # the code is in the field, and in no history
    ada.page.get_by_role("button", name="Go on").click()
    ada.look("review-invitation-accept")
    ada.page.get_by_label("Choose a password").fill(PASSWORD)
    ada.page.get_by_role("button", name="Go on").click()
    ada.look("review-setup")
    ada.page.get_by_role("button", name="Make a passkey").click()
    expect(ada.page.locator(".codes li")).to_have_count(10)
    ada.look("review-recovery")
    ada.page.get_by_role("link", name="I have kept them").click()
    ada.page.wait_for_load_state()
    ada.faults.clear()  # without a role yet, the first page is none of hers
    ada.page.goto(link.partition("/invitation")[0] + "/account")


def _decide_after_a_while(ada: Visit, desk: ServedDesk, candidate: str) -> None:
    """Eleven minutes later the decision asks for the passkey again, and the note is still there."""
    ada.page.goto(f"{desk.url}/candidates/{candidate}")
    judge(ada.page, "rejected")
    desk.stale("Ada Moreau")
    note = "The left ear differs.\nSo does the scar."
    ada.page.locator("textarea[name=note]").fill(note)
    ada.page.locator("form[action$=decisions] button[type=submit]").last.click()
    expect(ada.page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    ada.faults.clear()  # the answer was 403, as it should be
    ada.look("review-stepup")
    ada.page.get_by_role("button", name="Use your passkey").click()
    expect(ada.page.get_by_text("Another officer is still to decide.")).to_be_visible()
    expect(ada.page.get_by_text("So does the scar.").first).to_be_visible()


def test_an_agencys_log_in_leads_there_and_back(browser: Browser, settings: Settings) -> None:
    with oidc_provider_mock.run_server_in_thread() as provider:
        issuer = f"http://localhost:{provider.server_port}"
        ours = replace(
            settings, oidc_issuer=issuer, oidc_client_id="desk", oidc_client_secret="s", oidc_name="Police SSO"
        )
        with served(ours, free_ports(1)[0]) as desk, visit(browser, DESKTOP) as ida:
            admin = desk.officer("Root", "administrator", regions=())
            page = admin.send("/people", name="Ida", roles="intake_officer", regions="FR").get_data(as_text=True)
            ida.page.goto(page[page.index(f"{desk.url}/invitation#") :].partition("<")[0])
            ida.page.get_by_role("button", name="Go on").click()
            ida.page.get_by_role("button", name="Go on with Police SSO").click()
            ida.page.wait_for_url(f"{issuer}/**")
            ida.page.locator("input[name=sub]").fill("ida")
            ida.page.locator("button[type=submit]").first.click()
            expect(ida.page.get_by_role("heading", name="How will you show that it is you?")).to_be_visible()


def test_a_supervisors_hour(browser: Browser, desk: ServedDesk) -> None:
    supervisor, away = desk.officer("Eve", "supervisor"), desk.officer("Bert", regions=("DE",))
    case = f"{desk.url}/cases/{desk.report()}"
    with visit(browser, DESKTOP) as bert, visit(browser, DESKTOP) as eve:
        desk.enter(bert.page.context, away)
        desk.enter(eve.page.context, supervisor)
        answer = bert.page.goto(case)
        assert answer and answer.status == 403
        eve.page.goto(case)
        eve.page.get_by_role("link", name="who may see it").click()
        eve.page.get_by_label("Officer from elsewhere").fill("Bert")
        eve.page.get_by_label("Why").first.fill("He questioned the family in Berlin.")
        eve.page.get_by_role("button", name="Open the case for one hour").click()
        expect(eve.page.get_by_text("can see the case for one hour")).to_be_visible()
        bert.page.goto(case)
        expect(bert.page.get_by_role("heading", name="Lina Muster")).to_be_visible()
        eve.page.get_by_role("button", name="End now").click()
        expect(eve.page.get_by_text("The hour has ended.")).to_be_visible()
        answer = bert.page.goto(case)
        assert answer and answer.status == 403


def test_the_auditor_finds_the_tampered_row(browser: Browser, desk: ServedDesk) -> None:
    officer = desk.officer("Ada")
    desk.registered(officer)
    auditor = desk.officer("Noor", "auditor", regions=())
    desk.tamper("UPDATE audit SET actor = 'nobody' WHERE act = 'case.register'")
    with visit(browser, DESKTOP) as noor:
        desk.enter(noor.page.context, auditor)
        noor.page.goto(f"{desk.url}/audit")
        noor.page.get_by_role("button", name="Check the whole record").click()
        expect(noor.page.get_by_text("The record has been tampered with")).to_be_visible()
        noor.look("review-audit-tampered")
        noor.page.locator(".notice a").first.click()
        row = noor.page.locator("tr:target")
        expect(row).to_contain_text("Registered")
        expect(row).to_contain_text("nobody")


@EACH_LOOK
def test_every_page_of_people_and_record(
    browser: Browser, desk: ServedDesk, width: int, language: str, dark: bool
) -> None:
    supervisor, admin = desk.officer("Eve", "supervisor"), desk.officer("Root", "administrator", regions=())
    case, bert = desk.report(), desk.hire("Bert", regions=("DE",))
    supervisor.send(f"/cases/{case}/hours", colleague="Bert", hour_reason="He questioned the family in Berlin.")
    admin.send(f"/people/{bert}/rights", roles="reviewer", regions="DE FR-IDF")
    admin.send("/people", name="Ida Lind", roles="supervisor", regions="FR")
    pages = {
        "account": (supervisor, "/account"), "password": (supervisor, "/account/password"),
        "token": (supervisor, "/account/tokens/new"), "setup": (supervisor, "/account/second-factor"),
        "grants": (supervisor, "/grants"), "access": (supervisor, f"/cases/{case}/access"),
        "audit": (supervisor, "/audit?verify=1"), "people": (admin, "/people"), "person": (admin, f"/people/{bert}"),
    }  # fmt: skip
    mark = f"{language}{'-dark' if dark else ''}"
    for name, (who, path) in pages.items():
        with visit(browser, width, language=language, dark=dark) as seen:
            desk.enter(seen.page.context, who)
            answer = seen.page.goto(desk.url + path)
            assert answer and answer.status == 200, path
            seen.look(f"review-{name}-{mark}")
            if name == "setup":
                seen.page.locator("form[action$=app] button").click()
                seen.look(f"review-setup-app-{mark}")
    with visit(browser, width, language=language, dark=dark) as seen:
        for name, path in {"login": "/login", "invitation": "/invitation"}.items():
            seen.page.goto(desk.url + path)
            seen.look(f"review-{name}-{mark}")
