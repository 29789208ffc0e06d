"""The bytes the journal's seal is made of. Version 1; the same on PostgreSQL and SQLite, and for ever.

A *text* is written as a netstring: the number of its UTF-8 bytes in decimal, ``:``, the bytes, ``,``. What is absent
(NULL) is written as ``~``, so that it differs from the empty text ``0:,``. A *value* of a row is first a text:

    number      decimal                        true, false  1, 0
    moment      microseconds since 1970, UTC   date         2018-06-11
    JSON        exactly as it is stored        text         as it is

    row      for each column, in the order of their names: netstring(name) value
    key      for each column of the primary key, in the order of the key: value
    image    netstring of each: its id, table, key, kind, row
    link     netstring of each: "ruqsat-link-1", the database's UUID, the position, the previous link's hash,
             the login, the moment, how many images, the SHA-256 of each image one after another

Hashes are SHA-256 in lower-case hexadecimal; the link before the first one has sixty-four zeros. Secrets
(:data:`desktop.store.imaging.SECRETS`) and the contents of files are no part of a row; a file is known by its hash.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

GENESIS = "0" * 64
_LINK = "ruqsat-link-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def net(value: str | None) -> bytes:
    """Return ``value`` as a netstring, ``~`` for None."""
    if value is None:
        return b"~"
    octets = value.encode()
    return b"%d:%s," % (len(octets), octets)


def microseconds(moment: datetime) -> int:
    """Return the microseconds from 1970 (UTC) to an aware moment, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def image_digest(number: int, table: str, key: str, kind: str, content: str) -> str:
    """Return the hash of one image."""
    written = b"".join(map(net, (str(number), table, key, kind, content)))
    return hashlib.sha256(written).hexdigest()


def link_hash(
    *, database: str, position: int, previous: str, login: str, at: datetime, digests: Iterable[str]
) -> tuple[str, int]:
    """Return the hash of a link over the ``digests`` of its images, and how many there were.

    The digests are read twice in the text's order but kept, 64 letters each: a link has the images of one command.
    """
    each = list(digests)
    written = b"".join(
        map(
            net,
            (
                _LINK,
                database,
                str(position),
                previous,
                login,
                str(microseconds(at)),
                str(len(each)),
                "".join(each),
            ),
        )
    )
    return hashlib.sha256(written).hexdigest(), len(each)


def fields(content: str) -> Iterator[str | None]:
    """Read netstrings one after another; ValueError where the text is none."""
    octets, at = content.encode(), 0
    while at < len(octets):
        if octets[at : at + 1] == b"~":
            at += 1
            yield None
            continue
        colon = octets.index(b":", at)
        start = colon + 1
        end = start + int(octets[at:colon])
        if octets[end : end + 1] != b",":
            raise ValueError(content[:80])
        yield octets[start:end].decode()
        at = end + 1


def row(content: str) -> dict[str, str | None]:
    """Return an image's row as its columns; ValueError where the text is none."""
    read = list(fields(content))
    return {str(name): value for name, value in zip(read[::2], read[1::2], strict=True)}
