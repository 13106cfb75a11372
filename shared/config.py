"""The settings of a process, read once from the environment and handed to whoever needs them."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.errors import ConfigError
from shared.rings import DEFAULT, parsed

PREFIX = "HOMEWARD_"
FORMS: dict[str, tuple[str, str]] = {
    "redis_url": (r"(rediss?|unix)://.+", "a URL that starts with redis://, rediss:// or unix://"),
    "database_url": (r"(postgresql|sqlite)(\+\w+)?://.+", "a URL such as postgresql://user:password@host/name"),
    "public_url": (r"https?://[^\s/?#]+[^\s?#]*", "a URL such as https://alerts.example.org"),
    "smtp_url": (r"smtps?://[^\s]+", "a URL such as smtp://user:password@host:587"),
    "oidc_issuer": (
        r"https://[^\s?#]+|http://(localhost|127\.0\.0\.1)(:\d+)?[^\s?#]*",
        "the issuer's URL, which starts with https://",
    ),
    "audit_mail": (r"[^\s,<>@]+@[^\s,<>@]+", "one e-mail address"),
    "websub_hub": (r"https?://[^\s/?#<>]+[^\s<>]*", "the hub's URL, which starts with https://"),
    "static_url": (r"off|(file|s3)://.+", "off, or a URL that starts with file:// or s3://"),
    "static_regions": (r"[A-Za-z0-9-]+(,[A-Za-z0-9-]+)*", "ISO 3166 codes with commas between them, such as SE,NO-03"),
    "sender": (r"[^\s,<&]+", "a name without spaces, commas, < or &, best your domain"),
}
"""How the text of a setting looks, by the end of its name; the rest is checked where it is used."""
MOST = 10**9
"""What no number but a port may pass."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator may set. `docs/settings.md` has a row for each; a test holds it to that."""

    home: Path = Path("var")
    models: Path = Path("var/models")
    ingest_port: int = 8000
    review_port: int = 8001
    alerts_port: int = 8002
    metrics_port: int = 8009
    redis_url: str = ""
    ingest_database_url: str = ""
    review_database_url: str = ""
    matcher_database_url: str = ""
    alerts_database_url: str = ""
    blobs_url: str = ""
    smtp_url: str = ""
    model_pack: str = "opencv-zoo"
    accept_license: str = ""
    ingest_public_url: str = ""
    review_public_url: str = ""
    alerts_public_url: str = ""
    sender: str = "homeward.example"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    audit_checkpoints: str = ""
    audit_mail: str = ""
    network_sends_per_hour: int = 1200
    network_megabytes_per_day: int = 2000
    disk_floor_megabytes: int = 1024
    feeds_rate: int = 300
    static_url: str = ""
    static_regions: str = ""
    websub_hub: str = ""
    webhooks_to_loopback: bool = False
    exercise: bool = False
    blind_comparison: bool = True
    oncall_report_minutes: int = 60
    oncall_candidate_minutes: int = 120
    oncall_alert_minutes: int = 30
    removal_hours: int = 72
    draft_days: int = 7
    rings: str = DEFAULT
    frozen_days: int = 30

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings in `environment`. Raises ConfigError naming the variable at fault."""
        values: dict[str, object] = {}
        for name, kind in cls.__annotations__.items():
            raw = environment.get(PREFIX + name.upper(), "").strip()
            if raw:
                values[name] = _parse(PREFIX + name.upper(), raw, kind)
        home = Path(str(values.get("home", cls.home))).absolute()
        values["home"] = home
        values.setdefault("models", home / "models")
        return cls(**values)  # type: ignore[arg-type]

    def environment(self) -> dict[str, str]:
        """The variables that give a child process these settings."""
        values = {PREFIX + name.upper(): getattr(self, name) for name in self.__annotations__}
        return {name: str(int(value)) if isinstance(value, bool) else str(value) for name, value in values.items()}

    def database_url(self, room: str) -> str:
        """SQLAlchemy URL of a room's database: what is set, else one SQLite file in the state folder."""
        return str(getattr(self, f"{room}_database_url")) or f"sqlite:///{self.home / room}.sqlite"

    def port(self, room: str) -> int:
        return int(getattr(self, f"{room}_port"))

    def public_url(self, room: str) -> str:
        """Where people reach a room's door, without a trailing slash."""
        given = str(getattr(self, f"{room}_public_url")).rstrip("/")
        return given or f"http://127.0.0.1:{self.port(room)}"

    def queue_url(self) -> str:
        """The queue server: what is set, else the stack's own Valkey on its socket in the state folder."""
        return self.redis_url or f"unix://{self.home / 'valkey' / 'valkey.sock'}"

    def store_url(self) -> str:
        return self.blobs_url or f"file://{self.home / 'blobs'}"

    def static_store_url(self) -> str:
        """Where the feeds are written as files: what is set (`off`: nowhere), else a folder in the state folder."""
        return self.static_url or f"file://{self.home / 'static'}"


def _parse(name: str, raw: str, kind: object) -> object:
    if kind is bool:
        if raw.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise ConfigError(f"{name} is {raw!r}; set it to 1 or 0.")
        return raw.lower() in ("1", "true", "yes")
    if kind is int:
        return _number(name, raw)
    for end, (form, words) in FORMS.items():
        if name.lower().endswith(end) and not re.fullmatch(form, raw):
            raise ConfigError(f"{name} is not {words}.")  # not shown: there may be a password in it
    if name == PREFIX + "RINGS":
        parsed(raw)
    return Path(raw).absolute() if kind is Path else raw


def _number(name: str, raw: str) -> int:
    most, words = (65535, "a port number") if name.endswith("_PORT") else (MOST, "a whole number")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 11 and 0 < int(raw) <= most):
        raise ConfigError(f"{name} is {raw!r}; set it to {words} from 1 to {most}.")
    return int(raw)
