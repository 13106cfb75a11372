"""`homeward models metrics | use`: what the matcher compared with until now, and going back to it."""

from collections.abc import Mapping
from dataclasses import replace

import click

from services.matcher import history
from services.matcher.history import START, Entry
from services.matcher.models import db
from services.matcher.opening import opened
from shared.config import Settings

PACK = click.option("--pack", help="The model pack; without it the one that is set.")


@click.command("metrics")
@PACK
@click.pass_obj
def metrics(settings: Settings, pack: str | None) -> None:
    """Show what the matcher compares faces with (→), and with what it did before."""
    app, tools = opened(replace(settings, model_pack=pack or settings.model_pack))
    with app.app_context():
        found = history.entries(db.session(), tools.packs.mine.pack)
        db.session.rollback()
    for entry in found:
        click.echo(_line(entry))
    if not any(entry.in_use for entry in found):
        click.echo(f"→ {START:<16}  what the pack {tools.packs.mine.pack.name} starts with: nothing was learned yet")


@click.command("use")
@click.argument("version")
@PACK
@click.pass_obj
def use(settings: Settings, version: str, pack: str | None) -> None:
    """Go back to metric VERSION, or to what the pack starts with: `plain`.

    The matcher goes on learning from there, once it knows half as many faces or confirmed matches again.
    """
    app, tools = opened(replace(settings, model_pack=pack or settings.model_pack))
    with app.app_context(), tools.room.bus.work() as work:
        chosen = history.go_back(work.session, tools.packs.mine.pack, version, work.now)
    click.echo(f"Metric {chosen} is in use from the next search on.")


def _line(entry: Entry) -> str:
    mark = "→" if entry.in_use else " "
    return f"{mark} {entry.version:<16}  {entry.since:%Y-%m-%d %H:%M} UTC  {_made_of(entry.report)}"


def _made_of(report: Mapping[str, object]) -> str:
    """A matching's origin in words."""
    if "start" in report:
        return f"what the pack starts with ({START})"
    told = []
    if "adapted_on" in report:
        told.append(f"adapted to {report['adapted_on']} people")
    if "calibrated_on" in report:
        told.append(f"calibrated on {report['calibrated_on']} people")
    if report.get("fitted"):
        told.append(f"fitted to {report.get('pairs', 0):.0f} confirmed pairs")
    return ", ".join(told) or f"centred on {report.get('seen', 0)} faces"
