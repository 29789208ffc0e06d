"""What a person wants done, once: an id that stays the same however often it has to be sent."""

import hashlib
import uuid
from dataclasses import dataclass, field

_DERIVED = uuid.UUID(
    "6f0b6f5e-51d1-4c53-9f6e-7a1d0c1b2e83"
)  # the space of ids derived from what they are about


@dataclass(slots=True)
class Course:
    """What is known so far of a command that was sent.

    ``unknown``: COMMIT was sent and its answer never came. ``transaction_id``: PostgreSQL's, of the last try.
    """

    unknown: bool = False
    transaction_id: int | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """``id``: a UUID; ``digest``: SHA-256 in hexadecimal of what is asked, "" when nobody compares."""

    id: str
    digest: str = ""
    course: Course = field(default_factory=Course, compare=False, repr=False)

    @classmethod
    def new(cls, asked: str = "") -> "Intent":
        """Return a fresh intent of what ``asked`` says in words."""
        return cls(str(uuid.uuid4()), hashlib.sha256(asked.encode()).hexdigest() if asked else "")

    @classmethod
    def about(cls, *what: object) -> "Intent":
        """Return the one intent of an act that can be done once only (the signature of a document).

        It is the same after a restart and on every workstation, so nothing has to be remembered. The server takes
        such an id from commands of the head only, or a colleague could claim it before him.
        """
        return cls(str(uuid.uuid5(_DERIVED, "/".join(map(str, what)))))
