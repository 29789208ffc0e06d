"""Unfinished forms, kept in the user's state folder so that closing the program loses nothing typed.

One small JSON file a draft, replaced at once or not at all. A draft that cannot be read is put aside, not deleted.
"""

import json
import logging
import os
import re
from pathlib import Path
from typing import Any

from desktop import settings
from desktop.errors import Unavailable

log = logging.getLogger(__name__)
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")


def save(key: str, values: dict[str, Any], *, folder: Path | None = None) -> None:
    """Keep ``values`` (plain JSON) under ``key`` ("registration-12"); raises Unavailable("draft-not-kept")."""
    path = _path(key, folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        os.replace(part, path)
    except OSError as error:
        raise Unavailable("draft-not-kept", reason=error.strerror or "") from error


def load(key: str, *, folder: Path | None = None) -> dict[str, Any] | None:
    """Return what was kept under ``key``; None when there is nothing, or nothing that can be read."""
    path = _path(key, folder)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        log.warning("the draft %s cannot be read and was put aside", key)
        if path.exists():
            os.replace(path, path.with_suffix(".unreadable"))
        return None
    return values if isinstance(values, dict) else None


def forget(key: str, *, folder: Path | None = None) -> None:
    """Let go of a draft whose form was finished or given up."""
    _path(key, folder).unlink(missing_ok=True)


def _path(key: str, folder: Path | None) -> Path:
    if not _KEY.fullmatch(key):
        raise ValueError(key)
    return (folder or settings.state_folder() / "drafts") / f"{key}.json"
