"""`homeward audit`: the record verified, kept elsewhere, exported and shown at the command line."""

from datetime import UTC, datetime, timedelta
from typing import IO, Any

import click

from services.operating import desk
from shared.config import Settings


@click.group()
def audit() -> None:
    """The record of every act and every refusal."""


@audit.command("verify")
@click.option("--against", "files", multiple=True, type=click.File(), help="A checkpoint that was kept elsewhere.")
@click.pass_obj
def audit_verify(settings: Settings, files: tuple[IO[str], ...]) -> None:
    """Walk the whole chain, check each signature and every checkpoint; exit 1 if it is broken anywhere."""
    from services.review import audit_checkpoints
    from services.review.audit import verify

    marks = [audit_checkpoints.read(file.read()) for file in files]
    with desk(settings) as tools:
        marks += audit_checkpoints.outside(settings)
        report = verify(tools.room.bus.db.session, tools.room.keys.directory, marks)
    for seq, fault in report.broken:
        click.echo(f"entry {seq}: {fault}")
    if not report.whole:
        raise click.ClickException(f"The audit log of {report.entries} entries does not hold.")
    held = f", and {report.checkpoints} checkpoints agree" if report.checkpoints else ""
    click.echo(f"The audit log holds: {report.entries} entries, unbroken and signed{held}.")


@audit.command("checkpoint")
@click.pass_obj
def audit_checkpoint(settings: Settings) -> None:
    """Write a checkpoint now: print it, put it into the folder, and mail it where that is set."""
    from services.review import audit_checkpoints

    with desk(settings) as tools:
        mark = audit_checkpoints.make(tools)
    if mark is None:
        raise click.ClickException("Nothing has been recorded yet.")
    click.echo(audit_checkpoints.as_text(mark), nl=False)


@audit.command("export")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day, on the UTC clock.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--format", "kind", type=click.Choice(("csv", "json")), default="csv", show_default=True)
@click.pass_obj
def audit_export(settings: Settings, since: datetime | None, until: datetime | None, kind: str) -> None:
    """Write the record of a period to standard output. The words about children stay sealed."""
    from services.review import audit_export as export
    from services.review.audit import ROOM, Wanted, record, text_of
    from services.review.people.store import names
    from services.review.subjects import Subject

    first = since.replace(tzinfo=UTC) if since else None
    last = until.replace(tzinfo=UTC) + timedelta(days=1) if until else None
    with desk(settings) as tools:
        with tools.room.bus.work() as work:
            record(work, tools, "operator", "audit.export", Subject("list", "audit.export"), kind)
        session = tools.room.bus.db.session

        def tell(row: Any) -> tuple[str | None, str]:
            return (text_of(session, tools, row), "readable") if row.sealed_to == ROOM else (None, "hidden")

        for part in export.WRITERS[kind](export.rows(session, Wanted(since=first, until=last), names(session), tell)):
            click.echo(part, nl=False)


@audit.command("show")
@click.option("--last", default=30, show_default=True, type=click.IntRange(1, 100_000), help="How many entries.")
@click.pass_obj
def audit_show(settings: Settings, last: int) -> None:
    """Show the newest entries."""
    from services.review.audit import entries, text_of
    from services.review.people.store import names

    with desk(settings) as tools:
        session = tools.room.bus.db.session
        known = names(session)
        for row in reversed(entries(session, limit=last)):
            said = text_of(session, tools, row)
            text = "(erased)" if said is None else " ".join(said.split())
            act = f"{row.act} refused" if row.refused else row.act
            who = known.get(row.actor, row.actor)
            click.echo(f"{row.seq:>6} {row.at:%Y-%m-%d %H:%M:%S} {who:<22.22} {act:<22} {row.subject_kind}  {text}")
