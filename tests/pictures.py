"""Pictures for tests, made of real portraits or drawn: crowds, bad lights, what is no photograph of a person."""

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

PORTRAITS = Path(__file__).parent / "data" / "portraits"
NAMES = ("person_a_1", "person_a_2", "person_b_1", "person_b_2", "impostor_1", "impostor_2")
EYES = {"person_a_1": (102, 111), "person_a_2": (357, 349), "person_b_1": (357, 431), "person_b_2": (345, 366)}
EYES |= {"impostor_1": (346, 283), "impostor_2": (379, 408)}
APART = {
    "person_a_1": 33,
    "person_a_2": 144,
    "person_b_1": 138,
    "person_b_2": 137,
    "impostor_1": 113,
    "impostor_2": 129,
}
"""Where the middle between the eyes lies in each portrait, and how many pixels the eyes are apart."""


def picture(name: str) -> Image.Image:
    return Image.open(PORTRAITS / f"{name}.jpg").convert("RGB")


def head(name: str, eyes: float) -> Image.Image:
    """The head of a portrait, brought to so many pixels between the eyes."""
    (x, y), apart = EYES[name], APART[name]
    box = (max(0, int(x - 2 * apart)), max(0, int(y - 2 * apart)), int(x + 2 * apart), int(y + 2.8 * apart))
    cut = picture(name).crop(box)
    scale = eyes / apart
    return cut.resize((round(cut.width * scale), round(cut.height * scale)), Image.Resampling.LANCZOS)


def crowd(size: tuple[int, int], eyes: list[int]) -> Image.Image:
    """So many people in rows before an uneven wall, with so many pixels between the eyes of each."""
    noise = np.random.default_rng(7).integers(70, 180, (size[1] // 40, size[0] // 40, 3), dtype=np.uint8)
    whole = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
    across = int(np.ceil(np.sqrt(len(eyes) * size[0] / size[1])))
    down = -(-len(eyes) // across)
    for place, apart in enumerate(eyes):
        one = head(NAMES[place % len(NAMES)], apart)
        middle = ((place % across + 0.5) * size[0] / across, (place // across + 0.5) * size[1] / down)
        whole.paste(one, (round(middle[0] - one.width / 2), round(middle[1] - one.height / 2)))
    return whole


def cartoon() -> Image.Image:
    """A drawn face: circles and lines."""
    image = Image.new("RGB", (500, 500), "skyblue")
    draw = ImageDraw.Draw(image)
    draw.ellipse((100, 80, 400, 440), "#ffd9a0", "black", 6)
    for x in (190, 310):
        draw.ellipse((x - 32, 190, x + 32, 260), "white", "black", 5)
        draw.ellipse((x - 12, 215, x + 12, 245), "black")
    draw.arc((180, 280, 320, 380), 20, 160, "red", 10)
    return image


def doll() -> Image.Image:
    """A doll's head: a smooth ball with painted features and a sheen."""
    y, x = np.mgrid[-1:1:500j, -0.9:0.9:450j]
    inside = (x / 0.62) ** 2 + (y / 0.78) ** 2
    shade = 0.55 + 0.45 * np.clip(1 - ((x + 0.2) ** 2 + (y + 0.3) ** 2), 0, 1)
    skin = np.stack([shade * part for part in (250, 205, 185)], axis=-1)
    image = Image.fromarray(np.where(inside[..., None] < 1, skin, 90).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for side in (170, 280):
        draw.ellipse((side - 30, 215, side + 30, 255), "white", "#402010", 3)
        draw.ellipse((side - 13, 220, side + 13, 250), "#2a60a0")
        draw.ellipse((side - 6, 227, side + 6, 241), "black")
        draw.arc((side - 34, 185, side + 34, 225), 200, 340, "#503020", 5)
    draw.polygon([(225, 265), (213, 305), (237, 305)], "#e8b8a0")
    draw.chord((190, 330, 260, 370), 0, 180, "#c03050")
    return image


def screen(name: str) -> Image.Image:
    """A portrait as a screen shows it and a telephone photographs it: coloured lines, a frame, a little askew."""
    shown = np.asarray(picture(name)).astype(np.float32)
    shown[:, 0::3, :2] *= 0.75
    shown[:, 1::3, 1:] *= 0.75
    shown[2::3] *= 0.85
    framed = cv2.copyMakeBorder(np.clip(shown * 1.15, 0, 255).astype(np.uint8), 60, 60, 60, 60, cv2.BORDER_CONSTANT)
    height, width = framed.shape[:2]
    there = np.float32([[30, 10], [width - 20, 40], [width - 5, height - 30], [10, height - 10]])
    here = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(here, there)
    return Image.fromarray(cv2.warpPerspective(framed, matrix, (width, height)))


def as_file(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def deep(name: str) -> bytes:
    """A portrait as a PNG of greys in 16 bits."""
    grey = np.asarray(picture(name).convert("L")).astype(np.uint16) * 257
    return as_file(Image.fromarray(grey), "PNG")


def deep_colours(name: str) -> bytes:
    """A portrait as a PNG of colours in 16 bits."""
    return cv2.imencode(".png", np.asarray(picture(name))[:, :, ::-1].astype(np.uint16) * 257)[1].tobytes()


def lying(name: str, orientation: int | None = None) -> bytes:
    """A portrait as a telephone held on its side keeps it; with `orientation`, EXIF says how to turn it back."""
    turned = picture(name).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    return as_file(turned, exif=exif)
