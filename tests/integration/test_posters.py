"""Posters and the page that people share: drawn once, true to the alert, gone with it."""

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import cv2
import numpy as np
import pypdfium2
import pytest
from alertsroom import AlertsRoom
from builders import NOW, an_alert_content
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from shared.blobs import FolderStore
from shared.config import Settings
from shared.keys import create_keys
from shared.messages import AlertRing, AlertText
from shared.routes import ROOMS

PAGE = "http://127.0.0.1:8002/alerts/a1"
LONG = "She wears a red jacket and carries a bag with a white rabbit on it. "


TALKATIVE = (
    AlertText("en", "Missing " + "x" * 131, (LONG * 60)[:4000], (LONG * 30)[:2000], "y" * 49),
    AlertText("zh", "寻找" * 69, "失踪儿童" * 1000, "请拨打" * 600, "省" * 49),
)
ALPHABETS = AlertText("en", "Łukasz Żółć, Ağrı İğdır, Олександра Їжак, Ελένη, 欧阳娜娜", "x", "y", "z")


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> AlertsRoom:
    """Live alerts with their posters: a1, an exercise, a test, a long one, and one of many alphabets."""
    home = tmp_path_factory.mktemp("home")
    create_keys(home / "keys", ROOMS)
    room = AlertsRoom(Settings.from_env({"HOMEWARD_HOME": str(home)}))
    room.approve()
    room.approve("exercise", status="Exercise")
    room.approve("test", status="Test", photos=())
    room.approve("long", texts=TALKATIVE, contact="+46 77 114 14 00 " * 15, last_seen_place="Road " * 60, photos=())
    room.approve("letters", texts=(ALPHABETS, an_alert_content().texts[1]), photos=())
    room.print()
    return room


def pdf(room: AlertsRoom, size: str = "a4", lang: str = "en", id_: str = "a1") -> bytes:
    answer = room.door.get(f"/alerts/{id_}/poster.pdf?size={size}&lang={lang}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    return answer.data


def words(data: bytes) -> str:
    """All the text of a PDF without spaces: readers differ on where they see one between Chinese letters."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def fonts(data: bytes) -> Iterator[DictionaryObject]:
    found = PdfReader(io.BytesIO(data)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for font in found.values():
        yield font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()


def qr_of(picture: Image.Image) -> str:
    return cv2.QRCodeDetector().detectAndDecode(np.asarray(picture.convert("RGB")))[0]


def test_a_poster_says_all_that_the_alert_says_in_its_reader_s_language(printed: AlertsRoom) -> None:
    english, chinese = words(pdf(printed)), words(pdf(printed, lang="zh"))
    for said in ("AlvaExempelismissing", "Girl", "9yearsold", "Järntorget", "24November2026,07:00", "Police,112", PAGE):
        assert said in english
    for said in (
        "AlvaExempel失踪",
        "女孩",
        "9岁",
        "最后一次在电车站被看到。",
        "2026年11月24日07:00",
        "西约塔兰省",
        PAGE,
    ):
        assert said in chinese


def test_every_font_of_a_poster_is_in_it(printed: AlertsRoom) -> None:
    found = list(fonts(pdf(printed, lang="zh")))
    assert {str(font["/FontName"]).partition("+")[2] for font in found} == {"NotoSans", "NotoSansSC"}
    assert all(any(name.startswith("/FontFile") for name in font) for font in found)


@pytest.mark.parametrize(("size", "millimetres"), [("a4", (210, 297)), ("a3", (297, 420))])
def test_a_poster_is_one_page_of_its_size_and_its_code_leads_to_the_alert(
    printed: AlertsRoom, size: str, millimetres: tuple[int, int]
) -> None:
    document = pypdfium2.PdfDocument(pdf(printed, size))
    assert len(document) == 1
    assert tuple(round(points / 72 * 25.4) for points in document[0].get_size()) == millimetres
    assert qr_of(document[0].render(scale=2).to_pil()) == PAGE


def test_the_square_picture_is_a_square_whose_code_leads_to_the_alert(printed: AlertsRoom) -> None:
    answer = printed.door.get("/alerts/a1/square.jpg?lang=zh")
    picture = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, picture.format, picture.size) == ("image/jpeg", "JPEG", (1080, 1080))
    assert qr_of(picture) == PAGE


@pytest.mark.parametrize(("id_", "word"), [("exercise", "EXERCISE演练"), ("test", "TEST测试")])
def test_what_is_not_real_says_so_all_over(printed: AlertsRoom, id_: str, word: str) -> None:
    assert words(pdf(printed, id_=id_)).count(word) > 5
    assert "nochildismissing" in words(pdf(printed, id_=id_))
    assert "没有儿童失踪" in words(pdf(printed, lang="zh", id_=id_))
    page = printed.door.get(f"/alerts/{id_}", headers={"Accept-Language": "en"}).text
    assert "No child is missing." in re.findall('property="og:description" content="(.*?)"', page)[0]


def test_the_longest_alert_fits_on_one_page(printed: AlertsRoom) -> None:
    for lang in ("en", "zh"):
        assert len(PdfReader(io.BytesIO(pdf(printed, lang=lang, id_="long"))).pages) == 1
        assert "/alerts/long" in words(pdf(printed, lang=lang, id_="long"))


def test_letters_of_many_alphabets_are_drawn(printed: AlertsRoom) -> None:
    assert "ŁukaszŻółć,Ağrıİğdır,ОлександраЇжак,Ελένη,欧阳娜娜" in words(pdf(printed, id_="letters"))


def test_an_amended_alert_has_new_posters_and_never_the_old_ones(room: AlertsRoom) -> None:
    room.approve()
    assert room.door.get("/alerts/a1/poster.pdf").status_code == 503
    room.print()
    room.amend(2, last_seen_place="Haga")
    answer = room.door.get("/alerts/a1/poster.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    room.print()
    assert "Haga" in words(pdf(room))


@pytest.mark.parametrize("end", ["cancelled", "over"])
def test_an_ended_alert_has_no_poster_and_nothing_of_it_is_kept(room: AlertsRoom, settings: Settings, end: str) -> None:
    room.approve()
    room.print()
    room.later(days=0 if end == "cancelled" else 2, seconds=1)
    if end == "cancelled":
        room.cancel()
        assert list(FolderStore(settings.home / "blobs" / "alerts").names()) == []
    for path in ("poster.pdf", "square.jpg"):
        answer = room.door.get(f"/alerts/a1/{path}")
        assert (answer.status_code, "Alva" in answer.text) == (410, False)
    room.print()
    page = room.door.get("/alerts/a1", headers={"Accept-Language": "en"})
    assert (page.status_code, "og:" in page.text, "Alva" in page.text) == (410, False, False)
    assert ("Police have ended it" if end == "cancelled" else "Its time is over") in page.text


def test_there_is_no_poster_of_another_size_or_of_no_alert(printed: AlertsRoom) -> None:
    assert printed.door.get("/alerts/a1/poster.pdf?size=a0").status_code == 400
    assert printed.door.get("/alerts/nothing/poster.pdf").status_code == 404


def test_the_page_names_the_child_to_readers_and_not_to_previews_or_search_engines(
    printed: AlertsRoom,
) -> None:
    page = printed.door.get("/alerts/a1", headers={"Accept-Language": "en"}).text
    tags = dict(re.findall('<meta property="(og:.*?)" content="(.*?)">', page))
    assert tags["og:title"] == "Missing child in danger: Girl, 9 years old"
    assert not [value for value in tags.values() if "Alva" in value]
    assert printed.door.get(tags["og:image"].partition(":8002")[2]).mimetype == "image/jpeg"
    assert 'name="robots" content="noindex, noarchive, noimageindex"' in page
    data = json.loads(re.findall('<script type="application/ld\\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert (data["@type"], data["about"]["name"]) == ("WebPage", "Alva Exempel")
    assert data["expires"] == (NOW + timedelta(days=1)).isoformat()
    assert 'href="http://127.0.0.1:8000/removal?alert=a1"' in page
    assert 'href="http://127.0.0.1:8000/sighting?alert=a1"' in page


def test_a_name_with_markup_in_it_breaks_nothing_of_the_page(room: AlertsRoom) -> None:
    name = "</script><script>alert(1)</script>"
    room.approve(child_name=name)
    page = room.door.get("/alerts/a1").text
    assert name not in page
    data = json.loads(re.findall('<script type="application/ld\\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert data["about"]["name"] == name


def test_a_poster_is_drawn_anew_when_the_area_widens(room: AlertsRoom) -> None:
    room.approve(photos=(), rings=(AlertRing(NOW + timedelta(hours=1), 300.0, ("SE-O", "SE-N")),))
    room.print()
    assert "Halland" not in PdfReader(io.BytesIO(pdf(room))).pages[0].extract_text()
    room.later(hours=1)
    room.widen()
    assert room.door.get("/alerts/a1/poster.pdf").status_code != 200
    room.print()
    assert "Halland" in PdfReader(io.BytesIO(pdf(room))).pages[0].extract_text()
