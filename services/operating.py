"""What an operator does at the command line with a stack that runs or rests: people, dead letters, erasure.

What is heavy is imported where it is used: the same program runs the stack for weeks.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from shared.config import Settings
from shared.errors import HomewardError, NotAllowed
from shared.routes import ROOMS


@contextmanager
def desk(settings: Settings) -> Iterator[Any]:
    """The police desk's tools in a context of its database, without the gate's key."""
    from flask import Flask
    from flask_babel import Babel

    from services.review.models import db
    from services.review.tools import Tools
    from shared.db import open_database
    from shared.geo import Regions
    from shared.regions import OWN
    from shared.room import open_room

    app = Flask("desk")
    Babel(app)  # a rule's refusal is in words
    open_database(app, db, settings.database_url("review"))
    with app.app_context():
        yield Tools(open_room("review", db, settings), Regions(own=settings.home / OWN))


@click.group()
def users() -> None:
    """The people at the police desk."""


@users.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="intake_officer, reviewer, supervisor, …")
@click.option("--region", "regions", multiple=True, help="ISO 3166 code of a jurisdiction, for example FR or FR-IDF.")
@click.password_option(help="Asked for if not given; at least 12 characters.")
@click.pass_obj
def users_add(settings: Settings, name: str, roles: tuple[str, ...], regions: tuple[str, ...], password: str) -> None:
    """Add an officer."""
    from marshmallow import ValidationError

    from services.review.people.acts import add_officer

    with desk(settings) as tools, tools.room.bus.work() as work:
        try:
            officer_id = add_officer(work, tools, "operator", name, password, list(roles), list(regions))
        except ValidationError as error:
            raise _in_a_sentence(error) from error
        waits = _waits(work.session, officer_id)
    click.echo(f"{name} may now log in at {settings.public_url('review')}/login.{waits}")


@users.command("invite")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="intake_officer, reviewer, supervisor, …")
@click.option("--region", "regions", multiple=True, help="ISO 3166 code of a jurisdiction, for example FR or FR-IDF.")
@click.pass_obj
def users_invite(settings: Settings, name: str, roles: tuple[str, ...], regions: tuple[str, ...]) -> None:
    """Invite an officer, who then chooses a password that nobody else knows; prints the code, once."""
    from marshmallow import ValidationError

    from services.review.people.acts import invite_officer

    with desk(settings) as tools, tools.room.bus.work() as work:
        try:
            officer_id, code = invite_officer(work, tools, "operator", name, list(roles), list(regions))
        except ValidationError as error:
            raise _in_a_sentence(error) from error
        waits = _waits(work.session, officer_id)
    click.echo(f"{settings.public_url('review')}/invitation#{code}")
    click.echo(f"This link lets {name} in once, within three days. Pass it on in person.{waits}")


def _in_a_sentence(error: Any) -> click.ClickException:
    """What is wrong with the fields of an account."""
    return click.ClickException(" ".join(said for found in error.normalized_messages().values() for said in found))


def _waits(session: Any, officer_id: str) -> str:
    """What is still to be done where the operator alone may not grant a right to decide."""
    from services.review.people.grants import waiting

    if not any(grant.officer_id == officer_id for grant in waiting(session)):
        return ""
    return " These rights wait until an administrator or a supervisor confirms them at the desk, under Rights."


@users.command("list")
@click.pass_obj
def users_list(settings: Settings) -> None:
    """Show who works at the desk."""
    from services.review.people.store import everyone, is_in

    with desk(settings) as tools:
        people = everyone(tools.room.bus.db.session)
        for person in people:
            state = "disabled" if person.disabled else "active" if is_in(person) else "invited"
            click.echo(f"{person.name}  {', '.join(person.roles)}  {', '.join(person.regions) or 'no region'}  {state}")
        if not people:
            click.echo("Nobody yet. Add the first with: homeward users add NAME --role supervisor --region CODE")


@click.command("progress")
@click.pass_obj
def models_progress(settings: Settings) -> None:
    """Show how far the change to another pack is: cases enrolled again, and the pack that searches use."""
    from services.review.cases.renewal import progress

    with desk(settings) as tools:
        told = progress(tools.room.bus.db.session(), tools.room.clock())
    if told is None:
        click.echo("The pack was never changed; there is nothing to enrol again.")
    else:
        click.echo(f"{told.pack.name}: {told.done} of {told.cases} cases enrolled again.")
        if told.stalled:
            click.echo(f"Asked for an hour ago without an answer: {', '.join(told.stalled)}. See `homeward bus dead`.")
    click.echo(_searched_with(settings))


def _searched_with(settings: Settings) -> str:
    from flask import Flask

    from services.matcher import changeover
    from services.matcher.models import db
    from shared.db import open_database

    app = Flask("matcher")
    open_database(app, db, settings.database_url("matcher"))
    with app.app_context():
        now, change = changeover.roles(db.session()), changeover.standing(db.session())
    if now is None:
        return "The matcher has not begun to work yet."
    if change is None:
        return f"Searches use {now.serving.name}."
    if change.too_few:
        return change.why_not
    return (
        f"Searches use {now.serving.name} until {change.missing} more cases are answered under {change.roles.coming}."
    )


@click.group()
def bus() -> None:
    """Messages between the rooms that could not be delivered."""


def _room_bus(settings: Settings, room: str) -> tuple[Any, Any]:
    """A room's application context and bus."""
    from flask import Flask

    from shared.db import open_database
    from shared.room import open_room

    db = importlib.import_module(f"services.{room}.models").db
    app = Flask(room)
    open_database(app, db, settings.database_url(room))
    return app, open_room(room, db, settings).bus


@bus.command("dead")
@click.option("--room", type=click.Choice(ROOMS), help="Only what this room sent.")
@click.pass_obj
def bus_dead(settings: Settings, room: str | None) -> None:
    """Show messages that were given up (dead) or refused for good."""
    from shared.outbox import dead_letters

    count = 0
    for sender in [room] if room else ROOMS:
        app, its = _room_bus(settings, sender)
        with app.app_context():
            for row in dead_letters(its.db.session, its.outbox):
                count += 1
                at = f"{row.written_at:%Y-%m-%d %H:%M}"
                click.echo(f"{row.id}  {at}  {sender} → {row.receiver}  {row.type}  {row.state}: {row.reason}")
    click.echo(f"{count} messages." if count else "No dead letters.")


@bus.command("requeue")
@click.argument("ids", nargs=-1)
@click.option("--room", type=click.Choice(ROOMS), help="Only what this room sent.")
@click.pass_obj
def bus_requeue(settings: Settings, ids: tuple[str, ...], room: str | None) -> None:
    """Send dead messages again: those of IDS, or all. Refused ones stay refused."""
    from shared.outbox import requeue

    count = 0
    for sender in [room] if room else ROOMS:
        app, its = _room_bus(settings, sender)
        with app.app_context(), its.work() as work:
            count += requeue(work.session, its.outbox, list(ids) or None, work.now)
    click.echo(f"{count} messages will be sent again.")


@click.command()
@click.argument("number")
@click.option("--reason", default="", help="For the audit log.")
@click.confirmation_option(prompt="The case's words and photographs will be unreadable for ever. Go on?")
@click.pass_obj
def erase(settings: Settings, number: str, reason: str) -> None:
    """Destroy the content key of the ended case NUMBER (for example HW-2026-000001), now."""
    from services.review.acting import perform
    from services.review.cases import store
    from services.review.cases.ending import erase as erase_case

    with desk(settings) as tools:
        case = store.by_number(tools.room.bus.db.session, number)
        if case is None:
            raise HomewardError(f"There is no case {number}.")
        try:
            perform(tools, erase_case, None, case.id, reason or "by the operator")
        except NotAllowed as refusal:
            raise HomewardError(f"{number} cannot be erased: {refusal}. Close or reject the case first.") from refusal
    click.echo(f"{number} is erased: its content key is destroyed and its photographs are gone.")


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Look at everything the stack needs, and say what to do where something is wrong."""
    from services.checkup import findings

    ill = 0
    for name, fault in findings(settings):
        click.echo(f"{'✗' if fault else '✓'} {name}{': ' + fault if fault else ''}")
        ill += bool(fault)
    if ill:
        raise click.ClickException(f"{ill} of these need your attention.")
