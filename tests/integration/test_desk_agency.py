"""Logging in through an agency: a real OpenID Connect provider answers in these tests (oidc-provider-mock)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import oidc_provider_mock
import pytest
import requests
from desk import Desk, Officer
from werkzeug.test import TestResponse

from services.review.models import db
from services.review.people.models import AgencyTrip
from services.review.people.models import Officer as Row
from shared.config import Settings


@pytest.fixture
def issuer() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def desk(settings: Settings, issuer: str) -> Desk:
    return Desk(
        replace(settings, oidc_issuer=issuer, oidc_client_id="desk", oidc_client_secret="s", oidc_name="Police SSO")
    )


def at_agency(leaving: TestResponse, subject: str) -> str:
    """Logs in at the provider that a page leads to; answers where it sends the browser, without the host."""
    found = re.search(r'id="target" href="([^"]+)"', leaving.get_data(as_text=True))
    assert leaving.status_code == 200 and found
    address = unescape(found[1])
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["Location"].partition("8001")[2]


def invited(desk: Desk, name: str) -> str:
    admin = desk.officer(f"Root of {name}", "administrator", regions=())
    page = admin.send("/people", name=name, roles="intake_officer", regions="FR").get_data(as_text=True)
    return str(re.search(r"/invitation#([a-z2-7-]{23})", page)[1])  # type: ignore[index]


def bound(desk: Desk, name: str, subject: str) -> Officer:
    """Somebody who accepted an invitation with the agency's account."""
    person, code = desk.visitor(), invited(desk, name)
    assert "Go on with Police SSO" in person.send("/invitation", code=code).get_data(as_text=True)
    back = person.get(at_agency(person.send("/login/agency", code=code), subject))
    assert back.status_code == 200 and "url=/login/factor" in back.get_data(as_text=True)
    return person


def test_an_agencys_account_is_bound_by_an_invitation_and_then_logs_in(desk: Desk) -> None:
    person = bound(desk, "Ida", "ida@police.example")
    assert person.get("/account/second-factor").status_code == 200  # the agency does not stand for the second factor
    assert person.get("/cases").location.startswith("/login/factor")
    again = desk.visitor()
    assert "Log in with Police SSO" in again.get("/login").get_data(as_text=True)
    answer = again.get(at_agency(again.send("/login/agency", next="/cases"), "ida@police.example"))
    assert answer.status_code == 200 and "/login/factor?next=/cases" in answer.get_data(as_text=True)
    assert "SameSite=Strict" in answer.headers["Set-Cookie"] or "desk=" in str(answer.headers.getlist("Set-Cookie"))
    with desk.app.app_context():
        row = db.session.query(Row).filter_by(name="Ida").one()
        assert row.password == "" and row.agency.endswith(" ida@police.example")
        assert db.session.query(AgencyTrip).count() == 0


def test_an_unknown_account_of_the_agency_gets_nothing(desk: Desk) -> None:
    visitor = desk.visitor()
    answer = visitor.get(at_agency(visitor.send("/login/agency"), "stranger"))
    assert answer.status_code == 401 and "belongs to nobody here" in answer.get_data(as_text=True)


def test_one_account_of_the_agency_is_one_officer(desk: Desk) -> None:
    bound(desk, "Ida", "ida")
    other, code = desk.visitor(), invited(desk, "Ina")
    answer = other.get(at_agency(other.send("/login/agency", code=code), "ida"))
    assert answer.status_code == 401 and "in use by another officer" in answer.get_data(as_text=True)


def test_a_trip_that_began_in_another_browser_or_is_taken_twice_is_refused(desk: Desk) -> None:
    bound(desk, "Ida", "ida")
    victim, thief = desk.visitor(), desk.visitor()
    stolen = at_agency(thief.send("/login/agency"), "ida")
    assert victim.get(stolen).status_code == 401
    assert thief.get(stolen.replace("state=", "state=x")).status_code == 401
    assert thief.get(stolen).status_code == 401  # the first try has used it up


def test_an_agency_that_does_not_answer_is_told_calmly(settings: Settings) -> None:
    desk = Desk(replace(settings, oidc_issuer="http://localhost:9", oidc_client_id="desk"))
    answer = desk.visitor().send("/login/agency")
    assert answer.status_code == 409 and "did not vouch for you" in answer.get_data(as_text=True)
    assert Desk(settings).visitor().send("/login/agency").status_code == 409
