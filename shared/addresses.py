"""Where the public finds an alert, its photos and its feeds. Every link in every format comes from here."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Addresses:
    """`base` is the door's public address, without a slash at its end; `sender` is CAP's."""

    base: str
    sender: str

    def page(self, alert_id: str) -> str:
        return f"{self.base}/alerts/{alert_id}"

    def feature(self, alert_id: str) -> str:
        return f"{self.base}/v1/alerts/{alert_id}"

    def cap(self, alert_id: str) -> str:
        return f"{self.base}/v1/alerts/{alert_id}.cap"

    def photo(self, alert_id: str, rendition_id: str) -> str:
        return f"{self.base}/alerts/{alert_id}/photos/{rendition_id}.jpg"

    def poster(self, alert_id: str, size: str, language: str) -> str:
        """`size` is a4 or a3."""
        return f"{self.base}/alerts/{alert_id}/poster.pdf?size={size}&lang={language}"

    def square(self, alert_id: str, language: str) -> str:
        return f"{self.base}/alerts/{alert_id}/square.jpg?lang={language}"

    def feed(self, path: str, query: list[tuple[str, str]] | None = None) -> str:
        return f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")
