"""The folder of photos: sealed, whole or not there at all, and never outside itself."""

import os
from pathlib import Path

import pytest

from shared.blobs import FolderStore, discard, hand_over, take
from shared.errors import BlobMissing, SealBroken
from shared.messages import EnrolRequested, ForgetRequested, PhotoToEnrol

PHOTO = b"a photo of a child"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "blobs")


def test_a_transit_copy_opens_with_its_reference_alone(store: FolderStore) -> None:
    ref = hand_over(store, PHOTO, media_type="image/jpeg", width=1, height=1)
    assert PHOTO not in store.get(ref.blob)
    assert take(store, ref) == PHOTO
    store.put(ref.blob, store.get(ref.blob)[:-1])
    with pytest.raises(SealBroken):
        take(store, ref)


def test_what_a_message_refers_to_is_discarded_however_deep_it_lies(store: FolderStore) -> None:
    refs = [hand_over(store, PHOTO, media_type="image/jpeg", width=1, height=1) for _ in range(3)]
    discard(store, EnrolRequested("k1", tuple(PhotoToEnrol("p", ref, "grant") for ref in refs[:2])))
    discard(store, ForgetRequested("k1"))
    assert list(store.names()) == [refs[2].blob]


def test_a_new_file_and_every_new_folder_above_it_are_safe_on_disk(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(str(Path(f"/proc/self/fd/{number}").readlink())))
    store.put("cases/one/photo", PHOTO)
    assert synced[0].endswith(".part")
    folders = [store.folder / "cases" / "one", store.folder / "cases", store.folder, store.folder.parent]
    assert synced[1:] == list(map(str, folders))


@pytest.mark.parametrize("name", ["../keys/gate.key", "/etc/passwd", "a/../b", "", "A", "a//b", "a\0", ".hidden"])
def test_a_name_that_leads_elsewhere_is_no_name(store: FolderStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a blob's name"):
        store.put(name, PHOTO)


def test_what_is_not_there_is_missing_and_can_be_deleted(store: FolderStore) -> None:
    store.delete("nothing")
    with pytest.raises(BlobMissing):
        store.get("nothing")
