"""Which rows a role reaches: row policies, made of the table of sight (``regulation.sight``).

Who sees every case has a policy of his group that is simply true: it costs nothing, and the server may use every
index. Everybody else has the policy of all people, whose functions are asked once a statement, as ``(SELECT f())``;
of who has more than ``MANY`` cases, a row's assignments are looked up by their key (in PL/pgSQL, for its kept plans).
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

# who has many cases is not read them all for one row: whether that one is his, its assignments say by their key
MANY = 2000
_OWN_CASE = """
(( SELECT sees_all_cases() AS sees_all_cases) OR ({column} IN ( SELECT my_cases_at_hand() AS my_cases_at_hand)) OR (( SELECT has_many_cases() AS has_many_cases) AND ( SELECT true AS bool
   FROM assignment mine
  WHERE ((mine.case_id = {table}.{column}) AND (mine.person_id = ( SELECT session_person() AS session_person)) AND ((mine.role)::text = ANY (( SELECT my_case_roles() AS my_case_roles)::text[])))
 LIMIT 1)))
""".strip()
_OWN_ASSIGNMENT = """
(( SELECT sees_all_cases() AS sees_all_cases) OR ((person_id = ( SELECT session_person() AS session_person)) AND ((role)::text = ANY (( SELECT my_case_roles() AS my_case_roles)::text[]))) OR (case_id IN ( SELECT my_cases() AS my_cases)))
""".strip()
_OF_MY_CASES = (
    "(( SELECT sees_all_cases() AS sees_all_cases) OR (case_id IN ( SELECT my_cases() AS my_cases)))"
)
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
        yield Policy(table, "every_case", "ALL", see_all, "true", "true")
        yield Policy(table, "own_case", "ALL", everybody, *_own_case(table, column))
    # whoever takes an application in sees what he writes before it is a case of anybody's
    begun = "(registered_at = ( SELECT registering_since() AS registering_since))"
    begun = f"((registered_by = ( SELECT session_person() AS session_person)) AND {begun})"
    yield Policy("case_file", "new_case", "ALL", everybody, *_twice(begun))
    given = "(given_at = ( SELECT registering_since() AS registering_since))"
    yield Policy(
        "register_number", "new_number", "ALL", everybody, *_twice(f"((case_id IS NULL) AND {given})")
    )
    yield Policy("incoming_package", "to_take_in", "ALL", everybody, *_twice(_TO_TAKE_IN))
    own, _ = _own_case("register_number")
    yield Policy("register_number", "every_case", "ALL", see_all, "true", "true")
    # a number of the central database that was given up may be taken by the case it truly belongs to
    free = f"({own[1:-1]} OR (((register)::text = 'outside'::text) AND ((state)::text = 'voided'::text)))"
    yield Policy("register_number", "own_case", "ALL", everybody, free, own)
    yield Policy("presence", "every_case", "SELECT", see_all, "true")
    yield Policy("presence", "own_case", "SELECT", everybody, _own_case("presence")[0])
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
        f" OR ((case_id IS NOT NULL) AND {_own_case('journal_entry')[0]})"
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
    seen = _own_case("command")[0][1:-1]
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
        "{many}": str(MANY),
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

-- The roles in which a case may be assigned to the person at the other end: those he holds now, if one of them sees
-- his own cases.
CREATE OR REPLACE FUNCTION my_case_roles() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    held text[] := session_roles();
BEGIN
    RETURN CASE WHEN held && {own_cases} THEN held ELSE '{}' END;
END $$;

-- The cases he sees though they are not assigned to him: those that wait for anybody of his role; those whose result
-- was sent to a centre, for its operator; and that of the command he is at, which was in his sight when he claimed it
-- and may have moved on since. Few beside all cases: the closed ones are not read.
CREATE OR REPLACE FUNCTION my_open_cases() RETURNS SETOF integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    held text[] := my_case_roles();
BEGIN
    IF cardinality(held) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH open AS MATERIALIZED (
            SELECT c.id, c.regulation_sha256, c.service, c.operation, c.step FROM case_file c
            WHERE c.step IS NOT NULL)
        SELECT c.id FROM open c
        JOIN law_step s ON s.regulation_sha256 = c.regulation_sha256 AND s.service = c.service
            AND s.operation = c.operation AND s.step = c.step
        WHERE s.performer = ANY (held)
            AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.case_id = c.id AND a.role = s.performer);
    RETURN QUERY SELECT k.case_id FROM result_custody k WHERE '{centre}' = ANY (held);
    RETURN QUERY
        SELECT r.case_id FROM command r
        WHERE r.login = session_login() AND r.case_id IS NOT NULL
            AND r.transaction_id = pg_current_xact_id_if_assigned()::text::bigint;
END $$;

-- True for whom it takes longer to read the list of his cases than to look a page of them up one by one.
CREATE OR REPLACE FUNCTION has_many_cases() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    me integer := session_person();
    held text[] := my_case_roles();
BEGIN
    RETURN EXISTS (SELECT 1 FROM assignment a WHERE a.person_id = me AND a.role = ANY (held) OFFSET {many});
END $$;

-- What a statement reads as a list: of who has many cases only those that are not assigned to him.
CREATE OR REPLACE FUNCTION my_cases_at_hand() RETURNS SETOF integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    me integer := session_person();
    held text[] := my_case_roles();
BEGIN
    IF NOT has_many_cases() THEN
        RETURN QUERY SELECT a.case_id FROM assignment a WHERE a.person_id = me AND a.role = ANY (held);
    END IF;
    RETURN QUERY SELECT my_open_cases();
END $$;

-- Every case in sight of who sees his own alone.
CREATE OR REPLACE FUNCTION my_cases() RETURNS SETOF integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT a.case_id FROM assignment a
      WHERE a.person_id = (SELECT session_person()) AND a.role = ANY ((SELECT my_case_roles())::text[])
      UNION ALL
      SELECT my_open_cases() $$;

CREATE OR REPLACE FUNCTION case_in_sight(of_case integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT sees_all_cases()
          OR EXISTS (SELECT 1 FROM assignment a WHERE a.case_id = of_case AND a.person_id = session_person()
                     AND a.role = ANY (my_case_roles()))
          OR of_case IN (SELECT my_open_cases()) $$;

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

GRANT EXECUTE ON FUNCTION sees_all_cases(), my_case_roles(), my_cases(), my_cases_at_hand(), has_many_cases(), my_starts(), registering_since(), reads_whole_journal(), number_taken(text, text, integer)
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


def _own_case(table: str, column: str = "case_id") -> tuple[str, str]:
    """What a row must be to be seen, and to be written: of a case in sight."""
    if table == "assignment":
        return _OWN_ASSIGNMENT, _OF_MY_CASES
    return _twice(_OWN_CASE.format(table=table, column=column))


def _twice(expression: str) -> tuple[str, str]:
    return expression, expression


def _groups(prefix: str, table: dict[Role, Sight], wanted: Sight) -> tuple[str, ...]:
    return tuple(names.group(prefix, role) for role, sight in table.items() if sight is wanted)


def _array(table: dict[Role, Sight], wanted: Sight) -> str:
    return (
        f"ARRAY[{', '.join(f'{role.value!r}' for role, sight in table.items() if sight is wanted)}]::text[]"
    )
