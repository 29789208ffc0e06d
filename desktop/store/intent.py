"""What a person wants done, once: an id that stays the same however often it has to be sent."""

import hashlib
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Intent:
    """``id``: a UUID; ``digest``: SHA-256 in hexadecimal of what is asked, "" when nobody compares."""

    id: str
    digest: str = ""

    @classmethod
    def new(cls, asked: str = "") -> "Intent":
        """Return a fresh intent of what ``asked`` says in words."""
        return cls(str(uuid.uuid4()), hashlib.sha256(asked.encode()).hexdigest() if asked else "")
