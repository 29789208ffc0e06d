"""Certificates whose key is of an algorithm asn1crypto does not know are read whole, instead of a KeyError on every look."""

from typing import Any

from asn1crypto import core, keys

_known = keys.PublicKeyInfo._spec_callbacks["public_key"]


def _spec(info: Any) -> Any:
    """Such a key is a string of bits."""
    try:
        return _known(info)
    except KeyError:
        return (core.OctetBitString, None)


def install() -> None:
    """Let every reading of certificates of this process know it."""
    keys.PublicKeyInfo._spec_callbacks = {"public_key": _spec}
