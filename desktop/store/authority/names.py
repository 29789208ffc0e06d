"""Names of an office's roles on a PostgreSQL server, where the names of all offices lie together."""

import re

from desktop.regulation.model import Role

LONGEST_PREFIX = 30
_LONGEST_NAME = 63  # bytes, NAMEDATALEN - 1
_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,28}[a-z0-9]|[a-z]")
OFFICE_ROLES = tuple(sorted(frozenset(Role) - {Role.STATE_BODY, Role.APPLICANT, Role.SYSTEM}))


def prefix_of(database: str) -> str:
    """Return the prefix an office gets by its database's name: letters, digits and underscores, 30 at most."""
    plain = re.sub(r"[^a-z0-9]+", "_", database.lower()).strip("_")
    if not plain[:1].isalpha():
        plain = f"office_{plain}"
    return plain[:LONGEST_PREFIX].strip("_")


def is_prefix(text: str) -> bool:
    """True for what may begin role names: it is put into SQL, so nothing but these letters ever passes."""
    return _PREFIX.fullmatch(text) is not None and "__" not in text


def owner(prefix: str) -> str:
    """The role that owns the schema; nobody logs in as it."""
    return f"{prefix}__owner"


def keeper(prefix: str) -> str:
    """The role that makes logins; nobody logs in as it."""
    return f"{prefix}__keeper"


def everybody(prefix: str) -> str:
    """The group all people of the office are in."""
    return f"{prefix}__user"


def group(prefix: str, role: Role) -> str:
    """The group of those who hold an office role."""
    return f"{prefix}__{role.value}"


def acting(prefix: str) -> str:
    """The group of those whom an order makes acting head: what the head may write, and only on the order's days."""
    return f"{prefix}__acting_head"


def login_role(prefix: str, login: str) -> str:
    """The role a person connects as; a name that begins with the prefix is one already."""
    return login if login.startswith(f"{prefix}_") else f"{prefix}_{login}"


def longest_login(prefix: str) -> int:
    """How many letters a login may have so that the server can hold its role's name."""
    return _LONGEST_NAME - len(prefix) - 1
