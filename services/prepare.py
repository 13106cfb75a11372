"""Makes an empty state folder ready: keys, the face models, every room's database. What is there stays as it is."""

import importlib
from collections.abc import Callable

from flask import Flask

from services.matcher import install
from services.matcher.manifests import MANIFESTS, chosen
from services.matcher.sources import OPENCV_ZOO
from shared.certificate import create_certificate
from shared.config import Settings
from shared.db import open_database
from shared.errors import ConfigError
from shared.keys import create_keys, load_directory
from shared.migrate import migrate
from shared.routes import ROOMS

Say = Callable[[str], None]


def prepare(settings: Settings, say: Say) -> None:
    """Raises ConfigError, SealBroken or HomewardError with what to do."""
    claim(settings)
    make_keys(settings, say)
    fetch_models(settings, say)
    migrate_all(settings, say)


def claim(settings: Settings) -> None:
    """A state folder is for exercises or for real work; the first start decides. Raises ConfigError for the other."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(
            f"{settings.home} cannot be the state folder: {error.strerror}. Set HOMEWARD_HOME."
        ) from error
    mark, kind = settings.home / "kind", "exercise" if settings.exercise else "actual"
    if not mark.exists():
        mark.write_text(kind + "\n")
    if (found := mark.read_text().strip()) != kind:
        raise ConfigError(
            f"The state folder {settings.home} is for {found} work and this stack is {kind}. "
            "Set HOMEWARD_HOME to a folder of its own."
        )


def make_keys(settings: Settings, say: Say) -> bool:
    """Every room's keys and the directory that the operator's key signs, once."""
    made = create_keys(settings.home / "keys", ROOMS)
    load_directory(settings.home / "keys")
    create_certificate(settings.home / "keys")  # a folder of an older version has none
    if made:
        say(f"Keys made in {settings.home / 'keys'}. Keep operator.key somewhere safe, away from this machine.")
    return made


def fetch_models(settings: Settings, say: Say) -> None:
    """The face detector, which the families' door uses too, and what the pack that is set needs."""
    for manifest in (MANIFESTS[OPENCV_ZOO.folder], chosen(settings)):
        if manifest.sources and install.install(manifest, settings.models, say):
            say(f"The model pack {manifest.name} is installed; each file has the SHA-256 that we know.")


def migrate_all(settings: Settings, say: Say) -> None:
    """Brings every room's database to the newest version."""
    for room in ROOMS:
        try:
            migrate_room(settings, room)
        except ConfigError:
            raise
        except Exception as error:
            raise ConfigError(
                f"The {room} database could not be brought up to date: {error}. "
                f"Check HOMEWARD_{room.upper()}_DATABASE_URL; nothing in it was changed."
            ) from error
    say("Databases are up to date.")


def migrate_room(settings: Settings, room: str) -> None:
    db = importlib.import_module(f"services.{room}.models").db
    app = Flask(room)
    open_database(app, db, settings.database_url(room))
    migrate(app, db, room)
