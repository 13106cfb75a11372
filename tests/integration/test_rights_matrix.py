"""Every route of the desk, by every role, inside and outside of its jurisdiction, by a token, and with a stale factor.

A row says by hand who is let in. A new route without a row fails here, and so does a row without its route.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from desk import CHECKS
from deskworld import ADMIN, ALL, AUDITOR, INTAKE, ON_CALL, PHOTO, REVIEWER, SUPERVISOR, World, settings_in
from flask.testing import FlaskClient

WORK = (INTAKE, REVIEWER, SUPERVISOR)
DECIDE = (REVIEWER, SUPERVISOR)
NOBODY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """Who is let in: `here` within their jurisdiction, `there` in another; whether a reviewer's `token` with every
    scope is, or is told that it takes a `person`; whether it `decides`, and so needs a fresh second factor. `body` is
    what is posted, or `parts`: files."""

    here: tuple[str, ...]
    there: tuple[str, ...] = NOBODY
    token: bool = False
    person: bool = False
    decides: bool = False
    body: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)


def everywhere(who: tuple[str, ...], **more: Any) -> Row:
    """A route that concerns no place."""
    return Row(who, who, **more)


REASON = {"reason": "because"}
PAGES: dict[str, Row] = {
    "GET cases.first": everywhere(ALL),
    "GET cases.listed": everywhere(WORK),
    "GET cases.one": Row(WORK),
    "POST cases.start": Row(WORK),
    "POST cases.checklist": Row(WORK, body={"police_reference": "PV 1"}),
    "POST cases.give_back": Row(WORK, body={"return_reason": "dark", "return_message": "Please send another."}),
    "POST cases.reject": Row(
        DECIDE, decides=True, body={"reject_reason": "because", "reject_message": "We are sorry."}
    ),
    "POST cases.close": Row(DECIDE, decides=True, body={"close_reason": "located"}),
    "POST cases.withdraw": Row(DECIDE, decides=True, body={"withdraw_reason": "asked"}),
    "POST cases.reopen": Row(DECIDE, decides=True),
    "GET access.of_case": Row(WORK),
    "POST access.grant_hour": Row((SUPERVISOR,), decides=True, body={"colleague": "Away", "hour_reason": "night"}),
    "POST access.end_hour": Row((SUPERVISOR,), decides=True, body={"hour": "none"}),
    "POST access.transfer": Row(DECIDE, decides=True, body={"region": "FR-BRE", "transfer_reason": "home"}),
    "GET candidates.sightings": everywhere(WORK),
    "GET candidates.listed": everywhere(WORK),
    "GET candidates.one": Row(WORK),
    "POST candidates.decide": Row(DECIDE, decides=True, body={"outcome": "rejected"}),
    "GET drafts.listed": everywhere(WORK),
    "POST drafts.create": Row(WORK),
    "GET drafts.one": Row(WORK),
    "GET drafts.picture": Row(WORK),
    "POST drafts.edit": Row(WORK, body={"credit": "me", "radius_km": "5"}),
    "POST drafts.approve": Row(DECIDE, decides=True),
    "POST drafts.give_back": Row(DECIDE, decides=True, body={"return_reason": "because"}),
    "POST drafts.reject": Row(DECIDE, decides=True, body={"reject_reason": "because"}),
    "POST drafts.cancel": Row(DECIDE, decides=True, body={"cancel_reason": "because"}),
    "POST drafts.amend": Row(WORK),
    "GET drafts.ask_cancel": Row(DECIDE),
    "GET drafts.ask_amend": Row(WORK),
    "GET drafts.ask_extend": Row(WORK),
    "POST drafts.extend": Row(WORK, body={"hours": "24"}),
    "POST drafts.area": Row(WORK),
    "GET drafts.previewed": Row(WORK),
    "GET insight.shown": everywhere(ALL),
    "GET photos.picture": Row(WORK, token=True),
    "GET filing.blank": everywhere(WORK),
    "POST filing.create": everywhere(WORK),
    "POST casework.claim": Row(WORK),
    "POST casework.release": Row(WORK),
    "POST casework.hold": Row((SUPERVISOR,), decides=True, body={"hold_reason": "because"}),
    "POST casework.lift_hold": Row((SUPERVISOR,), decides=True),
    "POST casework.review": Row(DECIDE, decides=True, body={"review_reason": "because"}),
    "POST casework.add_photo": Row(WORK),
    "POST casework.save_view": everywhere(WORK, body={"name": "mine"}),
    "POST casework.remove_view": everywhere(WORK),
    "GET duplicates.find": Row(WORK),
    "GET duplicates.beside": Row(WORK),
    "POST duplicates.distinct": Row(WORK, body={"distinct_reason": "twins"}),
    "POST duplicates.doubt": Row(WORK, body={"doubt_reason": "because"}),
    "POST duplicates.merge": Row(DECIDE, decides=True, body={"keep": "none"}),
    "POST duplicates.unmerge": Row(DECIDE, decides=True, body={"unmerge_reason": "because"}),
    "POST duplicates.faces": Row(DECIDE),
    "GET oncall.listed": everywhere((SUPERVISOR,)),
    "POST oncall.add": Row((SUPERVISOR,), body=ON_CALL),
    "POST oncall.remove": Row((SUPERVISOR,)),
    "POST letters.write": Row(WORK, body={"letter_text": "Where was the bag?", "asks": "yes"}),
    "POST letters.read": Row(WORK),
    "POST letters.take_over": Row(WORK),
    "GET removals.listed": everywhere(WORK),
    "GET removals.one": Row(WORK),
    "POST removals.answer": Row(DECIDE, decides=True, body={"outcome": "kept", "answer_text": "It is another child."}),
    "GET candidates.face": Row(WORK),
    "POST candidates.judge": Row(DECIDE, decides=True, body={"outcome": "rejected"}),
    "POST candidates.follow_up": Row(DECIDE, decides=True, body={"follow_up": "none"}),
    "POST candidates.told": Row(WORK),
    "GET probes.listed": everywhere(DECIDE),
    "GET probes.blank": everywhere(DECIDE),
    "POST probes.create": everywhere(DECIDE),
    "GET probes.one": Row(DECIDE),
    "POST probes.choose": Row(DECIDE, body={"face": "0.5,0.5"}),
    "GET pulse.cases": everywhere(ALL),
    "GET pulse.candidates": everywhere(ALL),
    "GET pulse.candidate": Row(WORK),
    "GET pulse.alike": Row(WORK),
    "GET pulse.probes": everywhere(ALL),
    "GET pulse.probe": Row(WORK),
    "GET faces.one": Row(WORK),
    "POST faces.mark": Row(DECIDE, body={"face": "0.5,0.5"}),
    "GET people.listed": everywhere((ADMIN,)),
    "POST people.add": everywhere((ADMIN,), decides=True, body={"name": "New", "roles": "auditor"}),
    "GET people.one": everywhere((ADMIN,)),
    "POST people.invite_again": everywhere((ADMIN,), decides=True),
    "POST people.change_rights": everywhere((ADMIN,), decides=True, body={"roles": "intake_officer", "regions": "FR"}),
    "POST people.log_out": everywhere((ADMIN,), decides=True),
    "POST people.disable": everywhere((ADMIN,), decides=True),
    "POST people.admit": everywhere((ADMIN,), decides=True),
    "GET grants.listed": everywhere((SUPERVISOR, ADMIN)),
    "POST grants.confirm": Row((SUPERVISOR, ADMIN), (ADMIN,), decides=True, body={"grant": "{grant}"}),
    "POST grants.refuse": Row((SUPERVISOR, ADMIN), (ADMIN,), decides=True, body={"grant": "{grant}"} | REASON),
    "GET audit.latest": everywhere((SUPERVISOR, AUDITOR)),
    "GET audit.export": everywhere((SUPERVISOR, AUDITOR)),
}
OWN = {
    "POST login.log_out", "GET factor.ask", "POST factor.show", "POST factor.challenge", "GET factor.confirm_page",
    "POST factor.confirm", "GET setup.choose", "POST setup.app", "POST setup.app_code", "POST setup.passkey_options",
    "POST setup.passkey", "GET account.overview", "GET account.password", "POST account.set_password",
    "POST account.remove_factor", "POST account.recovery", "POST account.end_session", "POST account.end_others",
    "GET account.new_token", "POST account.make_token", "POST account.end_token",
    "POST api_session.show_factor", "GET api_session.who", "DELETE api_session.log_out",
    "GET api_account.overview", "PUT api_account.set_password", "DELETE api_account.remove_factor",
    "POST api_account.recovery", "DELETE api_account.end_session", "DELETE api_account.end_others",
    "POST api_account.make_token", "DELETE api_account.end_token",
}  # fmt: skip
"""What everybody does with the own account and log-in alone (test_desk_accounts.py)."""
PUBLIC = {
    "GET login.ask", "POST login.log_in", "GET invitation.ask", "POST invitation.open_it", "POST invitation.accept",
    "POST agency.leave", "GET agency.back", "POST api_session.log_in", "GET static",
    "GET api_document.described", "GET api_document.read",
}  # fmt: skip
API: dict[str, Row] = {
    "GET api_cases.listed": everywhere(WORK, token=True),
    "GET api_cases.one": Row(WORK, token=True),
    "POST api_cases.start": Row(WORK, token=True),
    "POST api_cases.verify": Row(WORK, token=True, body=CHECKS),
    "POST api_cases.register": Row(DECIDE, decides=True),
    "POST api_cases.give_back": Row(WORK, body=REASON | {"message": "Please send another."}),
    "POST api_cases.reject": Row(DECIDE, decides=True, body=REASON | {"message": "We are sorry."}),
    "POST api_cases.close": Row(DECIDE, decides=True, body={"reason": "located"}),
    "POST api_cases.withdraw": Row(DECIDE, decides=True),
    "POST api_cases.reopen": Row(DECIDE, decides=True),
    "POST api_access.grant_hour": Row((SUPERVISOR,), decides=True, body=REASON | {"officer": "Away"}),
    "POST api_access.transfer": Row(DECIDE, decides=True, body=REASON | {"region": "FR-BRE"}),
    "GET api_access.of_case": Row(WORK, token=True),
    "DELETE api_access.end_hour": Row((SUPERVISOR,), decides=True),
    "GET api_comparing.beside": Row(WORK, token=True),
    "GET api_comparing.face": Row(WORK, token=True),
    "GET api_comparing.faces": Row(WORK, token=True),
    "POST api_composing.area": Row(WORK, token=True),
    "GET api_composing.changes": Row(WORK, token=True),
    "GET api_composing.picture": Row(WORK, token=True),
    "GET api_composing.document": Row(WORK, token=True),
    "GET api_people.listed": everywhere((ADMIN,)),
    "POST api_people.invite": everywhere((ADMIN,), decides=True, body={"name": "New", "roles": ["auditor"]}),
    "GET api_people.one": everywhere((ADMIN,)),
    "POST api_people.invite_again": everywhere((ADMIN,), decides=True),
    "PUT api_people.change_rights": everywhere((ADMIN,), decides=True, body={"roles": ["auditor"]}),
    "POST api_people.log_out": everywhere((ADMIN,), decides=True),
    "POST api_people.disable": everywhere((ADMIN,), decides=True),
    "POST api_people.admit": everywhere((ADMIN,), decides=True),
    "GET api_people.waiting": everywhere((SUPERVISOR, ADMIN), person=True),
    "POST api_people.confirm": Row((SUPERVISOR, ADMIN), (ADMIN,), decides=True, body={"grant": "{grant}"}),
    "POST api_people.refuse": Row((SUPERVISOR, ADMIN), (ADMIN,), decides=True, body={"grant": "{grant}"} | REASON),
    "GET api_insight.shown": everywhere(ALL, token=True),
    "GET api_candidates.sightings": everywhere(WORK, token=True),
    "GET api_candidates.listed": everywhere(WORK, token=True),
    "GET api_candidates.one": Row(WORK, token=True),
    "POST api_candidates.decide": Row(DECIDE, decides=True, body={"outcome": "rejected"}),
    "POST api_cases.create": everywhere(WORK, token=True),
    "POST api_casework.claim": Row(WORK, token=True),
    "POST api_casework.release": Row(WORK, token=True),
    "POST api_casework.hold": Row((SUPERVISOR,), decides=True, body=REASON),
    "POST api_casework.lift_hold": Row((SUPERVISOR,), decides=True),
    "POST api_casework.review": Row(DECIDE, decides=True, body=REASON),
    "POST api_casework.add_photo": Row(WORK, token=True, parts={"photos": PHOTO}),
    "GET api_casework.views": everywhere(WORK, token=True),
    "POST api_casework.save_view": everywhere(WORK, token=True, body={"name": "mine"}),
    "DELETE api_casework.remove_view": everywhere(WORK, token=True),
    "GET api_oncall.listed": everywhere((SUPERVISOR,)),
    "POST api_letters.write": Row(WORK, body={"text": "Where was the bag?", "asks": True}),
    "POST api_letters.read": Row(WORK, token=True),
    "POST api_letters.take_over": Row(WORK, token=True),
    "GET api_removals.listed": everywhere(WORK, token=True),
    "GET api_removals.one": Row(WORK, token=True),
    "POST api_removals.answer": Row(DECIDE, decides=True, body={"outcome": "kept", "message": "It is another child."}),
    "GET api_duplicates.listed": Row(WORK, token=True),
    "GET api_duplicates.beside": Row(WORK, token=True),
    "POST api_duplicates.distinct": Row(WORK, token=True, body=REASON),
    "POST api_duplicates.doubt": Row(WORK, token=True, body=REASON),
    "POST api_duplicates.merge": Row(DECIDE, decides=True, body=REASON),
    "POST api_duplicates.unmerge": Row(DECIDE, decides=True, body=REASON),
    "POST api_duplicates.faces": Row(DECIDE),
    "POST api_oncall.add": Row((SUPERVISOR,), body=ON_CALL),
    "DELETE api_oncall.remove": Row((SUPERVISOR,)),
    "POST api_candidates.judge": Row(DECIDE, decides=True, body={"outcome": "rejected"}),
    "POST api_candidates.follow_up": Row(DECIDE, decides=True, body={"choices": ["neither"]}),
    "POST api_candidates.told": Row(WORK, token=True),
    "GET api_probes.listed": everywhere(DECIDE),
    "GET api_probes.one": Row(DECIDE),
    "POST api_probes.create": everywhere(DECIDE),
    "POST api_probes.choose": Row(DECIDE, body={"face": [0.5, 0.5]}),
    "POST api_candidates.mark": Row(DECIDE, body={"faces": [[0.5, 0.5]]}),
    "GET api_drafts.listed": everywhere(WORK, token=True),
    "POST api_drafts.create": Row(WORK, token=True),
    "GET api_drafts.read": Row(WORK, token=True),
    "PUT api_drafts.edit": Row(WORK, token=True, body={"credit": "me"}),
    "POST api_drafts.submit": Row(WORK, token=True),
    "POST api_drafts.approve": Row(DECIDE, decides=True),
    "POST api_drafts.give_back": Row(DECIDE, decides=True, body=REASON),
    "POST api_drafts.reject": Row(DECIDE, decides=True, body=REASON),
    "POST api_drafts.amend": Row(WORK, token=True),
    "POST api_drafts.extend": Row(WORK, token=True, body={"hours": 24}),
    "POST api_drafts.cancel": Row(DECIDE, decides=True, body=REASON),
    "GET api_audit.latest": everywhere((SUPERVISOR, AUDITOR)),
    "GET api_audit.export": everywhere((SUPERVISOR, AUDITOR)),
}
MATRIX = PAGES | API


class Asked(World):
    """A world in which every route can be asked for."""

    def ask(self, client: FlaskClient, name: str, row: Row, **more: Any) -> str:
        """How a request is answered: `in`, `out` (no right), `factor` or `person`."""
        method, path = name.split()[0], self.path(name)
        body = {key: self.grant if value == "{grant}" else value for key, value in row.body.items()}
        sent: dict[str, Any] = {"json": body} if path.startswith("/api/") and not row.parts else {"data": body}
        if row.parts:
            sent = {"data": {key: (BytesIO(value), "p.jpg") for key, value in row.parts.items()}}
        answer = client.open(path, method=method, **(sent if method != "GET" else {}), **more)
        said = answer.get_data().decode(errors="replace")
        assert answer.status_code < 500, (name, said)
        if answer.status_code != 403:
            assert answer.status_code != 401 and "/login" not in (answer.location or ""), name
            return "in"
        if "factor_needed" in said or "Confirm that it is you" in said:
            return "factor"
        return "person" if "person_needed" in said else "out"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(settings_in(tmp_path_factory.mktemp("matrix")))


def routes(world: Asked) -> Iterator[str]:
    for rule in world.desk.app.url_map.iter_rules():
        if not rule.endpoint.startswith("house."):
            yield from (f"{method} {rule.endpoint}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_route_has_a_row_and_every_row_a_route(world: Asked) -> None:
    assert set(routes(world)) == set(MATRIX) | OWN | PUBLIC


@pytest.mark.parametrize("name", MATRIX)
def test_who_is_let_in(world: Asked, name: str) -> None:
    row, found = MATRIX[name], {}
    for (role, place), officer in world.people.items():
        found[role, place] = world.ask(officer.client, name, row)
        if found[role, place] == "in" and not name.startswith("GET"):
            world.restore()
    wanted = {(role, "here"): "in" if role in row.here else "out" for role in ALL}
    wanted |= {(role, "there"): "in" if role in row.there else "out" for role in ALL}
    assert found == wanted


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.decides])
def test_who_may_decide_needs_a_fresh_second_factor(world: Asked, name: str) -> None:
    row = MATRIX[name]
    for role in row.here:
        assert world.ask(world.stale[role].client, name, row) == "factor", role


@pytest.mark.parametrize("name", MATRIX)
def test_what_a_program_may(world: Asked, name: str) -> None:
    row, client = MATRIX[name], world.desk.app.test_client()
    headers = {"Authorization": f"Bearer {world.token}"}
    if name in API or row.token:
        wanted = "in" if row.token else "person" if row.decides or row.person else "out"
        assert world.ask(client, name, row, headers=headers) == wanted
        world.restore()
    else:
        answer = client.open(world.path(name), method=name.split()[0], headers=headers)
        assert answer.status_code in (302, 303) and answer.location.startswith("/login")


def test_an_hour_opens_what_the_role_allows_and_nothing_that_gives_away(world: Asked) -> None:
    away = world.people[REVIEWER, "there"]
    world.people[SUPERVISOR, "here"].act(
        f"cases/{world.ids['case_id']}/hours", {"officer": "reviewer there", "reason": "second eyes at night"}
    )
    opened = [name for name, row in MATRIX.items() if row.here != row.there and name.startswith("GET")]
    opened = [name for name in opened if "probe" not in name]  # a probe belongs to no case
    opened = [name for name in opened if not name.endswith("duplicates.beside")]  # half of it is another case
    assert {name: world.ask(away.client, name, MATRIX[name]) for name in opened} == dict.fromkeys(opened, "in")
    assert world.ask(away.client, "POST candidates.decide", MATRIX["POST candidates.decide"]) == "in"
    assert world.ask(away.client, "POST access.transfer", MATRIX["POST access.transfer"]) == "out"
    world.restore()
    assert world.ask(away.client, "GET cases.one", MATRIX["GET cases.one"]) == "out"
