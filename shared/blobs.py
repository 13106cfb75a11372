"""The encrypted photo store: a folder, or any S3-compatible store, behind one interface.

A store never sees plain bytes of a photo: callers encrypt first, and `hand_over` gives each transit copy a key of its
own that travels sealed inside the message and dies when the message is acknowledged.
"""

import dataclasses
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from shared.errors import BlobMissing, ConfigError, SealBroken
from shared.keys import b64, decrypt, encrypt, new_key, random_id, unb64
from shared.messages import PhotoRef

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*\Z")


class BlobStore(Protocol):
    """Names are lower-case words separated by slashes."""

    def put(self, name: str, data: bytes) -> None: ...

    def get(self, name: str) -> bytes:
        """Raises BlobMissing."""

    def delete(self, name: str) -> None:
        """Nothing happens if it is not there."""

    def names(self, prefix: str = "") -> Iterator[str]: ...


class FolderStore:
    """A folder; a write is a new file renamed into place once it is safe on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        new = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{random_id()}.part")
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        for folder in (path.parent, *(made.parent for made in new)):
            _sync(folder)

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(name) from error

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self, prefix: str = "") -> Iterator[str]:
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and name.startswith(prefix) and not name.endswith(".part"):
                yield name

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise ValueError(f"not a blob's name: {name!r}")
        return self.folder / name


def _sync(folder: Path) -> None:
    """Makes safe on disk which files and folders are in `folder`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class S3Store:
    """A prefix of a bucket of any S3-compatible store."""

    def __init__(self, bucket: Any, prefix: str) -> None:
        self.bucket = bucket
        self.prefix = prefix

    def put(self, name: str, data: bytes) -> None:
        self._object(name).put(Body=data)

    def get(self, name: str) -> bytes:
        from botocore.exceptions import ClientError

        try:
            return bytes(self._object(name).get()["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise BlobMissing(name) from error
            raise

    def delete(self, name: str) -> None:
        self._object(name).delete()

    def names(self, prefix: str = "") -> Iterator[str]:
        for item in self.bucket.objects.filter(Prefix=self.prefix + prefix):
            yield item.key.removeprefix(self.prefix)

    def _object(self, name: str) -> Any:
        if not _NAME.match(name):
            raise ValueError(f"not a blob's name: {name!r}")
        return self.bucket.Object(self.prefix + name)


def open_store(url: str, area: str) -> BlobStore:
    """The store of `area` under `url`: `file:///folder` or `s3://bucket/prefix?endpoint=…`. Raises ConfigError."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderStore(Path(parts.path) / area)
    if parts.scheme != "s3":
        raise ConfigError(f"HOMEWARD_BLOBS_URL is {url!r}; it starts with file:// or s3://.")
    import boto3  # heavy, and most installations keep photos in a folder

    endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
    bucket = boto3.resource("s3", endpoint_url=endpoint).Bucket(parts.netloc)
    return S3Store(bucket, "/".join(filter(None, (parts.path.strip("/"), area))) + "/")


def hand_over(store: BlobStore, data: bytes, *, media_type: str, width: int, height: int) -> PhotoRef:
    """Puts a transit copy of a photo under a fresh key, and says where it is and what opens it."""
    name, key = random_id(), new_key()
    store.put(name, encrypt(key, data, name))
    digest = hashlib.sha256(data).hexdigest()
    return PhotoRef(name, b64(key), digest, media_type, width, height)


def take(store: BlobStore, ref: PhotoRef) -> bytes:
    """The plain bytes of a transit copy. Raises BlobMissing, or SealBroken if they are not those that were sent."""
    data = decrypt(unb64(ref.key), store.get(ref.blob), ref.blob)
    if hashlib.sha256(data).hexdigest() != ref.digest:
        raise SealBroken("the photo is not the one that was sent")
    return data


def discard(store: BlobStore, part: object) -> None:
    """Deletes every transit copy that `part`, a message or what is in one, refers to."""
    if isinstance(part, PhotoRef):
        store.delete(part.blob)
    elif isinstance(part, tuple):
        for item in part:
            discard(store, item)
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            discard(store, getattr(part, field.name))
