"""The three audiences at their doors, as programs: a family and the public, an officer, a newsroom."""

import json
from pathlib import Path
from typing import Any

import requests

TIMEOUT_S = 30


class Refusal(Exception):
    """A door answered with a problem. `problem` is the RFC 9457 body."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        try:
            self.problem: dict[str, Any] = answer.json()
        except ValueError:
            self.problem = {"title": answer.text[:200]}
        super().__init__(f"{answer.request.method} {answer.url}: {self.status} {self.problem}")

    @property
    def reason(self) -> str:
        return str(self.problem.get("reason", ""))


class Door:
    """One audience's HTTP session with one door."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy between us and this machine

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Raises Refusal for 400 and above."""
        answer = self.session.request(method, self.base + path, timeout=TIMEOUT_S, **options)
        if answer.status_code >= 400:
            raise Refusal(answer)
        return answer

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, params=query).json()

    def post(self, path: str, body: Any = None) -> Any:
        return self.ask("POST", path, json=body or {}).json()


class Public(Door):
    """A family, or someone who has seen a child."""

    def submit(self, kind: str, body: dict[str, Any], photos: list[Path]) -> str:
        """Posts a report or a sighting; answers its tracking code."""
        parts: list[tuple[str, tuple[str, bytes, str]]] = [
            (kind, (f"{kind}.json", json.dumps(body).encode(), "application/json"))
        ]
        parts += [("photos", (photo.name, photo.read_bytes(), "image/jpeg")) for photo in photos]
        answer = self.ask("POST", f"/api/v1/{kind}s", files=parts)
        return str(answer.json()["tracking_code"])

    def status(self, code: str) -> dict[str, Any]:
        answer = self.ask("GET", "/api/v1/case", headers={"Authorization": f"Bearer {code}"})
        return dict(answer.json())


class Officer(Door):
    """An officer, logged in."""

    def __init__(self, base: str, name: str, password: str) -> None:
        super().__init__(base)
        self.name = name
        self.id = str(self.post("/api/v1/session", {"name": name, "password": password})["officer"]["id"])

    def case(self, case_id: str) -> dict[str, Any]:
        return dict(self.get(f"/api/v1/cases/{case_id}"))

    def act(self, kind: str, id_: str, act: str, **body: Any) -> dict[str, Any]:
        """POST /api/v1/<kind>/<id>/<act>."""
        return dict(self.post(f"/api/v1/{kind}/{id_}/{act}", body))
