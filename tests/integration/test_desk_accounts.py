"""Accounts: invitations, second factors, recovery codes, log-ins elsewhere, tokens, and rights that two grant."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pyotp
import pytest
from desk import PASSWORD, Desk, Officer

from services.review.models import db
from services.review.people import store
from services.review.people.models import ApiToken, DeskSession, Factor, Hour, Invitation, RecoveryCode
from shared.config import Settings
from shared.throttle import FREE


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def send(officer: Officer, path: str, status: int, /, **form: object) -> str:
    answer = officer.send(path, **form)
    said = unescape(answer.get_data(as_text=True))
    assert answer.status_code == status, said
    return said


def code_in(page: str) -> str:
    found = re.search(r"/invitation#([a-z2-7-]{23})", page)
    assert found, page
    return found[1]


def come_in(desk: Desk, code: str) -> tuple[Officer, list[str]]:
    """Accepts an invitation with an authenticator app; answers the browser and the recovery codes."""
    person = desk.visitor()
    send(person, "/invitation/password", 303, code=code, password=PASSWORD)
    app = send(person, "/account/second-factor/app", 200)
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', app)
    assert secret
    shown = send(person, "/account/second-factor/app/code", 200, code=pyotp.TOTP(secret[1].replace(" ", "")).now())
    return person, re.findall(r"<code>([a-z2-7-]{17})</code>", shown)


def id_of(desk: Desk, name: str) -> str:
    with desk.app.app_context():
        found = store.by_name(db.session(), name)
        assert found
        return str(found.id)


def change(desk: Desk, table: Any, **columns: Any) -> None:
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        for row in work.session.query(table):
            for name, value in columns.items():
                setattr(row, name, value)


def test_a_reviewer_is_invited_by_one_confirmed_by_another_and_decides_only_then(desk: Desk) -> None:
    first, second = desk.officer("Root", "administrator", regions=()), desk.officer("Eve", "supervisor")
    code = code_in(send(first, "/people", 200, name="Ada", roles="reviewer", regions="FR-IDF"))
    assert "not accepted the invitation yet" in second.get("/grants").get_data(as_text=True)
    ada, codes = come_in(desk, code)
    assert len(codes) == 10 and ada.get("/api/v1/cases").status_code == 403
    officer_id = id_of(desk, "Ada")
    grant = re.search(r'name="grant" value="(\w+)"', second.get("/grants").get_data(as_text=True))
    assert grant
    assert "Somebody else has to confirm" in send(first, f"/grants/{officer_id}/confirm", 409, grant=grant[1])
    send(second, f"/grants/{officer_id}/confirm", 303, grant=grant[1])
    who = ada.read("session")["officer"]
    assert (who["roles"], who["regions"]) == (["reviewer"], ["FR-IDF"])
    assert "does not allow" not in ada.get("/cases").get_data(as_text=True)


def test_an_invitation_is_good_once_for_three_days_and_only_its_hash_is_kept(desk: Desk) -> None:
    admin = desk.officer("Root", "administrator", regions=())
    code = code_in(send(admin, "/people", 200, name="Ida", roles="intake_officer", regions="FR"))
    kept = (desk.settings.home / "review.sqlite").read_bytes() + (desk.settings.home / "review.sqlite-wal").read_bytes()
    assert code.encode() not in kept and code.replace("-", "").encode() not in kept
    assert "Welcome, Ida" in send(desk.visitor(), "/invitation", 200, code=code.upper().replace("-", " "))
    change(desk, Invitation, ends_at=desk.tools.room.clock())
    send(desk.visitor(), "/invitation", 404, code=code)
    again = code_in(send(admin, f"/people/{id_of(desk, 'Ida')}/invitation", 200))
    come_in(desk, again)
    send(desk.visitor(), "/invitation/password", 404, code=again, password=PASSWORD)


def test_a_new_invitation_replaces_every_way_in_and_the_right_to_decide_is_confirmed_anew(desk: Desk) -> None:
    admin, ada = desk.officer("Root", "administrator", regions=()), desk.officer("Ada")
    code = code_in(send(admin, f"/people/{id_of(desk, 'Ada')}/invitation", 200))
    assert ada.get("/api/v1/cases").status_code == 200  # nothing changes before it is accepted
    anew, _ = come_in(desk, code)
    assert ada.get("/api/v1/session").status_code == 401
    assert anew.read("session")["officer"]["roles"] == []
    assert "Confirm the rights of Ada" not in admin.get("/grants").get_data(as_text=True)  # it was the same who asked
    other = desk.officer("Other", "administrator", regions=())
    assert "Confirm the rights of Ada" in other.get("/grants").get_data(as_text=True)


def test_widening_a_deciders_region_needs_two_and_narrowing_one(desk: Desk) -> None:
    admin = desk.officer("Root", "administrator", regions=())
    officer_id = desk.hire("Ada", regions=("FR", "DE"))
    path = f"/people/{officer_id}/rights"
    assert "done=changed" in admin.send(path, roles="reviewer", regions="FR").location
    assert "done=asked" in admin.send(path, roles="reviewer", regions="FR ES").location
    with desk.app.app_context():
        assert store.get(db.session(), officer_id).regions == ["FR"]
    assert "stand alone" in send(admin, path, 422, roles=["auditor", "intake_officer"], regions="FR")


def test_a_password_alone_opens_nothing_and_adds_no_second_factor(desk: Desk) -> None:
    desk.hire("Ada")
    thief = desk.visitor()
    send(thief, "/login", 303, name="Ada", password=PASSWORD)
    assert thief.get("/cases").location.startswith("/login/factor")
    assert thief.get("/api/v1/cases").get_json()["reason"] == "factor_needed"
    for path in ("", "/app", "/app/code", "/passkey", "/passkey/options"):
        answer = thief.get("/account/second-factor") if not path else thief.send(f"/account/second-factor{path}")
        assert answer.location.startswith("/login/factor"), path
    assert desk.visitor().refused("session", {"name": "Ada", "password": PASSWORD}) == (401, "factor_missing")


def test_a_code_works_once_and_guessing_codes_is_slowed_down(desk: Desk) -> None:
    desk.hire("Ada")
    login = desk.login("Ada")
    desk.visitor().act("session", login)
    assert desk.visitor().refused("session", login) == (401, "wrong_code")
    for _ in range(FREE):
        desk.visitor().refused("session", login | {"code": "000000"})
    answer = desk.app.test_client().post(
        "/api/v1/session", json=desk.login("Ada"), environ_base={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert answer.status_code == 429  # counted for the account: only who knows the password gets this far


def test_a_recovery_code_lets_in_once_and_new_ones_end_the_old(desk: Desk) -> None:
    admin = desk.officer("Root", "administrator", regions=())
    _, codes = come_in(desk, code_in(send(admin, "/people", 200, name="Ida", roles="intake_officer", regions="FR")))
    login = {"name": "Ida", "password": PASSWORD}
    person = desk.visitor()
    person.act("session", login | {"code": codes[0].upper().replace("-", " ")})
    assert desk.visitor().refused("session", login | {"code": codes[0]}) == (401, "wrong_code")
    assert "9 recovery codes are left" in person.get("/account").get_data(as_text=True)
    send(person, "/account/recovery", 200)
    assert desk.visitor().refused("session", login | {"code": codes[1]}) == (401, "wrong_code")
    with desk.app.app_context():
        assert all(len(row.code_hash) == 64 for row in db.session.query(RecoveryCode))


def test_a_decision_after_ten_minutes_asks_again_and_loses_nothing_typed(desk: Desk) -> None:
    officer = desk.officer("Ada")
    path = f"/candidates/{desk.candidate(desk.registered(officer))}/decisions"
    desk.stale("Ada")
    assert officer.refused(path[1:], {"outcome": "rejected"}) == (403, "factor_needed")
    note = 'the left ear\n<b>differs</b> & "so" on'
    raw = officer.send(path, outcome="rejected", note=note)
    assert raw.status_code == 403
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n([^<]*)</textarea>', raw.get_data(as_text=True))
    kept = {name: unescape(value) for name, value in found}
    assert kept == {"outcome": "rejected", "note": note} and f'action="{path}"' in raw.get_data(as_text=True)
    wrong = send(officer, path, 403, **kept, **{"factor.code": "123456"})
    assert "This was not right" in wrong and "the left ear" in wrong
    assert officer.send(path, **kept, **{"factor.code": desk.code("Ada")}).status_code == 303
    made = officer.read(path[1:].removesuffix("/decisions"))["decisions"]
    assert [(row["outcome"], row["note"]) for row in made] == [("rejected", note)]
    entries = [row for row in desk.officer("Noor", "auditor", regions=()).read("audit")["entries"] if row["refused"]]
    assert "factor_needed" not in str(entries)  # what was only asked for again is no refusal


def test_a_program_shows_the_factor_again_for_the_next_ten_minutes(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case_id = desk.registered(officer)
    desk.stale("Ada")
    assert officer.refused(f"cases/{case_id}/close", {"reason": "located"}) == (403, "factor_needed")
    officer.act("session/factor", {"code": desk.code("Ada")})
    assert officer.act(f"cases/{case_id}/close", {"reason": "located"})["state"] == "closed"


def test_the_first_factor_needs_no_other_and_the_last_stays(desk: Desk) -> None:
    officer = desk.officer("Ada")
    page = officer.get("/account").get_data(as_text=True)
    assert "the only one" in page
    with desk.app.app_context():
        factor = db.session.query(Factor).one().id
    assert "only second factor" in send(officer, "/account/factors/remove", 409, id=factor)
    desk.stale("Ada")
    assert "Confirm that it is you" in officer.get("/account/second-factor").get_data(as_text=True)


def test_a_log_in_elsewhere_is_seen_and_ended(desk: Desk) -> None:
    here = desk.officer("Ada")
    elsewhere = desk.visitor()
    elsewhere.act("session", desk.login("Ada"))
    with desk.app.app_context():
        rows = {row.id: row for row in db.session.query(DeskSession)}
        assert {row.address for row in rows.values()} == {"127.0.0.1"} and len(rows) == 2
        last = max(rows.values(), key=lambda row: row.begun_at).id
    assert "Log out everywhere else" in here.get("/account").get_data(as_text=True)
    send(here, "/account/sessions/end", 303, id=last)
    assert elsewhere.get("/api/v1/session").status_code == 401 and here.get("/api/v1/session").status_code == 200
    stranger = desk.officer("Bert")
    with desk.app.app_context():
        own = db.session.query(DeskSession).filter_by(officer_id=id_of(desk, "Ada")).one().id
    send(stranger, "/account/sessions/end", 404, id=own)
    assert here.get("/api/v1/session").status_code == 200


def test_a_new_password_ends_the_other_log_ins(desk: Desk) -> None:
    here, elsewhere = desk.officer("Ada"), desk.visitor()
    elsewhere.act("session", desk.login("Ada"))
    weak = send(here, "/account/password", 422, old="not it", new="password1234")
    assert "not the password that you have now" in weak
    assert "easy to guess" in send(here, "/account/password", 422, old=PASSWORD, new="Ada Ada Ada Ada")
    send(here, "/account/password", 303, old=PASSWORD, new="several purple otters knit")
    assert elsewhere.get("/api/v1/session").status_code == 401
    assert here.get("/api/v1/session").status_code == 200
    assert desk.visitor().refused("session", desk.login("Ada")) == (401, "wrong_name_or_password")


def test_a_token_reads_and_files_until_its_day_and_is_kept_as_a_hash(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    assert "Choose what the program may do" in send(officer, "/account/tokens", 422, token_name="x", days="9999")
    page = send(officer, "/account/tokens", 200, token_name="register", scopes=["cases.read", "cases.file"], days="30")
    token = re.search(r"hw_[\w-]{43}", page)
    assert token
    program, headers = desk.app.test_client(), {"Authorization": f"Bearer {token[0]}"}
    assert program.get(f"/api/v1/cases/{case_id}", headers=headers).status_code == 200
    assert program.post(f"/api/v1/cases/{case_id}/start", headers=headers).status_code == 200
    refused = program.post(f"/api/v1/cases/{case_id}/register", headers=headers)
    assert (refused.status_code, refused.get_json()["reason"]) == (403, "person_needed")
    assert token[0] not in officer.get("/account").get_data(as_text=True)
    auditor = desk.officer("Noor", "auditor", regions=())
    begun = next(row for row in auditor.read("audit")["entries"] if row["act"] == "case.start")
    assert re.fullmatch(r"127\.0\.0\.1, token \w{8} register", begun["origin"])
    change(desk, ApiToken, ends_at=desk.tools.room.clock() - timedelta(seconds=1))
    assert program.get(f"/api/v1/cases/{case_id}", headers=headers).status_code == 401


def test_a_token_ends_with_its_officer(desk: Desk) -> None:
    officer, admin = desk.officer("Ada"), desk.officer("Root", "administrator", regions=())
    page = send(officer, "/account/tokens", 200, token_name="register", scopes=["cases.read"], days="30")
    headers = {"Authorization": "Bearer " + str(re.search(r"hw_[\w-]{43}", page)[0])}  # type: ignore[index]
    send(admin, f"/people/{id_of(desk, 'Ada')}/disable", 303)
    send(admin, f"/people/{id_of(desk, 'Ada')}/admit", 303)
    assert desk.app.test_client().get("/api/v1/cases", headers=headers).status_code == 401


def test_a_supervisor_opens_a_case_for_an_hour_and_then_it_is_closed_again(desk: Desk) -> None:
    supervisor, away = desk.officer("Eve", "supervisor"), desk.officer("Bert", regions=("DE",))
    case_id = desk.report()
    path = f"/cases/{case_id}"
    assert away.get(path).status_code == 403 and away.read("cases")["cases"] == []
    assert "give a reason" in send(supervisor, f"{path}/hours", 409, colleague="Bert", hour_reason=" ")
    assert "Nobody of this name" in send(supervisor, f"{path}/hours", 409, colleague="Nemo", hour_reason="x")
    send(supervisor, f"{path}/hours", 303, colleague="bert".title(), hour_reason="He knows the family.")
    assert away.get(path).status_code == 200 and [row["id"] for row in away.read("cases")["cases"]] == [case_id]
    looked = [row for row in supervisor.read("audit?act=case.read")["entries"] if row["actor_name"] == "Bert"]
    assert [(row["refused"], row["text"]) for row in looked if row["subject"]["id"] == case_id] == [
        (False, "by an hour's access"),
        (True, ""),
    ]
    change(desk, Hour, ends_at=desk.tools.room.clock() - timedelta(seconds=1))
    assert away.get(path).status_code == 403
    assert "He knows the family." in supervisor.get(path).get_data(as_text=True)


def test_a_transferred_case_is_with_the_others_and_the_act_is_recorded(desk: Desk) -> None:
    french, german = desk.officer("Ada"), desk.officer("Bert", regions=("DE",))
    case_id = desk.report()
    assert "no such region" in send(french, f"/cases/{case_id}/transfer", 409, region="XX", transfer_reason="moved")
    assert send(french, f"/cases/{case_id}/transfer", 303, region="de-be", transfer_reason="The family lives there.")
    assert french.get(f"/cases/{case_id}").status_code == 403
    rows = [row for row in german.read(f"cases/{case_id}")["audit"] if row["act"] == "case.transfer"]
    (told,) = [row["text"] for row in rows if not row["refused"]]
    assert told.endswith(" to DE-BE\n\nThe family lives there.") and told.startswith("FR")


def test_in_an_exercise_nobody_needs_a_second_factor_but_may_practise_with_one(settings: Settings) -> None:
    desk = Desk(replace(settings, exercise=True))
    desk.hire("Ada", app=False)
    officer = desk.visitor()
    officer.act("session", desk.login("Ada"))
    case_id = desk.registered(officer)
    desk.stale("Ada")
    assert officer.act(f"cases/{case_id}/close", {"reason": "located"})["state"] == "closed"
    desk.hire("Bert")
    assert desk.visitor().refused("session", {"name": "Bert", "password": PASSWORD}) == (401, "factor_missing")
