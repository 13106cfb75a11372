"""`homeward feeds`: what an operator does for those who take the feeds. Heavy things load when used."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from shared.config import Settings


@contextmanager
def _room(settings: Settings) -> Iterator[Any]:
    """The alerts room's tools in a context of its database."""
    from services.alerts.worker import open_worker

    app, tools = open_worker(settings)
    with app.app_context():
        yield tools


@click.group()
def feeds() -> None:
    """Who takes the feeds: keys and subscriptions."""


@feeds.group("keys")
def keys() -> None:
    """API keys of newsrooms: more requests a minute, webhooks."""


@keys.command("add")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(("read", "subscribe")), default=("read", "subscribe"),
    show_default=True, help="read: more requests a minute; subscribe: webhooks.",
)  # fmt: skip
@click.option("--region", "codes", multiple=True, help="ISO 3166 code of a region it may subscribe to; none: all.")
@click.option("--rate", default=3000, show_default=True, type=click.IntRange(1, 1_000_000), help="Requests a minute.")
@click.pass_obj
def keys_add(settings: Settings, name: str, scopes: tuple[str, ...], codes: tuple[str, ...], rate: int) -> None:
    """Make a key for NAME and print it: it is shown this once."""
    from services.alerts.deliver.keys import add

    with _room(settings) as tools, tools.room.bus.work() as work:
        secret = add(work.session, tools.regions, work.now, name, scopes, codes, rate)
    click.echo(secret)
    click.echo("Pass it on in person; it is not shown again.", err=True)


@keys.command("list")
@click.pass_obj
def keys_list(settings: Settings) -> None:
    """Show the keys: id, name, what they are for, whether they are revoked."""
    from services.alerts.deliver.keys import everyone

    with _room(settings) as tools:
        found = everyone(tools.room.bus.db.session)
        for key in found:
            where = ", ".join(key.regions) or "all regions"
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "active"
            click.echo(f"{key.id}  {key.name}  {', '.join(key.scopes)}  {where}  {key.per_minute} a minute  {state}")
        if not found:
            click.echo("No key yet. Make one with: homeward feeds keys add NAME")


@keys.command("revoke")
@click.argument("key_id")
@click.pass_obj
def keys_revoke(settings: Settings, key_id: str) -> None:
    """End the key KEY_ID and its subscriptions, within five seconds."""
    from services.alerts.deliver.keys import revoke

    with _room(settings) as tools, tools.room.bus.work() as work:
        revoke(work, key_id)
    click.echo("Revoked.")


@feeds.command("subscriptions")
@click.pass_obj
def subscriptions(settings: Settings) -> None:
    """Show who is told of alerts by webhook, and who cannot be reached."""
    from services.alerts.deliver.keys import everyone
    from services.alerts.deliver.models import Subscription

    with _room(settings) as tools:
        session = tools.room.bus.db.session
        names = {key.id: key.name for key in everyone(session)}
        found = session.query(Subscription).order_by(Subscription.made_at).all()
        for row in found:
            since = f"  failing since {row.troubled_since:%Y-%m-%d %H:%M} UTC" if row.troubled_since else ""
            click.echo(f"{row.id}  {names[row.key_id]}  {row.state}  {row.url}{since}  {row.reason}".rstrip())
        if not found:
            click.echo("Nobody has subscribed.")
