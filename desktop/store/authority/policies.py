"""Which rows a role reaches: row policies, made of the table of sight (``regulation.sight``).

Who sees every case has a policy of his group that is simply true: it costs nothing, and the server may use every
index. Everybody else has the policy of all people, whose functions are asked once a statement, as ``(SELECT f())``.
A table that has no policy stands in ``PUBLIC`` with its reason. Expressions are written as the server repeats them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from desktop.regulation.model import Role
from desktop.regulation.sight import CASES, EVENTS_ABOUT_APPLICANTS, JOURNAL, Sight
from desktop.store.authority import names
from desktop.store.authority.roles import tell

PUBLIC: dict[str, str] = {
    "acting_head": "everybody must know who stands in for the head, and by which order",
    "alembic_version": "the number of the schema",
    "code_key": "certificates of the codes on papers are public; the keys are not here",
    "connected_system": "where other systems are reached; their tokens are not here",
    "day_override": "the office's calendar",
    "fee_rate": "published rates",
    "installation": "the office's own number and the prefix of its roles",
    "journal_checkpoint": "what the head signed of the journal: hashes and counts, no content",
    "confirmation": "who has set what about whom, and who has confirmed it: the staff's own control",
    "journal_head": "the end of the chain: every workstation remembers it as a witness",
    "journal_link": "the chain itself: hashes, numbers and moments, no content",
    "law_move": "the law",
    "law_office_move": "the law",
    "law_start": "the law",
    "law_step": "the law",
    "office": "what stands on every paper of the office",
    "person_role": "the staff list",
    "register_counter": "how many numbers were given",
    "regulation_text": "the law",
    "trust_root": "certificates of authorities are public",
    "working_hours": "hang on the door",
}
"""Tables every person of the office may read whole, and why."""

OF_CASE: dict[str, str] = {
    "assignment": "case_id",
    "attachment": "case_id",
    "case_document": "case_id",
    "case_file": "id",
    "case_sub_type": "case_id",
    "exchange_record": "case_id",
    "hand_over": "case_id",
    "hearing": "case_id",
    "incoming_package": "case_id",  # one that waits is of no case yet: see "to_take_in"
    "inventory_item": "case_id",
    "licence": "case_id",
    "licence_change": "case_id",
    "outside_request": "case_id",
    "requirement_check": "case_id",
    "result_custody": "case_id",
    "survey_answer": "case_id",
    "sitting": "case_id",
}
"""Tables whose rows belong to one case, and the column that says to which."""

_OWN_CASE = "(( SELECT sees_all_cases() AS sees_all_cases) OR ({column} IN ( SELECT my_cases() AS my_cases)))"
_TO_TAKE_IN = """
((case_id IS NULL) AND (((regulation_sha256)::text, (service)::text, (operation)::text, (channel)::text) IN ( SELECT my_starts.regulation_sha256,
    my_starts.service,
    my_starts.operation,
    my_starts.channel
   FROM my_starts() my_starts(regulation_sha256, service, operation, channel))))
""".strip()
_STAFF = "( SELECT is_staff() AS is_staff)"
_FILE = """
(((sha256)::text IN ( SELECT office.seal_sha256
   FROM office)) OR (EXISTS ( SELECT 1
   FROM attachment a
  WHERE ((a.sha256)::text = ({table}.sha256)::text))) OR (EXISTS ( SELECT 1
   FROM case_document d
  WHERE (((d.unsigned_sha256)::text = ({table}.sha256)::text) OR ((d.signed_sha256)::text = ({table}.sha256)::text)))) OR (EXISTS ( SELECT 1
   FROM exchange_record e
  WHERE ((e.evidence_sha256)::text = ({table}.sha256)::text))) OR (EXISTS ( SELECT 1
   FROM incoming_package p
  WHERE ((p.content_sha256)::text = ({table}.sha256)::text))))
""".strip()


@dataclass(frozen=True, slots=True)
class Policy:
    """One row policy. ``using`` and ``check`` are "" where the command has none."""

    table: str
    name: str
    command: str  # ALL, SELECT, INSERT, UPDATE
    roles: tuple[str, ...]
    using: str = ""
    check: str = ""


def policies(prefix: str) -> Iterator[Policy]:
    """Every policy of an office."""
    everybody = (names.everybody(prefix),)
    see_all = _groups(prefix, CASES, Sight.ALL)
    administrators = (names.group(prefix, Role.ADMINISTRATOR),)
    for table, column in OF_CASE.items():
        own = _OWN_CASE.format(column=column)
        yield Policy(table, "every_case", "ALL", see_all, "true", "true")
        yield Policy(table, "own_case", "ALL", everybody, own, own)
    # whoever takes an application in sees what he writes before it is a case of anybody's
    begun = "(registered_at = ( SELECT registering_since() AS registering_since))"
    begun = f"((registered_by = ( SELECT session_person() AS session_person)) AND {begun})"
    yield Policy("case_file", "new_case", "ALL", everybody, *_twice(begun))
    given = "(given_at = ( SELECT registering_since() AS registering_since))"
    yield Policy(
        "register_number", "new_number", "ALL", everybody, *_twice(f"((case_id IS NULL) AND {given})")
    )
    yield Policy("incoming_package", "to_take_in", "ALL", everybody, *_twice(_TO_TAKE_IN))
    own = _OWN_CASE.format(column="case_id")
    yield Policy("register_number", "every_case", "ALL", see_all, "true", "true")
    # a number of the central database that was given up may be taken by the case it truly belongs to
    free = f"({own[1:-1]} OR (((register)::text = 'outside'::text) AND ((state)::text = 'voided'::text)))"
    yield Policy("register_number", "own_case", "ALL", everybody, free, own)
    yield Policy("presence", "every_case", "SELECT", see_all, "true")
    yield Policy("presence", "own_case", "SELECT", everybody, own)
    for table in ("blob", "blob_chunk"):
        yield Policy(table, "every_file", "SELECT", see_all, "true")
        yield Policy(table, "file_of_own_case", "SELECT", everybody, _FILE.format(table=table))
        yield Policy(table, "keep", "INSERT", everybody, check=_STAFF)
    of_command = (
        "(EXISTS ( SELECT 1\n   FROM command c\n  WHERE ((c.id)::text = (blob_proof.command_id)::text)))"
    )
    yield Policy("blob_proof", "of_own_command", "ALL", everybody, *_twice(of_command))
    yield Policy("person", "staff_list", "SELECT", (*everybody, names.keeper(prefix)), "true")
    yield Policy(
        "person",
        "myself",
        "UPDATE",
        everybody,
        *_twice("(id = ( SELECT session_person() AS session_person))"),
    )
    yield Policy("person", "administer", "ALL", administrators, "true", "true")
    yield from _journal(prefix, everybody, administrators)


def _journal(prefix: str, everybody: tuple[str, ...], administrators: tuple[str, ...]) -> Iterator[Policy]:
    readers = _groups(prefix, JOURNAL, Sight.ALL)
    myself = "((actor)::text = ( SELECT session_login() AS session_login))"
    own = (
        "(( SELECT reads_whole_journal() AS reads_whole_journal)"
        f" OR ((case_id IS NOT NULL) AND {_OWN_CASE.format(column='case_id')})"
        f" OR ((case_id IS NULL) AND {myself}))"
    )
    told = " AND ".join(f"((event)::text <> '{event}'::text)" for event in sorted(EVENTS_ABOUT_APPLICANTS))
    yield Policy("journal_entry", "whole", "SELECT", readers, "true")
    yield Policy("journal_entry", "own", "SELECT", everybody, own)
    yield Policy(
        "journal_entry", "office_events", "SELECT", administrators, f"((case_id IS NULL) AND {told})"
    )
    yield Policy("journal_entry", "write", "INSERT", everybody, check=myself)
    yield Policy(
        "journal_image",
        "whole",
        "SELECT",
        everybody,
        "( SELECT reads_whole_journal() AS reads_whole_journal)",
    )
    mine = "((login)::text = ( SELECT session_login() AS session_login))"
    whole = f"(( SELECT reads_whole_journal() AS reads_whole_journal) OR {mine})"
    yield Policy("command", "whole", "SELECT", everybody, whole)
    # a case that is claimed is in sight already: else claiming it would bring it there
    seen = _OWN_CASE.format(column="case_id")[1:-1]
    claimed = f"({mine} AND ((case_id IS NULL) OR {seen}))"
    yield Policy("command", "claim", "INSERT", everybody, check=claimed)
    yield Policy("command", "finish", "UPDATE", everybody, mine, claimed)


def functions() -> str:
    """The SQL of the functions the policies ask."""
    sets = {
        "{all_cases}": _array(CASES, Sight.ALL),
        "{own_cases}": _array(CASES, Sight.OWN),
        "{whole_journal}": _array(JOURNAL, Sight.ALL),
        "{centre}": Role.CENTRE_OPERATOR.value,
    }
    words = _FUNCTIONS
    for place, array in sets.items():
        words = words.replace(place, array)
    return words


_FUNCTIONS = """
-- True for who sees every case, an acting head on the order's days among them.
CREATE OR REPLACE FUNCTION sees_all_cases() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT session_roles() && {all_cases} $$;

-- The cases assigned to the person at the other end in a role he holds now; those that wait for anybody of his role;
-- those whose result was sent to a centre, for its operator; and that of the command he is at, which was in his sight when he claimed it and may have moved on since.
CREATE OR REPLACE FUNCTION my_cases() RETURNS SETOF integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ WITH me AS MATERIALIZED (SELECT session_person() AS id, session_roles() AS roles, session_login() AS login)
      SELECT a.case_id FROM me JOIN assignment a ON a.person_id = me.id AND a.role = ANY (me.roles)
      WHERE me.roles && {own_cases}
      UNION
      SELECT c.id FROM me JOIN law_step s ON s.performer = ANY (me.roles)
      JOIN case_file c ON c.step = s.step AND c.regulation_sha256 = s.regulation_sha256
          AND c.service = s.service AND c.operation = s.operation
      WHERE me.roles && {own_cases}
          AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.case_id = c.id AND a.role = s.performer)
      UNION
      SELECT k.case_id FROM me JOIN result_custody k ON '{centre}' = ANY (me.roles)
      UNION
      SELECT r.case_id FROM me JOIN command r ON r.login = me.login
      WHERE me.roles && {own_cases} AND r.transaction_id = pg_current_xact_id_if_assigned()::text::bigint
          AND r.case_id IS NOT NULL $$;

CREATE OR REPLACE FUNCTION case_in_sight(of_case integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT sees_all_cases() OR of_case IN (SELECT my_cases()) $$;

-- Where the acts have somebody of the person's roles take an application in that comes as a package.
CREATE OR REPLACE FUNCTION my_starts() RETURNS TABLE (regulation_sha256 text, service text, operation text, channel text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT b.regulation_sha256, b.service, b.operation, b.channel FROM law_start b
      JOIN law_step s ON s.regulation_sha256 = b.regulation_sha256 AND s.service = b.service
          AND s.operation = b.operation AND s.step = b.first
      WHERE s.performer = ANY (session_roles()) AND s.performer = ANY (command_roles('receive_package')) $$;

-- The moment of the registration this transaction has claimed; NULL when it has claimed none.
CREATE OR REPLACE FUNCTION registering_since() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT r.at FROM command r
      WHERE r.login = session_login() AND r.kind = 'register'
          AND r.transaction_id = pg_current_xact_id_if_assigned()::text::bigint $$;

CREATE OR REPLACE FUNCTION reads_whole_journal() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT session_roles() && {whole_journal} $$;

-- Whether a number is taken, by a case out of sight too: that can never be hidden.
CREATE OR REPLACE FUNCTION number_taken(in_register text, number_text text, but_case integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT EXISTS (
          SELECT 1 FROM register_number n
          WHERE n.register = in_register AND n.text = number_text
            AND (in_register = 'licence' OR n.state <> 'voided' AND n.case_id IS DISTINCT FROM but_case)
          UNION ALL
          SELECT 1 FROM licence l
          WHERE in_register = 'licence' AND l.number = number_text AND l.case_id <> but_case) $$;

GRANT EXECUTE ON FUNCTION sees_all_cases(), my_cases(), my_starts(), registering_since(), reads_whole_journal(), number_taken(text, text, integer)
    TO {prefix}__user;
"""


def apply(connection: Connection, prefix: str) -> None:
    """Drop every policy of the schema and make those of the table anew; switch them on where there are any."""
    found = connection.execute(
        text("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'")
    )
    for table, name in found.all():
        tell(connection, "DROP POLICY {} ON {}", name, table)
    guarded = set()
    for policy in policies(prefix):
        guarded.add(policy.table)
        roles = ", ".join("{}" for _ in policy.roles)
        words = f"CREATE POLICY {{}} ON {{}} FOR {policy.command} TO {roles}"
        words += f" USING ({policy.using})" if policy.using else ""
        words += f" WITH CHECK ({policy.check})" if policy.check else ""
        tell(connection, words, policy.name, policy.table, *policy.roles)
    tables = connection.execute(
        text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
    )
    for table in tables.scalars().all():
        tell(
            connection,
            f"ALTER TABLE {{}} {'ENABLE' if table in guarded else 'DISABLE'} ROW LEVEL SECURITY",
            table,
        )


def _twice(expression: str) -> tuple[str, str]:
    return expression, expression


def _groups(prefix: str, table: dict[Role, Sight], wanted: Sight) -> tuple[str, ...]:
    return tuple(names.group(prefix, role) for role, sight in table.items() if sight is wanted)


def _array(table: dict[Role, Sight], wanted: Sight) -> str:
    return (
        f"ARRAY[{', '.join(f'{role.value!r}' for role, sight in table.items() if sight is wanted)}]::text[]"
    )
