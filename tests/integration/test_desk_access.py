"""Who gets into the desk, how far, and for how long."""

import re
from datetime import timedelta

import pytest
from desk import BERLIN, PASSWORD, Desk

from services.review.models import db
from services.review.people.models import DeskSession
from services.review.views.access import authorisation, inside
from shared.config import Settings
from shared.throttle import FREE, Throttle


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def test_an_officer_logs_in_is_known_and_logs_out(desk: Desk) -> None:
    officer = desk.officer("Ada")
    who = officer.read("session")["officer"]
    assert (who["name"], who["roles"], who["regions"]) == ("Ada", ["reviewer"], ["FR"])
    assert officer.client.delete("/api/v1/session").status_code == 204
    assert officer.get("/api/v1/session").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_only_its_hash_is_kept(desk: Desk) -> None:
    desk.hire("Ada")
    answer = desk.visitor().post("/api/v1/session", desk.login("Ada"))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    assert token not in (desk.settings.home / "review.sqlite").read_bytes().decode("latin-1")


def test_behind_https_the_cookie_is_secure(settings: Settings) -> None:
    secure = Settings.from_env(
        {"HOMEWARD_HOME": str(settings.home), "HOMEWARD_REVIEW_PUBLIC_URL": "https://desk.example"}
    )
    desk = Desk(secure)
    desk.hire("Ada")
    cookie = desk.visitor().post("/api/v1/session", desk.login("Ada")).headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=") and "Secure" in cookie


@pytest.mark.parametrize(("name", "password"), [("Ada", "not the right one"), ("Nobody", PASSWORD), ("\0", "x")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(desk: Desk, name: str, password: str) -> None:
    desk.hire("Ada")
    assert desk.visitor().refused("session", {"name": name, "password": password}) == (401, "wrong_name_or_password")


def test_guessing_is_slowed_down_for_the_guesser_alone(desk: Desk) -> None:
    desk.hire("Ada")
    guesser, guess = desk.visitor(), {"name": "Ada", "password": "guess"}
    for _ in range(FREE + 1):
        guesser.post("/api/v1/session", guess)
    answer = guesser.post("/api/v1/session", {"name": "Ada", "password": PASSWORD})
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    elsewhere = desk.app.test_client()
    answer = elsewhere.post("/api/v1/session", json=desk.login("Ada"), environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 200


def test_the_pause_doubles_up_to_five_minutes_and_a_right_password_ends_it() -> None:
    time = [0.0]
    throttle = Throttle(lambda: time[0])
    waits = []
    for _ in range(FREE + 20):
        throttle.failed("Ada", "here")
        waits.append(throttle.wait("Ada", "here"))
    assert waits[:FREE] == [0.0] * FREE and waits[FREE : FREE + 3] == [2.0, 4.0, 8.0] and waits[-1] == 300.0
    throttle.passed("Ada", "here")
    assert throttle.wait("Ada", "here") == 0.0


def test_log_ins_are_in_the_record_and_what_a_stranger_typed_is_not(desk: Desk) -> None:
    desk.visitor().post("/api/v1/session", {"name": "my secret password", "password": "x"})
    auditor = desk.officer("Noor", "auditor", regions=())
    entries = auditor.read("audit")["entries"]
    assert [(row["act"], row["refused"], row["actor"]) for row in entries][::-1][0] == (
        "session.begin",
        True,
        "stranger",
    )
    assert "my secret password" not in str(entries)


def test_a_log_in_that_rests_for_an_hour_has_ended(desk: Desk) -> None:
    officer = desk.officer("Ada")
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        row = work.session.query(DeskSession).one()
        row.ends_at = work.now - timedelta(seconds=1)
    assert officer.get("/api/v1/cases").status_code == 401


def test_a_log_in_in_use_goes_on_for_twelve_hours_and_no_longer(desk: Desk) -> None:
    officer = desk.officer("Ada")
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        row = work.session.query(DeskSession).one()
        row.ends_at = work.now + timedelta(minutes=10)
        row.begun_at = begun = work.now - timedelta(hours=11, minutes=30)
    officer.read("session")
    with desk.app.app_context():
        assert db.session.query(DeskSession).one().ends_at == begun + timedelta(hours=12)


def test_a_disabled_officer_is_out_at_once(desk: Desk) -> None:
    officer, admin = desk.officer("Ada"), desk.officer("Root", "administrator", regions=())
    officer_id = officer.read("session")["officer"]["id"]
    assert admin.send(f"/people/{officer_id}/disable").status_code == 303
    assert officer.get("/api/v1/session").status_code == 401
    refusal = desk.visitor().refused("session", {"name": "Ada", "password": PASSWORD})
    assert refusal == (401, "wrong_name_or_password")


def test_every_route_says_who_may_use_it_and_no_stranger_gets_past_it(desk: Desk) -> None:
    stranger = desk.app.test_client()
    for rule in desk.app.url_map.iter_rules():
        wanted = authorisation(desk.app, rule.endpoint)
        assert wanted is not None, rule
        if wanted == "public":
            continue
        path = re.sub(r"<id:\w+>", "a", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = stranger.open(path, method=method)
            if path.startswith("/api/"):
                assert (answer.status_code, answer.get_json()["reason"]) == (401, "not_logged_in"), rule
            else:
                assert answer.status_code in (302, 303) and answer.location.startswith("/login"), rule


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("auditor", "/api/v1/cases", 403),
        ("auditor", "/api/v1/audit", 200),
        ("reviewer", "/api/v1/audit", 403),
        ("administrator", "/api/v1/cases", 403),
        ("administrator", "/people", 200),
        ("reviewer", "/people", 403),
        ("intake_officer", "/api/v1/cases", 200),
    ],
)
def test_a_role_opens_its_own_doors_only(desk: Desk, role: str, path: str, status: int) -> None:
    assert desk.officer("Ada", role).get(path).status_code == status


def test_an_officer_sees_and_touches_only_the_own_jurisdiction(desk: Desk) -> None:
    french, german = desk.officer("Ada"), desk.officer("Bert", regions=("DE",))
    here, there = desk.report(), desk.report(place=BERLIN)
    assert [case["id"] for case in french.read("cases")["cases"]] == [here]
    assert [case["id"] for case in german.read("cases")["cases"]] == [there]
    assert french.get(f"/api/v1/cases/{there}").status_code == 403
    assert french.refused(f"cases/{there}/start") == (403, "not_permitted")
    photo = desk.photos_of(case_id=there)[0]
    assert french.get(f"/api/v1/photos/{photo}").status_code == 403
    assert german.get(f"/api/v1/photos/{photo}").status_code == 200


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/cases?state=submitted", "/cases?state=submitted"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        (None, "/"),
    ],
)
def test_after_log_in_one_stays_on_the_desk(address: str | None, kept: str) -> None:
    assert inside(address) == kept
