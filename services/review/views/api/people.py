"""The people of the desk and their rights as JSON: invited, given and denied rights, barred and let in again."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.people import acts, grants, invitations
from services.review.views import shapes, shapes_people
from services.review.views.access import needs, officer
from services.review.views.api.answers.people import Grants, Invited, People, PersonFull
from services.review.views.bodies import Confirmation, Invitation, Refusal, RightsWanted, body
from services.review.views.context import now, tools
from services.review.views.people import link_of
from shared.openapi import operation

pages = Blueprint("api_people", __name__)


@pages.get("/people")
@needs("people.read")
@operation("List everybody at the desk", gives=People)
def listed() -> Response:
    return jsonify(people=shapes_people.everyone())


@pages.post("/people")
@needs("people.write")
@operation("Invite somebody new", takes=Invitation, gives=Invited, status=201)
def invite() -> ResponseReturnValue:
    """The person comes in with the code, at a browser. Rights to decide or to grant then wait for a second granter."""
    given = body(Invitation)
    return _invited(*perform(tools(), acts.invite, officer(), "new", given.name, given.roles, given.regions)), 201


@pages.get("/people/<id:officer_id>")
@needs("people.read")
@operation("Read what somebody may do, and where they are logged in", gives=PersonFull)
def one(officer_id: str) -> Response:
    return jsonify(shapes_people.person(officer_id))


@pages.post("/people/<id:officer_id>/invitation")
@needs("people.write")
@operation("Invite somebody anew who lost the way in", gives=Invited, status=201)
def invite_again(officer_id: str) -> ResponseReturnValue:
    return _invited(officer_id, perform(tools(), acts.invite_again, officer(), officer_id)), 201


@pages.put("/people/<id:officer_id>/rights")
@needs("people.write")
@operation("Change somebody's roles and regions", takes=RightsWanted, gives=PersonFull)
def change_rights(officer_id: str) -> ResponseReturnValue:
    """Takes effect at once, but where somebody is to decide or to grant: then `grant` waits for a second granter."""
    given = body(RightsWanted)
    return _done(officer_id, acts.change_rights, given.roles, given.regions)


@pages.post("/people/<id:officer_id>/log-out")
@needs("people.write")
@operation("End every log-in of somebody", gives=PersonFull)
def log_out(officer_id: str) -> ResponseReturnValue:
    return _done(officer_id, acts.log_out_everywhere)


@pages.post("/people/<id:officer_id>/disable")
@needs("people.write")
@operation("Bar somebody; their log-ins and tokens end at once", gives=PersonFull)
def disable(officer_id: str) -> ResponseReturnValue:
    return _done(officer_id, acts.disable)


@pages.post("/people/<id:officer_id>/admit")
@needs("people.write")
@operation("Let somebody in again who was barred", gives=PersonFull)
def admit(officer_id: str) -> ResponseReturnValue:
    return _done(officer_id, acts.admit)


@pages.get("/grants")
@needs("role.confirm")
@operation("List the rights that wait for a second granter", gives=Grants)
def waiting() -> Response:
    return jsonify(grants=shapes_people.waiting())


@pages.post("/grants/<id:officer_id>/confirm")
@needs("role.confirm")
@operation("Confirm rights, as their second granter", takes=Confirmation, gives=Grants)
def confirm(officer_id: str) -> ResponseReturnValue:
    perform(tools(), grants.confirm, officer(), officer_id, body(Confirmation).grant)
    return waiting()


@pages.post("/grants/<id:officer_id>/refuse")
@needs("role.confirm")
@operation("Turn down rights that wait, or take them back", takes=Refusal, gives=Grants)
def refuse(officer_id: str) -> ResponseReturnValue:
    given = body(Refusal)
    perform(tools(), grants.refuse, officer(), officer_id, given.grant, given.reason)
    return waiting()


def _invited(officer_id: str, code: str) -> Response:
    ends = shapes.time(now() + invitations.LASTS)
    return jsonify(officer=officer_id, code=code, link=link_of(code), ends_at=ends)


def _done(officer_id: str, act: Callable[..., Any], *given: Any) -> ResponseReturnValue:
    perform(tools(), act, officer(), officer_id, *given)
    return one(officer_id)
