"""Breaking a text into lines: the room is given, the widths are asked. No Qt: tests bring widths of their own."""

from typing import Protocol


class Letters(Protocol):
    """Knows how much room letters take. Sizes are those of the drawing: title, heading, body, small."""

    def width(self, text: str, size: str, strong: bool) -> float: ...

    def height(self, size: str) -> float: ...


def broken(text: str, room: float, letters: Letters, size: str, *, strong: bool = False) -> tuple[str, ...]:
    """Return ``text`` in lines no wider than ``room``; a longer word is broken with a hyphen."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if letters.width(longer, size, strong) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, room, letters, size, strong)
        lines += whole
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, room: float, letters: Letters, size: str, strong: bool) -> list[str]:
    pieces: list[str] = []
    while letters.width(word, size, strong) > room and len(word) > 2:
        cut = len(word) - 1
        while cut > 1 and letters.width(f"{word[:cut]}-", size, strong) > room:
            cut -= 1
        pieces.append(f"{word[:cut]}-")
        word = word[cut:]
    return [*pieces, word]
