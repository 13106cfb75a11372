"""An officer marks faces in a group photo in a real browser, with the keyboard alone, on a phone and a desktop."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import NOW, PARIS, PASSWORD, Desk
from pages import DESKTOP, PHONE, visit
from pictures import as_file, crowd
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from services.review.candidates import handlers as candidates
from services.review.candidates.models import Search, Sighting
from services.review.models import db
from services.review.photo_models import Photo
from shared import messages as m
from shared.blobs import hand_over
from shared.config import Settings
from shared.faces import DETECTOR, YuNet
from shared.photos import clean, pixels


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    desk = Desk(settings)
    desk.hire("Ada")
    yield desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def group_photo(desk: Desk) -> str:
    """A sighting with a photo of eight people, one of them marked by its sender and found; answers the photo's id."""
    picture = clean(as_file(crowd((1600, 1000), [60, 50, 40, 60, 20, 50, 40, 30])))
    yunet = YuNet(Path(os.environ["HOMEWARD_MODELS"]) / DETECTOR)
    found = tuple(face.box for face in yunet.detect(pixels(picture.data)))
    ref = hand_over(
        desk.tools.room.incoming, picture.data, media_type="image/jpeg", width=picture.width, height=picture.height
    )
    x, y, w, h = found[0]
    photo = m.SightingPhoto(ref, ((x + w / 2, y + h / 2),), 11)
    message = m.SightingSubmitted(
        "r1", "", None, NOW, "Gare du Nord", *PARIS, "in a group", False, (photo,), None, "en", NOW
    )
    desk.handle(candidates.sighting_submitted, message)
    with desk.app.app_context():
        sighting = db.session.query(Sighting).one()
        photo_id = db.session.query(Photo).filter_by(sighting_id=sighting.id).one().id
    desk.handle(candidates.search_asked, m.SearchAsked(photo_id, "sighting_triage", "public"))
    with desk.app.app_context():
        search = db.session.query(Search).one().id
    desk.handle(candidates.search_completed, m.SearchCompleted(search, len(found), 1, (), found))
    return photo_id


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_faces_are_marked_with_the_keyboard_alone(
    desk: Desk, address: str, browser: Browser, width: int, language: str
) -> None:
    photo = group_photo(desk)
    with visit(browser, width, language=language, script=False) as seen:
        page = seen.page
        page.goto(f"{address}/login?next=/photos/{photo}")
        page.locator("input[name=name]").fill("Ada")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.locator("input[name='factor.code']").fill(desk.code("Ada"))
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/photos/{photo}")
        boxes = page.locator("input[name=face]")
        assert (boxes.count(), page.locator("input[name=face]:checked").count()) == (8, 1)
        first = boxes.evaluate_all("all => all.findIndex(one => !one.checked)")
        boxes.nth(first).focus()
        page.keyboard.press("Space")
        for _ in range(8 - first):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "age"
        seen.look(f"review-faces-{language}")
        page.keyboard.press("Enter")
        page.wait_for_url("**done=marked")
        seen.look(f"review-faces-marked-{language}")
        assert page.locator("input[name=face]:checked").count() == 2
