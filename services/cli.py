"""`homeward`: the one program that knows all four rooms. Each command says what it does with --help."""

import importlib
import signal
import sys
import time
from typing import Any

import click

from services import auditing, operating
from services.alerts.commands import feeds
from shared.config import Settings
from shared.errors import HomewardError
from shared.routes import ROOMS

STOPPING = (signal.SIGINT, signal.SIGTERM)


OUTSIDE = {"sqlalchemy": "The database", "redis": "The queue server", "botocore": "The photo store"}


class _Plainly(click.Group):
    """Our own errors, and those of what we stand on, are told in one sentence, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HomewardError as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            if told := _from_outside(error):
                raise click.ClickException(f"{told} `homeward doctor` looks at everything.") from error
            raise


def _from_outside(error: Exception) -> str:
    """What a database, the queue server, a store or the disk says; nothing for a mistake of our own."""
    said, *_ = str(error).splitlines() or [type(error).__name__]
    if (who := OUTSIDE.get(type(error).__module__.partition(".")[0])) is not None:
        return f"{who} does not answer as it should: {said}."
    return f"{said}." if isinstance(error, OSError) else ""


@click.group(cls=_Plainly, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="homeward", message="homeward %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Homeward finds missing children. Settings come from the environment: see docs/settings.md."""
    ctx.obj = Settings.from_env()


def say(text: str) -> None:
    click.echo(text)
    sys.stdout.flush()


@main.command()
@click.pass_obj
def up(settings: Settings) -> None:
    """Prepare what is missing, then run the whole stack here until Ctrl-C."""
    from services.stack import Stack, prepare_apart

    prepare_apart(settings)
    stopping = _listen_for_stop()
    with Stack(settings, say) as stack:
        seconds = stack.wait_until_ready()
        say(f"All doors are open after {seconds:.1f} s.")
        for line in _addresses(settings):
            say(line)
        say("Ctrl-C stops everything.")
        while not stopping:
            stack.tend()
            time.sleep(0.2)
        say("Stopping …")


def _listen_for_stop() -> list[int]:
    """A list that fills when the process is told to stop."""
    stopping: list[int] = []
    for number in STOPPING:
        signal.signal(number, lambda caught, _frame: stopping.append(caught))
    return stopping


def _addresses(settings: Settings) -> list[str]:
    return [
        f"  Families     {settings.public_url('ingest')}/",
        f"  Police desk  {settings.public_url('review')}/",
        f"  Alerts       {settings.public_url('alerts')}/",
    ]


@main.command()
@click.option("--exit", "leave", is_flag=True, help="Stop the stack at the end; exit 0 only if every step held.")
@click.pass_obj
def demo(settings: Settings, leave: bool) -> None:
    """Play one whole story, as an exercise, on a running stack of its own."""
    from services.demo.play import play

    sys.exit(play(settings, leave=leave))


@main.command()
@click.argument("room", type=click.Choice(("ingest", "review", "alerts")))
@click.pass_obj
def door(settings: Settings, room: str) -> None:
    """Serve one room's door alone (for a stack over several machines)."""
    from services.processes import run_door
    from services.stack import check_port
    from shared.keys import load_room_keys

    load_room_keys(settings.home / "keys", room)
    check_port(settings, room)
    run_door(room, settings)


@main.command()
@click.argument("room", type=click.Choice(ROOMS))
@click.pass_obj
def worker(settings: Settings, room: str) -> None:
    """Work for one room alone; as many as wanted may run."""
    from services.processes import run_worker

    run_worker(room, settings)


@main.command()
@click.pass_obj
def prepare(settings: Settings) -> None:
    """Make what is missing: keys, face models, databases. What is there stays as it is."""
    from services.prepare import prepare as prepare_all

    prepare_all(settings, say)


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring every room's database to the newest version."""
    from services.prepare import migrate_all

    migrate_all(settings, say)


@main.group()
def keys() -> None:
    """The rooms' key pairs."""


@keys.command("init")
@click.pass_obj
def keys_init(settings: Settings) -> None:
    """Make every room's keys, and the directory that the operator's key signs. Never overwrites."""
    from services.prepare import make_keys

    if not make_keys(settings, say):
        say(f"There are keys in {settings.home / 'keys'} already; nothing was changed.")


class _Later(click.Group):
    """Commands that load what is heavy only when they are asked for: the same program runs the stack for weeks."""

    PLACES = {
        "adapt": "services.matcher.commands",
        "calibrate": "services.matcher.commands",
        "evaluate": "services.matcher.evaluation.command",
        "metrics": "services.matcher.choosing",
        "use": "services.matcher.choosing",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.PLACES])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.PLACES:
            return super().get_command(ctx, name)
        command: click.Command = getattr(importlib.import_module(self.PLACES[name]), name)
        return command


@main.group(cls=_Later)
def models() -> None:
    """The face model packs."""


@models.command("list")
@click.pass_obj
def models_list(settings: Settings) -> None:
    """Show the packs: which is set (→) and which are installed, their licences, dimensions and sizes."""
    from services.matcher.packs import describe_packs

    for pack in describe_packs(settings):
        mark = "→" if pack.chosen else " "
        size = f"{pack.size / 1e6:.0f} MB" if pack.size else "-"
        say(f"{mark} {pack.name:<25} {pack.dimension:>4} numbers {size:>7}  {pack.state:<21} {pack.licence}")


@models.command("install")
@click.argument("pack", required=False)
@click.pass_obj
def models_install(settings: Settings, pack: str | None) -> None:
    """Fetch PACK, or the pack that is set, verify each file and prepare its networks."""
    from services.matcher.packs import install_pack

    name = pack or settings.model_pack
    done = install_pack(settings, name, say)
    say(
        f"{name} is in {settings.models}." if done else f"{name} was in {settings.models} already; nothing was changed."
    )


@models.command("verify")
@click.pass_obj
def models_verify(settings: Settings) -> None:
    """Hold every file of every installed pack to its SHA-256; exit 1 where one is changed."""
    from services.matcher.packs import verify_packs

    found = verify_packs(settings)
    for finding in found:
        say(f"{'✗' if finding.wrong else '✓'} {finding.pack:<25} {finding.text}")
    if not found:
        raise click.ClickException("No pack is installed; run `homeward models install`.")
    if any(finding.wrong for finding in found):
        sys.exit(1)


@main.group()
def regions() -> None:
    """The regions that alerts are for."""


@regions.command("find")
@click.argument("text")
@click.pass_obj
def regions_find(settings: Settings, text: str) -> None:
    """Find a region's code by its name, English or Chinese."""
    from shared.regions import OWN, Regions

    found = Regions(own=settings.home / OWN).search(text)
    for region in found:
        say(f"{region.code:<8} {region.name_en}  {region.name_zh}")
    if not found:
        raise click.ClickException(f"No region has {text!r} in its name.")


@regions.command("import")
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def regions_import(settings: Settings, file: Any) -> None:
    """Take regions of your own out of a GeoJSON file: a code that begins with its region's, and a name for each."""
    from services.own_regions import MOST_BYTES, read, save
    from shared.regions import OWN, Regions

    found = read(file.read(MOST_BYTES + 1), Regions(own=settings.home / OWN))
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    save(settings.home / OWN, found)
    for region in found:
        say(f"{region.code:<20} {region.name_en}, in {region.parent or 'no other region'}")
    say(f"{len(found)} regions are in {settings.home / OWN}. Doors and workers know them once they are started again.")


@main.group()
def exercise() -> None:
    """Alerts that are an exercise, to develop a feed's reader against."""


@exercise.command("start")
@click.option("--region", default="SE-O", show_default=True, help="Code of the region that the alerts are for.")
@click.option("--every", default=15.0, show_default=True, type=click.FloatRange(0, 3600), help="Seconds between acts.")
@click.option("--steps", type=click.IntRange(1), help="How many acts; until Ctrl-C if not given.")
@click.pass_obj
def exercise_start(settings: Settings, region: str, every: float, steps: int | None) -> None:
    """Publish, amend and cancel invented alerts on a running exercise stack, one after the other."""
    from services.exercising import start

    with operating.desk(settings) as tools:
        feed = f"{settings.public_url('alerts')}/v1/regions/{region}/alerts.geojson?status=exercise"
        say(f"Watch {feed}. Ctrl-C cancels what is live and ends.")
        start(tools, region, every, steps, say)


models.add_command(operating.models_progress)
for command in (operating.users, auditing.audit, operating.bus, operating.erase, operating.doctor, feeds):
    main.add_command(command)

if __name__ == "__main__":
    main()
