"""`homeward models evaluate | adapt | calibrate | metrics | use`, as an operator uses them."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import solvedcases
from click.testing import CliRunner, Result
from flask import Flask

from services.cli import main
from services.matcher.commands import lesson
from services.matcher.learned import Chosen
from services.matcher.models import db
from services.matcher.packs import open_pack
from services.prepare import migrate_room
from shared.config import Settings
from shared.db import open_database
from shared.errors import HomewardError

ROOT = Path(__file__).parents[2]
RANK_1, MISSED = r"  rank 1 +(\d+\.\d) %", r"  missed at 10 % FPIR +(\d+\.\d) %"


def models(settings: Settings, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["models", *map(str, arguments)], env=settings.environment())


def said(result: Result, pattern: str) -> list[float]:
    """Every figure that the pattern finds."""
    assert result.exit_code == 0, result.output
    return [float(found) for found in re.findall(pattern, result.output)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "solved cases"


@pytest.fixture(params=["sqlite"])
def matcher(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Settings:
    """A matcher with an empty database."""
    if request.param == "postgresql":
        settings = replace(settings, matcher_database_url=postgres())
    migrate_room(settings, "matcher")
    return settings


@pytest.fixture
def taught(matcher: Settings, data: Path) -> Path:
    """Solved cases that teach something, on that matcher."""
    return solvedcases.drawn(data, matcher.home / "evaluations", open_pack(matcher).version)


# evaluate


def test_figures_come_to_the_terminal_and_a_report_to_a_file(settings: Settings, data: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    result = models(settings, "evaluate", "--data", solvedcases.real(data), "--samples", 100, "--report", report)
    assert result.exit_code == 0, result.output
    assert "6 photos, ages in the file names; pack opencv-zoo." in result.stderr
    assert "The ages in the names are from 6 to 20 years." in result.stderr
    assert result.stdout.startswith("active: 2 probes of 2 people in a gallery of 4\n")
    assert said(result, RANK_1) == [100.0]
    assert f"The report is in {report}." in result.stdout
    assert "<polyline" in report.read_text()
    assert "had been embedded before" not in result.stderr
    again = models(settings, "evaluate", "--data", data, "--samples", 100, "--report", report)
    assert "6 of them had been embedded before." in again.stderr
    assert again.stdout == result.stdout


def test_a_run_that_was_killed_goes_on_where_it_stopped(settings: Settings, data: Path, tmp_path: Path) -> None:
    solvedcases.real(data, copies=8)
    work = tmp_path / "work"
    command = [sys.executable, "-m", "services.cli", "models", "evaluate", "--data", data, "--work-dir", work]
    environment = os.environ | settings.environment() | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and not 16 <= kept(work) < 48:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = kept(work)
    assert 16 <= before < 48
    result = models(settings, "evaluate", "--data", data, "--work-dir", work, "--samples", 100)
    assert result.exit_code == 0, result.output
    assert f"{before} of them had been embedded before." in result.stderr
    assert kept(work) == 48
    whole = models(settings, "evaluate", "--data", data, "--work-dir", tmp_path / "other", "--samples", 100)
    assert whole.stdout.splitlines()[:-1] == result.stdout.splitlines()[:-1]


def kept(work: Path) -> int:
    """How many photos' vectors are in the work folder by now."""
    if not (work / "vectors.sqlite").is_file():
        return 0
    with sqlite3.connect(f"file:{work}/vectors.sqlite?mode=ro", uri=True) as file:
        there = file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'faces'").fetchone()[0]
        count = int(file.execute("SELECT count(*) FROM faces").fetchone()[0]) if there else 0
    file.close()
    return count


def test_forget_erases_the_vectors_even_where_nothing_could_be_measured(settings: Settings, data: Path) -> None:
    work = settings.home / "evaluations"
    done = models(settings, "evaluate", "--data", solvedcases.real(data), "--samples", 100, "--forget")
    assert done.exit_code == 0, done.output
    assert "The vectors of 6 photos were erased." in done.stderr
    assert kept(work) == 0
    for photo in (data / "ann" / "20_0.jpg", data / "bo" / "12_0.jpg"):
        photo.write_bytes(b"no longer a picture")
    refused = models(settings, "evaluate", "--data", data, "--forget")
    assert refused.exit_code == 1
    assert "it needs a later photo with a face" in refused.stderr
    assert kept(work) == 0


def test_a_pairs_file_is_verified(settings: Settings, data: Path) -> None:
    solvedcases.real(data)
    lines = ["path_a,path_b,same", "ann/9_0.jpg,ann/20_0.jpg,1", "bo/8_0.jpg,bo/12_0.jpg,1"]
    lines += [f"{a},{b},0" for a in ("ann/9_0.jpg", "bo/8_0.jpg") for b in ("cy/7_0.jpg", "di/6_0.jpg")]
    (data / "pairs.csv").write_text("\n".join(lines))
    result = models(settings, "evaluate", "--data", data / "pairs.csv", "--samples", 100)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("active: 2 pairs of one person, 4 of two\n")
    assert said(result, r"missed at 10 % FMR +(\d+\.\d) %") == [0.0]
    assert said(result, r"equal error rate +(\d+\.\d) %") == [0.0]


def test_what_cannot_be_used_is_refused_in_one_sentence_that_says_what_to_do(settings: Settings, data: Path) -> None:
    def refused(*arguments: object) -> str:
        result = models(settings, "evaluate", *arguments)
        assert result.exit_code in (1, 2), result.output
        assert "Traceback" not in result.output
        return " ".join(result.stderr.split())

    assert "There is nothing at" in refused("--data", data)
    data.mkdir()
    assert "docs/evaluating.md shows the layouts" in refused("--data", data)
    (data / "ann").mkdir()
    (data / "ann" / "7.jpg").write_bytes(b"no picture")
    assert "gallery photos of at least two people" in refused("--data", data)
    assert "set it to one of opencv-zoo" in refused("--data", solvedcases.real(data), "--pack", "bufalo")
    assert "'best' is not one of 'plain', 'active'" in refused("--data", data, "--metric", "best")
    assert "set another --work-dir" in refused("--data", data, "--work-dir", data / "ann" / "7.jpg")
    assert kept(settings.home / "evaluations") == 0, "nothing was embedded before all this was known"


# adapt and calibrate


def test_too_few_people_are_refused_before_anything_is_embedded(matcher: Settings, data: Path) -> None:
    solvedcases.real(data)
    for command in ("adapt", "calibrate"):
        result = models(matcher, command, "--data", data)
        assert result.exit_code == 1
        assert "Only 2 people have a usable photo both as a child and later; at least 40 are needed" in result.stderr
    assert kept(matcher.home / "evaluations") == 0
    (data / "pairs.csv").write_text("path_a,path_b,same\na.jpg,b.jpg,1\n")
    pairs = models(matcher, "adapt", "--data", data / "pairs.csv")
    assert pairs.exit_code == 1
    assert "pairs.csv has pairs only; name a folder of people at several ages." in pairs.stderr


def test_people_whose_photos_have_no_face_do_not_count(matcher: Settings, data: Path) -> None:
    for number in range(40):
        for age in (6, 20):
            (data / str(number)).mkdir(parents=True, exist_ok=True)
            (data / str(number) / f"{age}.jpg").write_bytes(b"no picture")
    result = models(matcher, "adapt", "--data", data)
    assert result.exit_code == 1
    assert "Only 0 people have a usable photo" in result.stderr


def test_without_a_database_it_says_how_to_make_one(settings: Settings, data: Path) -> None:
    solvedcases.drawn(data, settings.home / "evaluations", open_pack(settings).version, people=40)
    for arguments in (("adapt", "--data", data), ("metrics",), ("use", "plain")):
        result = models(settings, *arguments)
        assert result.exit_code == 1
        assert "run `homeward migrate` first" in result.stderr


def test_try_says_what_would_change_and_changes_nothing(matcher: Settings, taught: Path) -> None:
    for command in ("adapt", "calibrate"):
        result = models(matcher, command, "--data", taught, "--try")
        assert result.exit_code == 0, result.output
        assert "It is better on people it has not seen. Nothing was changed, since --try was given." in result.stdout
    assert "→ plain" in models(matcher, "metrics").stdout


@pytest.mark.parametrize("matcher", ["sqlite", "postgresql"], indirect=True)
def test_what_solved_cases_teach_is_put_into_use_and_can_be_gone_back_on(matcher: Settings, data: Path) -> None:
    solvedcases.drawn(data, matcher.home / "evaluations", open_pack(matcher).version, people=90)
    app = Flask("another worker")
    open_database(app, db, matcher.database_url("matcher"))
    worker = Chosen(open_pack(matcher))

    def in_use() -> str:
        with app.app_context():
            return worker.now(db.session()).metric.version

    assert in_use() == "plain"
    adapted = models(matcher, "adapt", "--data", data, "--half", "even")
    assert adapted.exit_code == 0, adapted.output
    assert "Fold 1" in adapted.stdout
    assert "Fold 2" in adapted.stdout
    (version,) = re.findall(r"Metric (\w+) is in use", adapted.stdout)
    assert in_use() == version, "a worker that was at work before takes it up by itself"

    unseen = ["evaluate", "--data", data, "--half", "odd", "--samples", 100, "--metric"]
    before, after = (models(matcher, *unseen, metric) for metric in ("plain", "active"))
    assert said(after, RANK_1)[0] > said(before, RANK_1)[0] + 10
    assert said(after, MISSED)[0] < said(before, MISSED)[0] - 20

    shown = models(matcher, "metrics").stdout.splitlines()
    assert re.fullmatch(rf"→ {version}  .* UTC  adapted to \d+ people", shown[0])
    back = models(matcher, "use", "plain")
    assert back.exit_code == 0, back.output
    assert models(matcher, *unseen, "active").stdout.splitlines()[1:9] == before.stdout.splitlines()[1:9]
    assert in_use() not in (version, "plain"), "what a pack starts with, under the name of its arrays"
    assert "what the pack starts with (plain)" in models(matcher, "metrics").stdout.splitlines()[0]
    assert models(matcher, "use", version).exit_code == 0
    assert in_use() == version


def test_people_it_was_adapted_to_are_refused_for_calibrating_and_for_adapting_again(
    matcher: Settings, taught: Path
) -> None:
    assert models(matcher, "adapt", "--data", taught).exit_code == 0
    again = models(matcher, "adapt", "--data", taught)
    assert again.exit_code == 1
    assert "on these people nothing looks better" in again.stderr
    result = models(matcher, "calibrate", "--data", taught)
    assert result.exit_code == 1
    assert "surer of these people than of others" in result.stderr


def test_the_database_is_everybody_s_while_it_is_fitted_and_what_was_measured_must_still_hold(
    matcher: Settings, taught: Path
) -> None:
    with lesson(matcher, taught, "", "all", None, None, False) as told:
        assert models(matcher, "use", "plain").exit_code == 0, "it does not wait for the fit"
        with pytest.raises(HomewardError, match="Another metric came into use meanwhile"):
            told.put_into_use(told.current, {})


def test_people_mixed_up_teach_nothing_and_nothing_is_put_into_use(matcher: Settings, data: Path) -> None:
    solvedcases.drawn(data, matcher.home / "evaluations", open_pack(matcher).version, labels=False)
    for command in ("adapt", "calibrate"):
        result = models(matcher, command, "--data", data)
        assert result.exit_code == 0, result.output
        assert "It is not better on people it has not seen: nothing was changed." in result.stdout
    assert "→ plain" in models(matcher, "metrics").stdout


def test_calibrating_lowers_what_the_likelihood_ratios_cost_and_keeps_the_metric(
    matcher: Settings, taught: Path
) -> None:
    first = models(matcher, "calibrate", "--data", taught)
    costs = re.findall(r"\(Cllr\) (\d\.\d+) bits before, (\d\.\d+) after", first.output)
    assert len(costs) == 2
    assert all(float(after) < float(before) for before, after in costs)
    assert "is in use: the same, with these ratios." in first.stdout
    assert re.search(r"→ \w+  .* calibrated on 60 people", models(matcher, "metrics").stdout)
    second = models(matcher, "calibrate", "--data", taught)
    (before, _), *_ = re.findall(r"\(Cllr\) (\d\.\d+) bits before, (\d\.\d+) after", second.output)
    assert float(before) < 0.6, "what was fitted is what is measured now"


def test_a_metric_that_there_is_not_is_refused(matcher: Settings) -> None:
    result = models(matcher, "use", "0123456789abcdef")
    assert result.exit_code == 1
    assert "`homeward models metrics` shows those it has" in result.stderr
