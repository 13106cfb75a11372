"""The police desk of the integration tests behind a real HTTP port, under a name, so that passkeys work there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from desk import Desk, Officer
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from shared.config import Settings


class ServedDesk(Desk):
    """`url` is where browsers reach it."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.url = f"http://localhost:{port}"
        super().__init__(replace(settings, review_port=port, review_public_url=self.url))

    def enter(self, context: BrowserContext, officer: Officer) -> None:
        """Takes somebody's log-in over into a browser."""
        cookie = officer.client.get_cookie("desk")
        assert cookie
        context.add_cookies([{"name": "desk", "value": cookie.value, "url": self.url}])

    def log_in(self, page: Page, name: str, password: str, code: str) -> None:
        page.goto(f"{self.url}/login")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        page.get_by_label("Code of your authenticator app").fill(code)
        page.get_by_role("button", name="Go on").click()


@contextmanager
def served(settings: Settings, port: int) -> Iterator[ServedDesk]:
    desk = ServedDesk(settings, port)
    server = make_server("127.0.0.1", port, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()


def passkey_device(page: Page) -> None:
    """A security key of Chromium's own, that is always touched."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
