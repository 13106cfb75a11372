"""What somebody is called for, after how long, and how often a call is tried. Pure."""

import re
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from shared.errors import NotAllowed

Why = Literal["in_danger", "very_strong", "report_waits", "candidate_waits", "alert_waits", "removal_waits"]

STALE_AFTER = timedelta(days=2)
"""What is older than this was seen to in another way, or will be: nobody is called for it."""

TRIES = 6
LONGEST_ADDRESS, LONGEST_NAME = 400, 100
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def next_try(now: datetime, tries: int) -> datetime | None:
    """When a call that failed `tries` times is tried again: after 1, 2, 4 … minutes. None: never."""
    return now + timedelta(minutes=2 ** (tries - 1)) if tries < TRIES else None


def is_mail(address: str) -> bool:
    return "://" not in address


def checked_address(written: str) -> str:
    """An e-mail address, or a webhook by https (by http only to this machine). Raises NotAllowed("bad_address")."""
    address = written.strip()
    if len(address) <= LONGEST_ADDRESS and address.isprintable():
        if is_mail(address) and re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+", address):
            return address
        if not is_mail(address) and _is_webhook(address):
            return address
    raise NotAllowed("bad_address", "neither an e-mail address nor an https address")


def _is_webhook(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    return bool(host) and secure and " " not in address
