"""What the office asks of its signatures: the level, where time stamps and answers are had, and what silence means."""

from urllib.parse import urlsplit

from desktop.errors import BadInput
from desktop.models import Office

LEVELS = ("b-b", "b-t", "b-lt", "b-lta")
"""PAdES (ETSI EN 319 142-1): the signature alone; with a time stamp; with evidence too; with one more time stamp."""


def proved(name: str, value: str) -> str:
    """Return ``value`` of the column ``name`` as it is kept.

    BadInput "level-unknown", "address-of-authority-wrong" at the field of that name; an address may be left empty.
    """
    if name == "signature_level":
        if value not in LEVELS:
            raise BadInput("level-unknown", field=name)
        return value
    address = value.strip()
    if address and not _is_address(address):
        raise BadInput("address-of-authority-wrong", field=name)
    return address


def prove_whole(office: Office) -> None:
    """Raise BadInput("stamp-address-missing") at the address when the level takes a time stamp and nobody is named."""
    if office.signature_level != LEVELS[0] and not office.stamp_address:
        raise BadInput("stamp-address-missing", field="stamp_address")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    printable = text.isascii() and text.isprintable() and " " not in text
    return printable and parts.scheme in {"http", "https"} and bool(parts.hostname) and len(text) <= 300
