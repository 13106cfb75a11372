"""The `homeward` program, as an operator uses it."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from services.cli import main
from services.prepare import claim, migrate_room
from services.review.models import db
from shared.bus import Bus
from shared.config import Settings
from shared.db import open_database
from shared.errors import ConfigError
from shared.messages import ForgetRequested
from shared.outbox import Answer, settle
from shared.room import open_room

COMMANDS = (
    "up", "demo", "migrate", "users", "keys", "models", "regions", "audit", "bus", "erase", "doctor", "door", "worker",
    "feeds",
)  # fmt: skip


def homeward(settings: Settings, *arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), env=settings.environment(), input=answer)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(command: str, settings: Settings) -> None:
    shown = homeward(settings, command, "--help")
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()[2]) > 20


def test_keys_are_made_once_and_never_overwritten(tmp_path: Path) -> None:
    settings = Settings.from_env({"HOMEWARD_HOME": str(tmp_path)})
    assert "Keys made" in homeward(settings, "keys", "init").output
    before = (tmp_path / "keys" / "gate.key").read_text()
    again = homeward(settings, "keys", "init")
    assert again.exit_code == 0
    assert "nothing was changed" in again.output
    assert (tmp_path / "keys" / "gate.key").read_text() == before
    assert (tmp_path / "keys" / "gate.key").stat().st_mode & 0o077 == 0


def test_regions_are_found_by_english_and_chinese_names(settings: Settings) -> None:
    assert "SE-O" in homeward(settings, "regions", "find", "Västra Götaland").output
    assert "CN-SH" in homeward(settings, "regions", "find", "上海").output
    assert homeward(settings, "regions", "find", "Atlantis").exit_code == 1


def test_an_absurd_setting_is_named(settings: Settings) -> None:
    shown = CliRunner().invoke(main, ["doctor"], env={"HOMEWARD_INGEST_PORT": "many"})
    assert shown.exit_code == 1
    assert "HOMEWARD_INGEST_PORT is 'many'; set it to a port number" in shown.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SENDER", "Police Dept, X"), ("REDIS_URL", "nonsense"), ("REVIEW_DATABASE_URL", "nonsense"),
        ("ALERTS_PUBLIC_URL", "alerts.example.org"), ("EXERCISE", "maybe"),
    ],
)  # fmt: skip
def test_a_setting_of_the_wrong_form_is_named_by_every_command(settings: Settings, name: str, value: str) -> None:
    for command in (("users", "list"), ("bus", "dead"), ("models", "list")):
        shown = CliRunner().invoke(main, list(command), env=settings.environment() | {f"HOMEWARD_{name}": value})
        assert shown.exit_code == 1
        assert f"Error: HOMEWARD_{name} is " in shown.output


def test_a_database_that_does_not_answer_is_told_in_a_sentence(settings: Settings) -> None:
    nowhere = {"HOMEWARD_REVIEW_DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/x"}
    for command in (("users", "list"), ("audit", "verify"), ("bus", "dead")):
        shown = CliRunner().invoke(main, list(command), env=settings.environment() | nowhere)
        assert shown.exit_code == 1
        assert "Error: The database does not answer as it should" in shown.output
        assert "secret" not in shown.output
    assert "no such table" in homeward(settings, "users", "list").output


def test_a_state_folder_that_cannot_be_one_is_named(settings: Settings) -> None:
    file = settings.home / "file"
    file.touch()
    shown = CliRunner().invoke(main, ["prepare"], env={"HOMEWARD_HOME": str(file)})
    assert shown.exit_code == 1
    assert f"{file} cannot be the state folder" in shown.output


def test_doctor_makes_nothing_where_nothing_is(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["doctor"], env={"HOMEWARD_HOME": str(tmp_path / "new")})
    assert "✗ state folder" in shown.output
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"HOMEWARD_MODEL_PACK": "zzz"}, "set it to one of opencv-zoo"),
        ({"HOMEWARD_MODEL_PACK": "buffalo_l"}, "licensed for non-commercial research only"),
    ],
)
def test_doctor_looks_at_the_chosen_model_pack(settings: Settings, changed: dict[str, str], told: str) -> None:
    shown = CliRunner().invoke(main, ["doctor"], env=settings.environment() | changed)
    assert told in shown.output


@pytest.mark.parametrize("last", ["0", "-5", "99999999999999999999", "x"])
def test_an_absurd_number_of_entries_is_refused(settings: Settings, last: str) -> None:
    shown = homeward(settings, "audit", "show", "--last", last)
    assert shown.exit_code == 2
    assert "Invalid value for '--last'" in shown.output


def test_a_door_alone_says_what_it_lacks_before_it_opens(settings: Settings, tmp_path: Path) -> None:
    bare = CliRunner().invoke(main, ["door", "alerts"], env={"HOMEWARD_HOME": str(tmp_path / "bare")})
    assert "run `homeward keys init`" in bare.output
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        full = CliRunner().invoke(
            main, ["door", "alerts"], env=settings.environment() | {"HOMEWARD_ALERTS_PORT": str(port)}
        )
    assert f"Port {port} is in use" in full.output


def test_an_exercise_cannot_use_the_folder_of_real_work(settings: Settings) -> None:
    claim(settings)
    claim(settings)
    with pytest.raises(ConfigError, match="a folder of its own"):
        claim(Settings.from_env(settings.environment() | {"HOMEWARD_EXERCISE": "1"}))


def test_doctor_says_what_is_missing_and_what_to_do(settings: Settings) -> None:
    shown = homeward(settings, "doctor")
    assert shown.exit_code == 1
    assert "✓ keys" in shown.output
    assert "✗ ingest door" in shown.output
    assert "homeward up" in shown.output


def test_an_officer_is_added_listed_and_a_weak_password_refused(settings: Settings) -> None:
    migrate_room(settings, "review")
    arguments = ("users", "add", "Lind", "--role", "reviewer", "--region", "SE")
    weak = homeward(settings, *arguments, "--password", "short")
    assert weak.exit_code == 1
    assert "at least 12 characters" in weak.output
    assert "no role king" in homeward(settings, "users", "add", "Berg", "--role", "king", "--password", "x" * 20).output
    added = homeward(settings, *arguments, "--password", "a long enough pass phrase")
    assert added.exit_code == 0, added.output
    assert "Lind  reviewer  SE  active" in homeward(settings, "users", "list").output
    verified = homeward(settings, "audit", "verify")
    assert "unbroken" in verified.output


def test_a_dead_letter_is_shown_and_sent_again(settings: Settings) -> None:
    migrate_room(settings, "review")
    app = Flask("review")
    open_database(app, db, settings.database_url("review"))
    bus: Bus = open_room("review", db, settings).bus
    with app.app_context():
        with bus.work() as work:
            id_ = work.publish(ForgetRequested("somebody"))
        with bus.work() as work:
            settle(work.session, bus.outbox, Answer(id_, "matcher", "died", "worker_died", datetime.now(UTC)), work.now)
    shown = homeward(settings, "bus", "dead", "--room", "review")
    assert id_ in shown.output
    assert "worker_died" in shown.output
    assert "1 messages" in homeward(settings, "bus", "requeue", id_, "--room", "review").output
    assert "No dead letters" in homeward(settings, "bus", "dead", "--room", "review").output


def test_erasing_an_unknown_case_says_so(settings: Settings) -> None:
    migrate_room(settings, "review")
    shown = homeward(settings, "erase", "HW-2026-999999", "--yes")
    assert shown.exit_code == 1
    assert "There is no case HW-2026-999999." in shown.output


def test_the_operator_grants_alone_until_there_is_somebody_to_confirm(settings: Settings) -> None:
    migrate_room(settings, "review")
    password = ("--password", "several purple otters knit")
    first = homeward(settings, "users", "add", "Root", "--role", "administrator", *password)
    assert first.exit_code == 0 and "wait" not in first.output
    invited = homeward(settings, "users", "invite", "Ada", "--role", "reviewer", "--region", "FR")
    assert "/invitation#" in invited.output and "wait until an administrator" in invited.output
    assert "Ada    FR  invited" in homeward(settings, "users", "list").output
    assert "stand alone" in homeward(settings, "users", "invite", "B", "--role", "auditor", "--role", "reviewer").output


def test_a_key_is_made_shown_once_listed_and_revoked(settings: Settings) -> None:
    migrate_room(settings, "alerts")
    assert "No key yet" in homeward(settings, "feeds", "keys", "list").output
    made = homeward(settings, "feeds", "keys", "add", "The Daily", "--region", "se", "--rate", "500").output
    assert made.startswith("hwk_")
    listed = homeward(settings, "feeds", "keys", "list").output
    assert "The Daily  read, subscribe  SE  500 a minute  active" in listed
    assert made.splitlines()[0] not in listed
    assert "Nobody has subscribed" in homeward(settings, "feeds", "subscriptions").output
    assert homeward(settings, "feeds", "keys", "revoke", listed.split()[0]).exit_code == 0
    assert "revoked" in homeward(settings, "feeds", "keys", "list").output
    for wrong in (("add", "X", "--region", "XX"), ("add", "X", "--scope", "king"), ("revoke", "nobody")):
        refused = homeward(settings, "feeds", "keys", *wrong)
        assert refused.exit_code != 0 and "Traceback" not in refused.output
