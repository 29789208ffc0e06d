"""What everybody tries on every table: take it away, empty it, lock it, change the journal, be the trigger's own hand."""

from collections.abc import Iterator

from tests.authority.hostile import reasons as why
from tests.authority.hostile.kinds import NOTHING, SERVER, Attack, claim, entry, tried_by

LOGINS = "clerk executor department_head secretary head administrator auditor deputy ghost"
LOCKS = (
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""Every mode that stops somebody's work; ACCESS SHARE and ROW SHARE are those of reading."""


def on_tables(tables: list[str]) -> Iterator[Attack]:
    """By each login on each table of the catalogue: whatever table is added tomorrow is attacked, too."""
    for table in tables:
        yield from tried_by(
            LOGINS,
            Attack("", f"takes every row of {table} away", f"DELETE FROM {table}"),
            Attack("", f"takes one row of {table} away", f"DELETE FROM {table} WHERE ctid = '(0,1)'"),
            Attack("", f"empties {table}", f"TRUNCATE {table} CASCADE"),
            *(Attack("", f"locks {table} in {mode}", f"LOCK TABLE {table} IN {mode} MODE") for mode in LOCKS),
            Attack(
                "",
                f"makes a trigger on {table}",
                f"CREATE TRIGGER mine BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            ),
            Attack(
                "",
                f"merges into {table}",
                f"MERGE INTO {table} t USING (VALUES (1)) v ON false WHEN MATCHED THEN DELETE",
            ),
            Attack("", f"gives {table} away", f"ALTER TABLE {table} OWNER TO CURRENT_USER"),
        )


def on_sequences(sequences: list[str]) -> Iterator[Attack]:
    """Ids are no numbers of the office, and still nobody sets them."""
    for sequence in sequences:
        yield from tried_by(LOGINS, Attack("", f"sets {sequence}", f"SELECT setval('{sequence}', 1000000)"))


JOURNAL = (
    Attack(
        "",
        "forges an image",
        "INSERT INTO journal_image (transaction_id, table_name, row_key, kind, content) VALUES (1, 'case_file', '1', 'U', '{}')",
    ),
    Attack("", "changes an image", "UPDATE journal_image SET content = '{}'"),
    Attack(
        "",
        "forges a link",
        "INSERT INTO journal_link (position, previous, hash, transaction_id, first_image, last_image, images, login, at) VALUES (999999, '', '', 1, 1, 1, 1, 'head', now())",
    ),
    Attack("", "changes a link", "UPDATE journal_link SET hash = ''"),
    Attack("", "turns the head of the journal back", "UPDATE journal_head SET position = 0"),
    Attack("", "holds the head of the journal", "SELECT 1 FROM journal_head FOR UPDATE"),
    Attack("", "holds the head of the journal for a key", "SELECT 1 FROM journal_head FOR NO KEY UPDATE"),
    Attack("", "changes what an entry says", "UPDATE journal_entry SET facts = '{}'"),
    Attack("", "changes whose an entry is", "UPDATE journal_entry SET actor = 'head'"),
    Attack("", "changes when an entry was made", "UPDATE journal_entry SET at = '2001-01-01'"),
    Attack("", "changes the step of an entry", "UPDATE journal_entry SET step = ''"),
    Attack("", "seals by himself", "SELECT journal_seal()"),
    Attack(
        "", "reads a claim's number and takes it again", "UPDATE command SET id = gen_random_uuid()::text"
    ),
)

# tables nobody may empty or have written without an image, the server's own administrator neither
_NOT_KEPT = {"alembic_version", "installation", "presence", "journal_head"}
_NO_IMAGE = {"alembic_version", "blob_chunk", "presence", "journal_head", "journal_image", "journal_link"}


# rows that cannot be taken away are added
_ADDED = {
    "journal_entry": entry("registered", command_id="NULL", at="now()"),
    "journal_checkpoint": (
        "INSERT INTO journal_checkpoint (position, hash, reason, statement, document, certificate, made_at, made_by)"
        " SELECT position, hash, 'asked', '', '', '', now(), «head_id» FROM journal_link LIMIT 1"
    ),
}


def by_server(tables: list[str], referring: dict[str, list[str]]) -> Iterator[Attack]:
    """A mistake or bad faith of who administers the server. ``referring``: how to drop what refers to a table."""
    for table in tables:
        drops = tuple(referring.get(table, ()))
        if table not in _NOT_KEPT:
            kept = why.KEPT if table in {"journal_image", "journal_link"} else why.FIXED
            yield Attack(SERVER, f"empties {table}", f"TRUNCATE {table}", kept, first=drops)
        if table not in _NO_IMAGE:
            row = f"DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table} LIMIT 1)"
            yield Attack(
                SERVER,
                f"writes {table} past the journal",
                "SELECT 1 WHERE NOT EXISTS (SELECT FROM journal_image"
                f" WHERE table_name = '{table}' AND transaction_id = pg_current_xact_id()::text::bigint)",
                NOTHING,
                first=(*drops, _ADDED.get(table, row)),
            )


_KINDS = [
    "register",
    "refuse_acceptance",
    "attach",
    "attest",
    "resolve",
    "hear",
    "record_system",
    "receive_package",
    "assign",
    "approve",
    "check",
    "record_answer",
    "save_checks",
    "decide",
    "prepare",
    "sign",
    "deliver",
    "print",
    "return_for_rework",
    "withdraw",
    "correct",
    "reassign",
    "set_people",
    "set_acting_head",
    "set_calendar",
    "set_fees",
    "set_trust",
    "set_office",
    "set_law",
    "set_systems",
    "set_code_key",
    "found",
    "sign_in",
    "set_own_password",
]

# a login in every group of the office that is nobody of the office: a mistake of the server's administrator, a leftover
GHOST = (
    *(Attack("ghost", f"claims {kind}", claim(kind), why.NOBODY) for kind in _KINDS),
    Attack("ghost", "changes a case", "UPDATE case_file SET step = NULL", why.NO_CLAIM),
    Attack(
        "ghost",
        "gives himself a seat",
        "INSERT INTO person_role (person_id, role) VALUES («clerk_id», 'head')",
        why.NO_CLAIM,
    ),
    Attack(
        "ghost",
        "takes a row away",
        'SELECT forget_row(\'person_role\', \'{"person_id": «clerk_id», "role": "clerk"}\')',
    ),
)

_TOUCHED = "UPDATE office SET version = version + 1"
BY_SERVER = (
    Attack(SERVER, "changes what an entry says", "UPDATE journal_entry SET facts = '{}'", why.FIXED),
    Attack(SERVER, "takes an entry away", "DELETE FROM journal_entry", why.FIXED),
    Attack(SERVER, "changes an image", "UPDATE journal_image SET content = '{}'", why.KEPT),
    Attack(SERVER, "takes an image away", "DELETE FROM journal_image", why.KEPT),
    Attack(SERVER, "changes a link", "UPDATE journal_link SET hash = ''", why.KEPT),
    Attack(SERVER, "takes a link away", "DELETE FROM journal_link", why.KEPT),
    Attack(
        SERVER,
        "writes and is not sealed",
        "SELECT 1 WHERE NOT EXISTS (SELECT FROM journal_link"
        " WHERE transaction_id = pg_current_xact_id()::text::bigint AND login = session_user)",
        NOTHING,
        first=(_TOUCHED, "SET CONSTRAINTS ALL IMMEDIATE"),
    ),
)

ATTACKS = (*tried_by(LOGINS, *JOURNAL), *GHOST, *BY_SERVER)
