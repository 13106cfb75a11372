"""Photographs from strangers: what is refused and why, and what is left of one that is taken."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from shared.photos import MAX_SIDE, PhotoError, clean, crop, pixels

PORTRAITS = Path(__file__).parents[2] / "data" / "portraits"
PORTRAIT = (PORTRAITS / "person_b_1.jpg").read_bytes()


def encoded(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or Image.open(io.BytesIO(PORTRAIT))).save(out, kind, **options)
    return out.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = bytes(side * 3 + 1)
    body = b"".join(packer.compress(row) for _ in range(200)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (b"%PDF-1.7 not a picture", "not_an_image"),
        (encoded("GIF"), "not_an_image"),
        (encoded("PNG", Image.new("RGB", (1, 1))), "too_small"),
        (png_bomb(), "too_many_pixels"),
        (PORTRAIT[: len(PORTRAIT) // 2], "damaged"),
        (PORTRAIT[:40], "not_an_image"),
        (b"\xff" * (20 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(PhotoError) as refusal:
        clean(data)
    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_format_that_phones_make_becomes_our_own_jpeg(kind: str) -> None:
    photo = clean(encoded(kind))
    assert photo.data[:3] == b"\xff\xd8\xff"
    assert (photo.height, photo.width) == pixels(photo.data).shape[:2]


def test_a_sideways_photo_is_turned_upright_and_its_place_and_camera_are_gone() -> None:
    image = Image.open(io.BytesIO(PORTRAIT)).convert("RGB").resize((400, 300))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    photo = clean(encoded("JPEG", image, exif=exif, comment=b"SecretNote"))
    assert (photo.width, photo.height) == (300, 400)
    assert b"Secret" not in photo.data
    assert not Image.open(io.BytesIO(photo.data)).getexif()


def test_a_huge_photo_is_reduced_and_a_transparent_one_gets_a_white_ground() -> None:
    assert clean(encoded("JPEG", Image.new("RGB", (6000, 1000)))).width == MAX_SIDE
    ground = pixels(clean(encoded("PNG", Image.new("RGBA", (64, 64), (0, 0, 0, 0)))).data)
    assert ground.min() > 250


def test_a_crop_is_the_part_that_was_asked_for() -> None:
    photo = clean(encoded("PNG", Image.new("RGB", (400, 200))))
    part = crop(photo.data, (0.25, 0.5, 0.5, 0.5))
    assert (part.width, part.height) == (200, 100)
