"""Contents by hash, in chunks."""

import hashlib
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from desktop.errors import BadInput, Unavailable
from desktop.models import Blob, BlobChunk
from desktop.store import blobs
from desktop.store.database import Store

LARGE = bytes(range(256)) * 4096 * 2 + b"a piece more"  # two chunks and a bit


@pytest.mark.parametrize(
    "content", [b"", b"x", LARGE[: 1024 * 1024], LARGE], ids=["empty", "one", "chunk", "three"]
)
def test_what_was_put_comes_back(any_store: Store, content: bytes) -> None:
    with any_store.writing() as session:
        sha256 = blobs.put(session, content, "application/pdf", any_store.now())

    assert sha256 == hashlib.sha256(content).hexdigest()
    with any_store.reading() as session:
        assert blobs.get(session, sha256) == content


def test_a_file_is_put_in_chunks_and_only_once(any_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(LARGE)
    for _ in range(2):
        with any_store.writing() as session:
            found = blobs.put_file(session, file, "application/pdf", len(LARGE), any_store.now())
    assert found == (hashlib.sha256(LARGE).hexdigest(), len(LARGE))

    with any_store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == 1
        sizes = session.scalars(select(func.length(BlobChunk.content)).order_by(BlobChunk.position))
        assert list(sizes) == [1048576, 1048576, 12]
        assert blobs.get(session, found[0]) == LARGE


def test_a_file_over_the_limit_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(LARGE)
    with pytest.raises(BadInput, match="file-too-large"), store.writing() as session:
        blobs.put_file(session, file, "application/pdf", len(LARGE) - 1, store.now())


def test_a_file_that_is_gone_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="file-missing"), store.writing() as session:
        blobs.put_file(session, tmp_path / "none", "application/pdf", 10, store.now())
    with pytest.raises(Unavailable, match="file-unreadable"), store.writing() as session:
        blobs.put_file(session, tmp_path, "application/pdf", 10, store.now())


def test_damaged_content_is_not_handed_out(store: Store) -> None:
    with store.writing() as session:
        sha256 = blobs.put(session, b"a signed licence", "application/pdf", store.now())
    with store.writing() as session:
        session.execute(text("UPDATE blob_chunk SET content = CAST('a signed licence!' AS BLOB)"))
    with pytest.raises(Unavailable, match="database-damaged"), store.reading() as session:
        blobs.get(session, sha256)


def test_an_unknown_hash_is_a_defect(store: Store) -> None:
    with pytest.raises(KeyError), store.reading() as session:
        blobs.get(session, "0" * 64)


def test_two_writers_of_one_scan_share_it(postgres_store: Store) -> None:
    ready = threading.Barrier(2)
    failures: list[BaseException] = []

    def put() -> None:
        try:
            with postgres_store.writing() as session:
                ready.wait(10)
                blobs.put(session, LARGE, "application/pdf", postgres_store.now())
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=put) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with postgres_store.reading() as session:
        assert session.scalar(select(func.count()).select_from(BlobChunk)) == 3
