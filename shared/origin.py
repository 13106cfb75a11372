"""What a photograph's file says of when and where it was taken. Only ever a suggestion to the person who sends it."""

import io
import math
from dataclasses import dataclass
from datetime import date, datetime

from PIL import ExifTags, Image

from shared import photos


@dataclass(frozen=True)
class Origin:
    """The day by the camera's clock, and the point in degrees; None where the file does not say."""

    day: date | None = None
    lat: float | None = None
    lon: float | None = None


def origin(data: bytes) -> Origin:
    """Read from the file's head (Exif 2.32), which a stranger may have written: whatever is odd in it is left out."""
    try:
        with Image.open(io.BytesIO(data), formats=photos.FORMATS) as image:
            exif = image.getexif()
            taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
            lat, lon = _point(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # a stranger's bytes: a photo without a date is a photo all the same
        return Origin()
    return Origin(_day(taken), lat, lon)


def _day(taken: object) -> date | None:
    try:
        return datetime.strptime(str(taken)[:10], "%Y:%m:%d").date()  # the camera's own day
    except ValueError:
        return None


def _point(gps: dict[int, object]) -> tuple[float | None, float | None]:
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    return (lat, lon) if lat is not None and lon is not None else (None, None)


def _degrees(parts: object, side: object, minus: str, most: int) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    size = sum(float(part) / unit for part, unit in zip(parts, (1, 60, 3600), strict=True))
    if not math.isfinite(size) or not 0 <= size <= most:
        return None
    return -size if side == minus else size
