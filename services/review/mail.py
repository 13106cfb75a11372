"""Sends one plain e-mail by the SMTP server of the settings."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from shared.config import Settings
from shared.errors import ConfigError

TIMEOUT_S = 20
_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def send(settings: Settings, to: str, subject: str, text: str) -> None:
    """Raises ConfigError where no server is set, OSError (smtplib's are too) where it does not take the mail."""
    place = urlsplit(settings.smtp_url)
    if not place.hostname or place.scheme not in _PORTS:
        raise ConfigError("There is no server to send e-mail by: set HOMEWARD_SMTP_URL.")
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["From"] = subject, to, f"homeward@{settings.sender}"
    mail.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")  # ASCII lines stay as they are
    with _connect(place.scheme, place.hostname, place.port or _PORTS[place.scheme]) as server:
        if place.username:
            server.login(unquote(place.username), unquote(place.password or ""))
        server.send_message(mail)


def _connect(scheme: str, host: str, port: int) -> smtplib.SMTP:
    """A connection that is encrypted, unless the server is this machine and offers nothing."""
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    server.ehlo()
    if server.has_extn("starttls") or host not in _LOOPBACK:
        server.starttls(context=context)
        server.ehlo()
    return server
