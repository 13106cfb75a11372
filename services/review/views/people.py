"""The people of the desk: who may do what where, for administrators."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.cases import renewal
from services.review.people import acts, factors, grants, invitations, sessions, store
from services.review.people.rules import ROLES
from services.review.views.access import needs, officer
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("people", __name__)


@pages.get("/people")
@needs("people.read")
def listed() -> str:
    return _page()


@pages.post("/people")
@needs("people.write")
def add() -> ResponseReturnValue:
    """Invites somebody new; the answer shows the code, once."""
    form, made = request.form, []

    def invite() -> None:
        given = (form.get("name", ""), form.getlist("roles"), _regions())
        made.append(perform(tools(), acts.invite, officer(), "new", *given))

    answer = attempt(invite, lambda _: "", _page, _field)
    return _invitation(*made[0]) if made else answer


@pages.get("/people/<id:officer_id>")
@needs("people.read")
def one(officer_id: str) -> str:
    return _person(officer_id)


@pages.post("/people/<id:officer_id>/invitation")
@needs("people.write")
def invite_again(officer_id: str) -> ResponseReturnValue:
    """Another code for somebody who lost the way in."""
    made: list[str] = []
    answer = attempt(
        lambda: made.append(perform(tools(), acts.invite_again, officer(), officer_id)),
        lambda _: "",
        lambda trouble: _person(officer_id, trouble),
    )
    return _invitation(officer_id, made[0]) if made else answer


@pages.post("/people/<id:officer_id>/rights")
@needs("people.write")
def change_rights(officer_id: str) -> ResponseReturnValue:
    roles, regions = request.form.getlist("roles"), _regions()
    return attempt(
        lambda: perform(tools(), acts.change_rights, officer(), officer_id, roles, regions),
        lambda given: url_for("people.one", officer_id=officer_id, done="changed" if given else "asked"),
        lambda trouble: _person(officer_id, trouble),
        _field,
    )


@pages.post("/people/<id:officer_id>/log-out")
@needs("people.write")
def log_out(officer_id: str) -> ResponseReturnValue:
    return _one_act(officer_id, "logged_out", acts.log_out_everywhere)


@pages.post("/people/<id:officer_id>/disable")
@needs("people.write")
def disable(officer_id: str) -> ResponseReturnValue:
    return _one_act(officer_id, "disabled", acts.disable)


@pages.post("/people/<id:officer_id>/admit")
@needs("people.write")
def admit(officer_id: str) -> ResponseReturnValue:
    return _one_act(officer_id, "admitted", acts.admit)


def _one_act(officer_id: str, done: str, act: Callable[..., Any]) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), act, officer(), officer_id),
        lambda _: url_for("people.one", officer_id=officer_id, done=done),
        lambda trouble: _person(officer_id, trouble),
    )


def _regions() -> list[str]:
    return request.form.get("regions", "").upper().replace(",", " ").split()


def _field(pointer: str) -> str:
    return pointer.partition("/")[0]


def _invitation(officer_id: str, code: str) -> str:
    link = link_of(code)
    person, until = store.get(db.session(), officer_id), now() + invitations.LASTS
    waits = any(grant.officer_id == officer_id for grant in grants.waiting(db.session()))
    return render_template("review/invited.html", person=person, code=code, link=link, until=until, waits=waits)


def link_of(code: str) -> str:
    """Where an invitation's code is accepted; browsers send what stands behind # to nobody."""
    return f"{tools().room.settings.public_url('review')}{url_for('invitation.ask')}#{code}"


def _person(officer_id: str, trouble: Trouble = NONE) -> str:
    session, person = db.session(), store.get(db.session(), officer_id)
    return render_template(
        "review/person.html", person=person, is_in=store.is_in(person), roles=ROLES, trouble=trouble,
        form=request.form, done=request.args.get("done", ""), names=store.names(session),
        grant=next((item for item in grants.waiting(session) if item.officer_id == officer_id), None),
        invitation=invitations.open_ones(session, now()).get(officer_id),
        factors=factors.of_officer(session, officer_id), sessions=sessions.of_officer(session, officer_id, now()),
    )  # fmt: skip


def _page(trouble: Trouble = NONE) -> str:
    session = db.session()
    return render_template(
        "review/people.html", rows=store.everyone(session), roles=ROLES, trouble=trouble, form=request.form,
        done=request.args.get("done", ""), invitations=invitations.open_ones(session, now()), is_in=store.is_in,
        waiting={item.officer_id for item in grants.waiting(session)}, renewal=renewal.progress(session, now()),
    )  # fmt: skip
