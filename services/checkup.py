"""What `homeward doctor` looks at."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from services.alerts.deliver import stores
from services.alerts.deliver.static import named
from services.matcher import install
from services.matcher.manifests import chosen
from services.processes import DOORS
from services.stack import is_ready
from shared.blobs import open_store
from shared.config import Settings
from shared.errors import HomewardError
from shared.keys import load_gate_key, load_room_keys, random_id
from shared.regions import Regions
from shared.routes import ROOMS


def findings(settings: Settings) -> Iterator[tuple[str, str]]:
    """(what was looked at, what is wrong with it and what to do, or nothing) for each part, one by one."""
    if not settings.home.is_dir():
        yield "state folder", f"{settings.home} is not there yet; run `homeward up`, or `homeward prepare` alone."
        return
    checks: list[tuple[str, Callable[[], None]]] = [
        ("keys", lambda: _keys(settings)),
        ("model pack", lambda: _models(settings)),
        ("queue", lambda: _queue(settings)),
        ("photo store", lambda: _store(settings)),
        ("feeds as files", lambda: _files(settings)),
    ]
    checks += [(f"{room} database", lambda room=room: _database(settings, room)) for room in ROOMS]  # type: ignore[misc]
    checks += [(f"{room} door", lambda room=room: _door(settings, room)) for room in DOORS]  # type: ignore[misc]
    for name, check in checks:
        try:
            check()
        except HomewardError as error:
            yield name, str(error)
        except Exception as error:
            yield name, f"{type(error).__name__}: {error}"
        else:
            yield name, ""


def _keys(settings: Settings) -> None:
    for room in ROOMS:
        load_room_keys(settings.home / "keys", room)
    load_gate_key(settings.home / "keys")


def _models(settings: Settings) -> None:
    wrong = install.faults(chosen(settings), settings.models)
    if wrong:
        raise HomewardError(f"{', '.join(wrong)} missing or changed; run `homeward models install`.")


def _queue(settings: Settings) -> None:
    Redis.from_url(settings.queue_url(), socket_connect_timeout=2, socket_timeout=2).ping()


def _store(settings: Settings) -> None:
    store, name = open_store(settings.store_url(), "doctor"), random_id()
    store.put(name, b"homeward")
    store.get(name)
    store.delete(name)


def _files(settings: Settings) -> None:
    """Whether they can be written; not whether a server reads them."""
    store = stores.open_static_store(settings.static_store_url())
    if store is None:
        return
    named(settings, Regions())
    page = stores.Page(f"/doctor-{random_id()}", "", b"homeward", "text/plain", "no-store", datetime.now(UTC))
    store.put(page)
    store.delete(page.name)


def _database(settings: Settings, room: str) -> None:
    url = make_url(settings.database_url(room))
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    elif url.database and not Path(url.database).exists():
        raise HomewardError("not there yet; run `homeward migrate`.")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT version_num FROM alembic_version")).one()
    except SQLAlchemyError as error:
        said, *_ = str(error).splitlines()
        raise HomewardError(f"{said}. If it answers but is empty, run `homeward migrate`.") from error
    finally:
        engine.dispose()


def _door(settings: Settings, room: str) -> None:
    if not is_ready(settings, room):
        raise HomewardError(f"nothing ready answers on port {settings.port(room)}; start the stack with `homeward up`.")
