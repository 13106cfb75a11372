"""Photographs from strangers made safe: checked before decoding, turned upright, stripped of all metadata, re-encoded.

Only Pillow ever decodes a stranger's bytes (with libheif for HEIC); what others decode is our own JPEG.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass

import numpy as np
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from shared.errors import HomewardError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MIN_SIDE = 48
MAX_SIDE = 3000
QUALITY, SMALL_QUALITY = 90, 95
SMALL_PIXELS = 1_000_000
"""Small photos hold small faces, of which each coding takes some: a face of 60 pixels is found again less often by one
in fifty after one at QUALITY (docs/matching.md). So small photos are coded better, and with all their colours."""
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MEDIA_TYPE = "image/jpeg"

pillow_heif.register_heif_opener()


class PhotoError(HomewardError):
    """A file that is no usable photograph. `code` is one of empty, too_large, not_an_image, too_many_pixels,
    too_small, damaged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class CleanPhoto:
    """Our own JPEG: upright, no metadata. `digest` is the SHA-256 of `data` in hex."""

    data: bytes
    width: int
    height: int
    digest: str
    media_type: str = MEDIA_TYPE


def clean(data: bytes) -> CleanPhoto:
    """The safe copy of a stranger's file. Raises PhotoError."""
    if not data:
        raise PhotoError("empty")
    if len(data) > MAX_BYTES:
        raise PhotoError("too_large")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return encode(_upright(_opened(data)))


def encode(image: Image.Image) -> CleanPhoto:
    """A JPEG of an RGB image, its longest side at most 3,000 pixels."""
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if image.width * image.height <= SMALL_PIXELS:
        image.save(out, "JPEG", quality=SMALL_QUALITY, subsampling="4:4:4")
    else:
        image.save(out, "JPEG", quality=QUALITY)
    data = out.getvalue()
    return CleanPhoto(data, image.width, image.height, hashlib.sha256(data).hexdigest())


def crop(data: bytes, box: tuple[float, float, float, float]) -> CleanPhoto:
    """The part (x, y, width, height as fractions) of one of our own JPEGs."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        x, y, width, height = box
        left, top = max(0, round(x * image.width)), max(0, round(y * image.height))
        right = min(image.width, round((x + width) * image.width))
        bottom = min(image.height, round((y + height) * image.height))
        return encode(image.crop((left, top, max(right, left + 1), max(bottom, top + 1))))


def pixels(data: bytes) -> np.ndarray:
    """One of our own JPEGs as uint8 BGR, shape (height, width, 3)."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _opened(data: bytes) -> Image.Image:
    """The file's header read and its size checked; not a pixel decoded yet."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, RuntimeError) as error:
        raise PhotoError("not_an_image") from error
    if image.width * image.height > MAX_PIXELS:
        raise PhotoError("too_many_pixels")
    if min(image.size) < MIN_SIDE:
        raise PhotoError("too_small")
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Greys of 16 bits as greys of 8: Pillow would clip them to white."""
    if not image.mode.startswith("I"):
        return image
    eight = Image.fromarray((np.clip(np.asarray(image), 0, 65_535) // 257).astype(np.uint8))
    eight.info = dict(image.info)
    return eight


def _upright(image: Image.Image) -> Image.Image:
    try:
        image.load()
        turned = ImageOps.exif_transpose(_eight_bits(image))
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, MemoryError) as error:
        raise PhotoError("damaged") from error
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        white = Image.new("RGBA", turned.size, "white")
        turned = Image.alpha_composite(white, turned.convert("RGBA"))
    plain = turned.convert("RGB")
    plain.info.clear()
    return plain
