"""Reads a file a person has chosen, on the files lane: no more of it than its purpose needs."""

from pathlib import Path

from desktop.errors import BadInput, Unavailable


def read_bytes(path: str, limit: int) -> bytes:
    """Return the file's content; ``limit`` is in bytes.

    BadInput "chosen-file-missing", "chosen-file-too-large" (limit_kib), "chosen-file-empty" at ``file``; Unavailable "chosen-file-unreadable".
    """
    chosen = Path(path)
    try:
        with chosen.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError as error:
        raise BadInput("chosen-file-missing", field="file", file_name=chosen.name) from error
    except OSError as error:
        raise Unavailable(
            "chosen-file-unreadable", file_name=chosen.name, reason=error.strerror or ""
        ) from error
    if len(content) > limit:
        raise BadInput("chosen-file-too-large", field="file", file_name=chosen.name, limit_kib=limit // 1024)
    if not content:
        raise BadInput("chosen-file-empty", field="file", file_name=chosen.name)
    return content


def read_text(path: str, limit: int) -> str:
    """Return the file's text; also BadInput "chosen-file-not-text" when it is not UTF-8."""
    try:
        return read_bytes(path, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("chosen-file-not-text", field="file", file_name=Path(path).name) from error
