"""Where feeds lie as files: a folder that nginx or Caddy serves, or a bucket behind a CDN."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from services.alerts.compression import SUFFIXES
from shared.errors import ConfigError

_ABANDONED_S = 60.0
"""A draft this old was left by a writer that died."""


@dataclass(frozen=True)
class Page:
    """One file: `coding` is empty, br or gzip; the headers are those of the application's own answer."""

    path: str
    coding: str
    body: bytes
    media_type: str
    cache_control: str
    modified: datetime

    @property
    def name(self) -> str:
        """The path, with the ending that servers look for."""
        return self.path.lstrip("/") + SUFFIXES.get(self.coding, "")


class Store(Protocol):
    def put(self, page: Page) -> None:
        """Who reads meanwhile gets all of the old one or all of the new one."""

    def names(self) -> Iterator[str]: ...

    def delete(self, name: str) -> None: ...


class Folder:
    """Files that everyone may read. They are not synced to disk: what a crash spoils is written at the next start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, page: Page) -> None:
        """Servers make the ETag of time and size: so a file's time, in seconds, always moves on when its text does."""
        path = self.folder / page.name
        if not path.parent.exists():
            self._open(path.parent)
        modified = int(page.modified.timestamp())
        with suppress(FileNotFoundError):
            if path.read_bytes() == page.body:
                return
            modified = max(modified, int(path.stat().st_mtime) + 1)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(page.body)
            os.fchmod(file.fileno(), 0o644)
        os.utime(draft, (modified, modified))
        Path(draft).replace(path)

    def names(self) -> Iterator[str]:
        """Also of drafts that were abandoned."""
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):
                old = time.time() - path.stat().st_ctime > _ABANDONED_S
                if path.is_file() and (old or not path.name.startswith(".")):
                    yield path.relative_to(self.folder).as_posix()

    def delete(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def _open(self, folder: Path) -> None:
        """Makes a folder and those above it, for everyone to look into, whatever the umask."""
        for each in reversed([folder, *folder.parents]):
            if not each.exists():
                each.mkdir(exist_ok=True)
                each.chmod(0o755)


class Bucket:
    """A prefix of an S3 bucket. S3 chooses no coding, so the CDN compresses, or takes the objects .gz and .br."""

    def __init__(self, bucket: Any, prefix: str) -> None:
        self.bucket, self.prefix = bucket, prefix

    def put(self, page: Page) -> None:
        more = {"ContentEncoding": page.coding} if page.coding else {}
        self.bucket.put_object(
            Key=self.prefix + page.name, Body=page.body, ContentType=page.media_type, CacheControl=page.cache_control,
            **more,
        )  # fmt: skip

    def names(self) -> Iterator[str]:
        for item in self.bucket.objects.filter(Prefix=f"{self.prefix}v1/"):
            yield item.key.removeprefix(self.prefix)

    def delete(self, name: str) -> None:
        self.bucket.Object(self.prefix + name).delete()


def open_static_store(url: str) -> Store | None:
    """The store at `file:///folder` or `s3://bucket/prefix?endpoint=…`; None where it is `off`. Raises ConfigError."""
    parts = urlsplit(url)
    if url == "off":
        return None
    if parts.scheme == "file":
        return Folder(Path(parts.path))
    if parts.scheme != "s3":
        raise ConfigError("HOMEWARD_STATIC_URL starts with file:// or s3://, or is off.")
    import boto3  # heavy, and most installations serve a folder

    endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
    prefix = parts.path.strip("/")
    return Bucket(boto3.resource("s3", endpoint_url=endpoint).Bucket(parts.netloc), f"{prefix}/" if prefix else "")
