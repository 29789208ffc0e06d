"""Base45 (RFC 9285): bytes as the 45 characters of a QR code's alphanumeric mode."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}


def encode(content: bytes) -> str:
    """Return ``content`` as base45: three characters for two bytes, two for a last single one."""
    text = []
    for at in range(0, len(content) - 1, 2):
        high, low = divmod(content[at] << 8 | content[at + 1], 45 * 45)
        text += [_ALPHABET[low % 45], _ALPHABET[low // 45], _ALPHABET[high]]
    if len(content) % 2:
        text += [_ALPHABET[content[-1] % 45], _ALPHABET[content[-1] // 45]]
    return "".join(text)


def decode(text: str) -> bytes:
    """Return the bytes ``text`` stands for; ValueError when it is not base45 (each text has one meaning)."""
    try:
        values = [_VALUE[character] for character in text]
    except KeyError as error:
        raise ValueError("not a character of base45") from error
    content = bytearray()
    for at in range(0, len(values), 3):
        group = values[at : at + 3]
        if len(group) == 1:
            raise ValueError("one character alone means nothing")
        number = sum(value * 45**place for place, value in enumerate(group))
        if number >= (1 << 16 if len(group) == 3 else 1 << 8):
            raise ValueError("too large for its bytes")
        content += number.to_bytes(len(group) - 1, "big")
    return bytes(content)
