"""The record: any change, gap or reordering is found and named; the database refuses it before; checkpoints, export."""

import csv
import io
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from desk import Desk, Officer
from sqlalchemy.exc import DBAPIError

from services.cli import main
from services.review import audit_checkpoints
from services.review.audit import verify
from services.review.models import db
from shared.config import Settings

Found = list[tuple[int, str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, settings: Settings) -> Desk:
    if request.param == "postgresql":
        settings = replace(settings, review_database_url=request.getfixturevalue("postgres")())
    return Desk(settings)


@pytest.fixture
def auditor(desk: Desk) -> Officer:
    """Reads the record; eight entries of a case's beginning are in it."""
    officer = desk.officer("Ada")
    case_id = desk.report()
    for act in ("start", "withdraw"):
        officer.act(f"cases/{case_id}/{act}")
    return desk.officer("Noor", "auditor", regions=())


def broken(desk: Desk) -> Found:
    with desk.app.app_context():
        return list(verify(db.session(), desk.tools.room.keys.directory, _outside(desk)).broken)


def _outside(desk: Desk) -> Iterator[audit_checkpoints.Mark]:
    return audit_checkpoints.outside(desk.settings)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'nobody' WHERE seq = 2", "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit_checkpoints", "UPDATE audit_checkpoints SET hash = 'x'",
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_or_delete_an_entry(desk: Desk, auditor: Officer, statement: str) -> None:
    with desk.app.app_context():
        audit_checkpoints.make(desk.tools)
        with pytest.raises(DBAPIError, match="append-only"), desk.tools.room.bus.work() as work:
            work.session.connection().exec_driver_sql(statement)
    assert broken(desk) == []


def test_the_database_refuses_to_replace_or_to_empty(desk: Desk, auditor: Officer) -> None:
    with desk.app.app_context():
        postgresql = db.engine.dialect.name == "postgresql"
        statement = "TRUNCATE audit" if postgresql else "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 2"
        with pytest.raises(DBAPIError, match="append-only"), desk.tools.room.bus.work() as work:
            work.session.connection().exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit SET actor = 'nobody' WHERE seq = 3"], [(3, "it was changed")]),
        (["UPDATE audit SET origin = NULL WHERE seq = 3"], [(3, "it was changed")]),
        (["UPDATE audit SET signature = 'AAAA' WHERE seq = 3"], [(3, "its signature does not hold")]),
        (
            ["DELETE FROM audit WHERE seq IN (3, 4)"],
            [
                (3, "from here on rows are missing"), (5, "it does not follow the row before it"),
                (5, "rows before it are missing"),
            ],
        ),
    ],
    ids=["changed", "origin taken away", "signature", "gap"],
)  # fmt: skip
def test_what_was_done_to_the_record_is_found_and_named(
    desk: Desk, auditor: Officer, statements: list[str], found: Found
) -> None:
    desk.tamper(*statements)
    assert broken(desk) == found
    told = auditor.read("audit?verify=1")["verified"]
    assert not told["whole"] and {row["seq"] for row in told["broken"]} == {seq for seq, _ in found}


def test_two_entries_that_changed_places_are_found(desk: Desk, auditor: Officer) -> None:
    desk.tamper(
        "UPDATE audit SET seq = 1000 WHERE seq = 3", "UPDATE audit SET seq = 3 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 1000",
    )  # fmt: skip
    faults = broken(desk)
    assert {seq for seq, fault in faults if fault == "it was changed"} == {3, 4}
    assert {seq for seq, fault in faults if fault == "it was moved from another place"} >= {3, 4}


def test_a_record_cut_at_its_end_is_found_by_the_checkpoint_that_was_kept(desk: Desk, auditor: Officer) -> None:
    with desk.app.app_context():
        mark = audit_checkpoints.make(desk.tools)
        assert mark
    desk.tamper(
        "DELETE FROM audit WHERE seq = (SELECT seq FROM audit_head)",
        "UPDATE audit_head SET seq = seq - 1, hash = (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1)",
    )
    assert broken(desk) == [(mark.seq, "it is not what a checkpoint says")]


def test_the_auditor_sees_where_on_the_page(desk: Desk, auditor: Officer) -> None:
    assert "The record is whole" in auditor.get("/audit?verify=1").get_data(as_text=True)
    desk.tamper("UPDATE audit SET act = 'case.start' WHERE seq = 4")
    page = auditor.get("/audit?verify=1").get_data(as_text=True)
    assert "tampered with" in page and "#entry-4" in page and "it was changed" in page


def test_reading_is_recorded_once_in_ten_minutes_and_so_is_a_refused_look(desk: Desk, auditor: Officer) -> None:
    officer, away = desk.officer("Cleo"), desk.officer("Bert", regions=("DE",))
    case_id = desk.report()
    photo = desk.photos_of(case_id=case_id)[0]
    for _ in range(2):
        officer.get(f"/cases/{case_id}")
        officer.get(f"/api/v1/photos/{photo}")
        officer.get("/cases")
        away.get(f"/cases/{case_id}")
    entries = auditor.read("audit")["entries"]
    looked = [(row["actor_name"], row["act"], row["subject"]["kind"], row["refused"]) for row in entries]
    assert [row for row in looked if row[0] in ("Cleo", "Bert") and row[1].endswith(".read")][::-1] == [
        ("Cleo", "case.read", "case", False), ("Cleo", "photo.read", "photo", False),
        ("Cleo", "case.read", "list", False), ("Bert", "case.read", "case", True),
    ]  # fmt: skip
    assert all(row["origin"].startswith("127.0.0.1, log-in ") for row in entries if row["act"] == "photo.read")
    assert not any(row["act"] == "case.read" for row in officer.read(f"cases/{case_id}")["audit"])


def test_the_record_is_asked_by_person_kind_case_day_and_refusals(desk: Desk, auditor: Officer) -> None:
    officer = desk.officer("Cleo")
    case_id = desk.report()
    number = officer.read(f"cases/{case_id}")["number"]
    officer.refused(f"cases/{case_id}/register")
    me = officer.read("session")["officer"]["id"]

    def asked(query: str) -> list[str]:
        return [row["act"] for row in auditor.read(f"audit?reads=no&{query}")["entries"]]

    assert asked(f"who={me}&act=case") == ["case.register"]
    assert asked(f"about={number}") == ["case.register", "case.open"]
    assert asked("refused=1&act=case") == ["case.register"]
    assert asked("until=2020-01-01") == [] and "case.open" in asked("since=2020-01-01")
    page = auditor.get(f"/audit?about={number}&act=case").get_data(as_text=True)
    assert f'value="{number}"' in page and "Report received" in page


def test_the_record_of_a_period_is_exported_with_its_chain(desk: Desk, auditor: Officer) -> None:
    answer = auditor.get("/audit/export?format=csv&since=2020-01-01")
    assert answer.content_type.startswith("text/csv") and "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [int(row["seq"]) for row in rows] == list(range(1, len(rows) + 1))
    assert all(later["previous"] == row["hash"] for row, later in pairwise(rows))
    told = json.loads(auditor.get("/api/v1/audit/export?format=json&act=case").get_data())
    assert {row["act"] for row in told} == {"case.open", "case.start", "case.withdraw"}
    assert {row["text_state"] for row in told} == {"hidden"}  # an auditor reads no words about a child
    assert auditor.get("/audit/export?format=xml").status_code == 400
    assert [row["act"] for row in auditor.read("audit?act=audit.export")["entries"]] == ["audit.export"] * 2


def test_what_a_spreadsheet_takes_for_a_formula_is_made_harmless(desk: Desk, auditor: Officer) -> None:
    desk.officer("=HYPERLINK(1)").read("session")
    rows = csv.DictReader(io.StringIO(auditor.get("/audit/export").get_data(as_text=True)))
    assert "'=HYPERLINK(1)" in {row["actor_name"] for row in rows}


def test_a_checkpoint_is_made_daily_put_into_a_folder_and_mailed(settings: Settings, tmp_path: Path) -> None:
    mails: list[str] = []

    class Box:
        async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
            mails.append(envelope.content.decode())  # type: ignore[attr-defined]
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Box(), hostname="127.0.0.1", port=port)
    server.start()
    desk = Desk(
        replace(
            settings, audit_checkpoints=str(tmp_path / "kept"), audit_mail="auditor@example.org",
            smtp_url=f"smtp://127.0.0.1:{port}",
        )
    )  # fmt: skip
    desk.officer("Ada")
    try:
        with desk.app.app_context():
            audit_checkpoints.daily(desk.tools)
            desk.officer("Bert")
            audit_checkpoints.daily(desk.tools)  # the day is not over
    finally:
        server.stop()
    (file,) = (tmp_path / "kept").glob("*.json")
    (mail,) = mails
    assert "To: auditor@example.org" in mail
    assert audit_checkpoints.read(mail) == audit_checkpoints.read(file.read_text())


def test_a_mail_server_that_is_away_does_not_keep_the_checkpoint_from_the_folder(settings: Settings) -> None:
    desk = Desk(replace(settings, audit_mail="auditor@example.org", smtp_url="smtp://127.0.0.1:9"))
    desk.officer("Ada")
    with desk.app.app_context():
        assert audit_checkpoints.make(desk.tools)
    assert list((settings.home / "audit").glob("*.json"))


def test_the_operator_checks_exports_and_compares_with_a_checkpoint(settings: Settings, tmp_path: Path) -> None:
    desk = Desk(settings)
    desk.officer("Ada")

    def homeward(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(arguments), env=settings.environment())
        return done.exit_code, done.output

    kept = tmp_path / "checkpoint.json"
    kept.write_text(homeward("audit", "checkpoint")[1])
    assert homeward("audit", "verify", "--against", str(kept))[1].endswith("and 3 checkpoints agree.\n")
    exported = json.loads(homeward("audit", "export", "--format", "json", "--since", "2020-01-01")[1])
    assert exported[-1]["origin"] == "command line"
    desk.tamper("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    code, said = homeward("audit", "verify")
    assert code == 1 and "entry 2: it was changed" in said
    kept.write_text(kept.read_text().replace('"seq": ', '"seq": 1'))
    assert "not signed by the desk" in homeward("audit", "verify", "--against", str(kept))[1]
    kept.write_text("nothing")
    assert "not a checkpoint" in homeward("audit", "verify", "--against", str(kept))[1]
