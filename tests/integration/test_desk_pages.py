"""The desk's pages: the whole work by forms alone, and every page in both languages."""

import re
from datetime import date
from html import unescape

import pyotp
import pytest
from desk import CHECKS, PASSWORD, Desk, Officer

from shared.config import Settings


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def page(officer: Officer, path: str, status: int = 200) -> str:
    answer = officer.get(path)
    assert answer.status_code == status, path
    return unescape(answer.get_data(as_text=True))


def done(officer: Officer, path: str, **form: object) -> str:
    """Sends a form that succeeds; answers the page it leads to."""
    answer = officer.send(path, **form)
    assert answer.status_code == 303, unescape(answer.get_data(as_text=True))
    return page(officer, answer.location)


def shown(sender: Officer, path: str, status: int, /, **form: object) -> str:
    """Sends a form that is refused; answers the page that says why."""
    answer = sender.send(path, **form)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def ticked() -> dict[str, str]:
    return {name: "yes" if value is True else str(value) for name, value in CHECKS.items()}


def fields_in(html: str) -> dict[str, str]:
    """What a browser would send of the editor's form as it stands."""
    form = html[html.index('name="revision"') - 40 :]
    found = dict(re.findall(r'name="([^"]+)" type="[^"]+" value="([^"]*)"', form))
    found |= dict(re.findall(r'name="(crop\.\w+)" inputmode="decimal" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form))
    found |= dict(re.findall(r'name="([^"]+)" value="([^"]*)" checked', form))
    found["revision"] = re.search(r'name="revision" value="(\d+)"', form)[1]  # type: ignore[index]
    return {"event_code": "MEP"} | found


def test_after_log_in_one_comes_to_the_page_that_was_asked_for(desk: Desk) -> None:
    desk.hire("Ada")
    visitor = desk.visitor()
    asked = visitor.get("/cases?state=all")
    assert asked.status_code == 302 and asked.location == "/login?next=/cases?state%3Dall"
    wrong = shown(visitor, "/login", 401, name="Ada", password="wrong", next="/cases?state=all")
    assert "do not belong together" in wrong and 'value="/cases?state=all"' in wrong
    second = done(visitor, "/login", name="Ada", password=PASSWORD, next="/cases?state=all")
    assert "Show that it is you" in second and 'value="/cases?state=all"' in second
    assert visitor.get("/cases").location.startswith("/login/factor?next=")
    again = shown(visitor, "/login/factor", 401, **{"factor.code": "000000", "next": "/cases?state=all"})
    assert "This was not right" in again and 'value="/cases?state=all"' in again
    code = {"factor.code": desk.code("Ada"), "next": "/cases?state=all"}
    assert "<h1>Cases</h1>" in done(visitor, "/login/factor", **code)
    assert visitor.send("/logout").location == "/login"
    assert visitor.get("/cases").status_code == 302


def test_a_form_sent_after_the_log_in_ended_says_so(desk: Desk) -> None:
    answer = desk.visitor().send("/cases/abc/start")
    assert answer.status_code == 303
    assert "was not done" in page(desk.visitor(), answer.location)


def test_a_report_is_verified_and_registered_by_forms(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    path = f"/cases/{case_id}"
    assert "Lina Muster" in page(officer, "/cases") and "Begin the verification" in page(officer, path)
    assert "Register and enrol 2 photos" in done(officer, f"{path}/start")
    kept = done(officer, f"{path}/checklist", police_reference="PV 17")
    assert "The checklist is saved." in kept and "PV 17" in kept
    refused = shown(officer, f"{path}/checklist", 409, then="register", police_reference="PV 18")
    assert "The reporter's identity is not verified." in refused and "PV 18" in refused
    registered = done(officer, f"{path}/checklist", then="register", **ticked())
    assert "The case is registered." in registered and "Draft an alert for" in registered


def test_an_adults_case_has_no_button_to_register_it(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report(born=date(1990, 1, 1))
    opened = done(officer, f"/cases/{case_id}/start")
    assert "18 or older" in opened and "Register and enrol" not in opened
    said = {"reject_message": "Please call 17."}
    assert "Please give a reason." in shown(officer, f"/cases/{case_id}/reject", 409, reject_reason=" ", **said)
    assert "The case is rejected." in done(officer, f"/cases/{case_id}/reject", reject_reason="an adult", **said)


def test_what_was_typed_is_kept_when_a_step_is_refused(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    officer.act(f"cases/{case_id}/start")
    refused = shown(officer, f"/cases/{case_id}/return", 409, return_reason="", return_message="Dear family, …")
    assert "Please give a reason." in refused and "Dear family, …" in refused and "<details open>" in refused


def test_a_case_is_closed_reopened_and_withdrawn_by_forms(desk: Desk) -> None:
    officer = desk.officer("Ada")
    path = f"/cases/{desk.registered(officer)}"
    closed = done(officer, f"{path}/close", close_reason="located", outcome_text="She is safe.")
    assert "The child was found" in closed and "photos are locked" in closed and "/photos/" not in closed
    assert "registered again" in done(officer, f"{path}/reopen")
    assert "The family withdrew the report" in done(officer, f"{path}/withdraw")


def test_an_intake_officer_is_not_offered_what_the_role_does_not_hold(desk: Desk) -> None:
    intake, case_id = desk.officer("Ida", "intake_officer"), desk.report()
    html = done(intake, f"/cases/{case_id}/start")
    assert "Save the checklist" in html and "Register and enrol" not in html and "Reject the report" not in html
    refused = shown(intake, f"/cases/{case_id}/checklist", 403, then="register", **ticked())
    assert "Your role or your jurisdiction does not cover this." in refused


def test_two_officers_decide_on_the_candidates_page(desk: Desk) -> None:
    first, second = desk.officer("Ada"), desk.officer("Bert")
    path = f"/candidates/{desk.candidate(desk.registered(first))}"
    assert "strong resemblance" not in page(first, path) and "8 years" not in page(first, path)
    judged = done(first, f"{path}/judgement", **{"outcome": "rejected", "feature.ears": "different"})
    assert "strong resemblance" in judged and "about 8 years between the two photos" in judged
    assert "strong resemblance" not in page(second, path)
    assert "choose one of the three" in shown(first, f"{path}/decisions", 409, note="the ears")
    assert "A rejection needs a reason" in shown(first, f"{path}/decisions", 409, outcome="rejected")
    assert "Another officer is still to decide." in done(
        first, f"{path}/decisions", outcome="rejected", note="the ears"
    )
    unseen = page(second, path)
    assert "Another officer has decided." in unseen and "the ears" not in unseen
    assert "the ears" in done(second, f"{path}/decisions", outcome="rejected", reason="age")


def test_an_alert_is_written_mended_and_published_by_forms(desk: Desk) -> None:
    author, other = desk.officer("Ada"), desk.officer("Bert")
    answer = author.send(f"/cases/{desk.registered(author)}/drafts")
    path = answer.location
    form = fields_in(page(author, path))
    assert form["en.headline"].startswith("Missing girl") and form["show_name"] == "yes"
    wrong = shown(author, path, 422, **(form | {"radius_km": "wide", "crop.left": "x", "en.headline": "kept"}))
    assert 'href="#radius_km"' in wrong and 'href="#crop"' in wrong and 'value="kept"' in wrong
    assert author.get(f"{path}/photo").content_type == "image/jpeg"
    half = form | {"crop.left": "10", "crop.top": "0", "crop.width": "50", "crop.height": "50"}
    assert "The draft is saved." in done(author, path, **half)
    assert "Radius in kilometres" in page(author, "/cases/" + re.search(r"/cases/(\w+)", page(author, path))[1])  # type: ignore[index]
    again = fields_in(page(author, path))
    assert (again["crop.left"], again["crop.width"]) == ("10.0", "50.0")
    assert "Somebody changed this" in shown(author, path, 409, **form)
    waiting = done(author, path, then="submit", **again)
    assert "waits for another officer's approval" in waiting and "Publish to" not in waiting
    assert "cannot approve it" in shown(author, f"{path}/approve", 409, revision=again["revision"])
    read = page(other, path)
    assert "Publish to 1 region" in read
    revision = re.search(r'name="revision" value="(\d+)"', read)[1]  # type: ignore[index]
    assert "type the word" in shown(other, f"{path}/approve", 409, revision=revision, word="exercise")
    assert "on its way to the feeds" in done(other, f"{path}/approve", revision=revision, word="Publish")
    assert "taken back everywhere" in done(other, f"{path}/cancel", cancel_reason="wrong place")


def test_a_draft_that_lacks_something_says_what(desk: Desk) -> None:
    author = desk.officer("Ada")
    path = author.send(f"/cases/{desk.registered(author)}/drafts").location
    form = fields_in(page(author, path)) | {"contact": "", "regions": "", "expires.day": ""}
    refused = shown(author, path, 409, then="submit", **form)
    assert all(f"Missing: {what}" in refused for what in ("whom to call", "regions", "end of the alert"))


def test_an_administrator_invites_an_officer_who_can_then_log_in(desk: Desk) -> None:
    admin = desk.officer("Root", "administrator", regions=())
    wrong = shown(admin, "/people", 422, name="", roles="reviewer", regions="XX-99")
    assert "A name has 1 to" in wrong and "There is no region XX-99" in wrong
    made = shown(admin, "/people", 200, name=" Ada  Moreau ", roles="intake_officer", regions="fr, de-be")
    code = re.search(r"/invitation#([a-z2-7-]+)", made)[1]  # type: ignore[index]
    assert "Ada Moreau" in page(admin, "/people") and "France (FR)" in page(admin, "/people")
    assert "already somebody" in shown(admin, "/people", 422, name="Ada Moreau", roles="auditor")
    visitor = desk.visitor()
    assert "Welcome, Ada Moreau" in shown(visitor, "/invitation", 200, code=code)
    assert "too easy to guess" in shown(visitor, "/invitation/password", 422, code=code, password="password1234")
    assert visitor.send("/invitation/password", code=code, password=PASSWORD).location == "/login/factor?next=/"
    assert "How will you show that it is you?" in page(visitor, "/account/second-factor")
    assert "is not known, was used" in shown(desk.visitor(), "/invitation", 404, code=code)
    app = shown(visitor, "/account/second-factor/app", 200)
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', app)[1].replace(" ", "")  # type: ignore[index]
    assert "<svg" in app and "This was not right" in shown(visitor, "/account/second-factor/app/code", 422, code="1")
    codes = shown(visitor, "/account/second-factor/app/code", 200, code=pyotp.TOTP(secret).now())
    assert len(re.findall(r"<code>[a-z2-7-]{17}</code>", codes)) == 10
    assert "<h1>Cases</h1>" in page(visitor, "/cases")


def test_nobody_disables_the_own_account(desk: Desk) -> None:
    admin = desk.officer("Root", "administrator", regions=())
    own = admin.read("session")["officer"]["id"]
    assert "Another administrator" in shown(admin, f"/people/{own}/disable", 409)
    assert admin.send("/people/nobody/disable").status_code == 404


def test_the_record_says_refusals_in_words(desk: Desk) -> None:
    supervisor, case_id = desk.officer("Eve", "supervisor"), desk.report()
    supervisor.act(f"cases/{case_id}/start")
    supervisor.refused(f"cases/{case_id}/register")
    html = page(supervisor, "/audit?verify=1")
    assert "The record is whole" in html and "Custody is not checked." in html


@pytest.mark.parametrize(("language", "says"), [("en", "Cases"), ("zh", "案件")])
def test_every_page_opens_in_both_languages(desk: Desk, language: str, says: str) -> None:
    officer, admin = desk.officer("Eve", "supervisor"), desk.officer("Root", "administrator", regions=())
    case_id, waiting = desk.registered(officer), desk.report()
    candidate, draft = desk.candidate(case_id), officer.act(f"cases/{case_id}/drafts")["id"]
    for path in (
        "/cases", "/cases?state=closed", "/cases?number=1", f"/cases/{case_id}", f"/cases/{waiting}", "/sightings",
        "/candidates", "/candidates?state=all", f"/candidates/{candidate}", "/drafts", f"/drafts/{draft}", "/audit",
    ):  # fmt: skip
        assert says in page(officer, f"{path}{'&' if '?' in path else '?'}lang={language}"), path
    page(admin, f"/people?lang={language}")
    page(desk.visitor(), f"/login?lang={language}")


@pytest.mark.parametrize("path", ["/cases", "/sightings", "/candidates", "/drafts", "/candidates?state=nonsense"])
def test_an_empty_list_says_so(desk: Desk, path: str) -> None:
    assert 'class="empty"' in page(desk.officer("Ada"), path)


def test_a_stranger_to_the_jurisdiction_gets_a_calm_page(desk: Desk) -> None:
    officer = desk.officer("Bert", regions=("DE",))
    assert "You have no rights to this" in page(officer, f"/cases/{desk.report()}", 403)
    assert "There is nothing" in page(officer, "/cases/nosuchcase", 404)


def test_what_is_wrong_with_a_field_names_it_in_the_officers_language(desk: Desk) -> None:
    author = desk.officer("Ada")
    path = author.send(f"/cases/{desk.registered(author)}/drafts").location
    form = fields_in(page(author, path)) | {"radius_km": "wide", "crop.left": "120", "crop.top": "0"}
    form |= {"crop.width": "50", "crop.height": "50"}
    wrong = shown(author, path, 422, **form)
    assert "Radius in kilometres: Please write this as a number." in wrong
    assert "four numbers from 0 to 100" in wrong and "fractions" not in wrong
    chinese = shown(author, f"{path}?lang=zh", 422, **form)
    assert "半径（公里）：请填写数字。" in chinese and "Not a" not in chinese


def test_a_fault_of_the_only_language_written_stands_at_that_language(desk: Desk) -> None:
    author = desk.officer("Ada")
    path = author.send(f"/cases/{desk.registered(author)}/drafts").location
    blank = {f"en.{name}": "" for name in ("headline", "description", "instruction", "area_desc")}
    wrong = shown(author, path, 422, **(fields_in(page(author, path)) | blank | {"zh.headline": "长" * 900}))
    assert 'href="#zh.headline"' in wrong and 'href="#en.headline"' not in wrong


def test_a_page_that_answers_a_form_offers_no_address_that_cannot_be_opened(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    refused = shown(officer, f"/cases/{case_id}/reject", 409, reject_reason=" ")
    assert "?lang=" not in refused and "?lang=zh" in page(officer, f"/cases/{case_id}")


def test_officers_who_differed_read_that_a_supervisor_decides(desk: Desk) -> None:
    first, second = desk.officer("Ada"), desk.officer("Bert")
    path = f"/candidates/{desk.candidate(desk.registered(first))}"
    done(first, f"{path}/decisions", outcome="confirmed")
    assert "A supervisor decides." in done(second, f"{path}/decisions", outcome="rejected", reason="age")
