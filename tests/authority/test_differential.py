"""Three judges of every role and every command: the program's own guards, the bare server, and the matrix by hand.

The program is asked on SQLite, where nothing but its guards can refuse. The server is asked in two ways: whether it
takes the claim, and whether it takes all that the program would have sent, sent by somebody else.
"""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from desktop.cases import signing_in
from desktop.errors import NotAllowed
from tests.authority.attempts import Connection, filled
from tests.authority.hostile.kinds import claim
from tests.authority.matrix import COMMANDS, LAW, NO, OWN, YES
from tests.authority.rehearsal import Rehearsal, Sequences, Tape, replayed, taped
from tests.authority.scene import ROLE_OF, Scene
from tests.authority.uses import USES, Use

Connect = Callable[[str | None], Connection]
LOGINS = tuple(ROLE_OF)
KINDS = tuple(sorted({use.kind for use in USES}))


_LEARNS = (
    "print",
    "hand_out",
    "take_back",
    "request_again",
    "send_again",
    "change_licence",
)  # whose case a command has to learn


def may(login: str, kind: str, *, other: str = "") -> bool:
    """What the matrix says, on the executor's own case, on another's (``other_``) or on one all have a part in."""
    cell = COMMANDS[kind][ROLE_OF[login]]
    if cell == OWN:
        return other == "shared" or (not other and login == "executor")
    return cell == YES


def places(use: Use) -> tuple[str, ...]:
    """On which cases it is tried: another's where that makes a difference."""
    own = OWN in COMMANDS[use.kind].values() and use.at
    return (
        ("", "other_", "shared")
        if use.kind in ("attach", "record_system")
        else ("", "other_")
        if own
        else ("",)
    )


@pytest.fixture(scope="module")
def local_store(local_scene: Scene) -> Iterator[Rehearsal]:
    store = Rehearsal(local_scene.url)
    yield store
    store.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_the_program_lets_a_command_through_as_the_matrix_says(local_scene, local_store, kind):
    for use in USES:
        if use.kind != kind:
            continue
        for other in places(use):
            for login in LOGINS:
                allowed = may(login, kind, other=other)
                told = _asked(use, local_scene, local_store, login, other)
                assert (told == "") == allowed, f"{login} {kind} {other}: {told or 'let through'}"


def _asked(use: Use, scene: Scene, store: Rehearsal, login: str, other: str) -> str:
    try:
        use.done_by(scene, store, scene.people[login], other=other)
    except NotAllowed as refused:
        return refused.code
    return ""


@pytest.fixture(scope="module")
def tapes(scene: Scene, sequences: Sequences) -> dict[tuple[Use, str], Tape]:
    """What the program sends for every command when who may do it does it, connected as himself."""
    made: dict[tuple[Use, str], Tape] = {}
    for use in USES:
        for other in places(use):
            login = {"other_": "executor2"}.get(other, use.by) if use.by == "executor" else use.by
            store = Rehearsal(scene.login_url(login))
            sequences.reset()
            with taped(store, scene.people[login]) as tape:
                use.done_by(scene, store, scene.people[login], other=other)
            store.dispose()
            assert tape.kind == use.kind
            made[use, other] = tape
    return made


@pytest.fixture(scope="module")
def sequences(connected: Connect) -> Sequences:
    return Sequences(connected(None))


@pytest.mark.parametrize("kind", KINDS)
def test_the_server_takes_what_the_program_sends_from_those_the_matrix_says(
    scene, connected, tapes, sequences, kind
):
    for (use, other), tape in tapes.items():
        if use.kind != kind:
            continue
        for login in LOGINS:
            sequences.reset()
            stopped = replayed(connected(login), tape, scene.people[login])
            allowed = may(login, kind, other=other)
            assert (stopped == "") == allowed, f"{login} {kind} {other}: {stopped or 'let through'}"
            assert stopped == "" or stopped == "42501" or stopped.startswith("LC"), (login, kind, stopped)


@pytest.mark.parametrize(
    "kind", sorted(set(COMMANDS) - {"read_cases", "export", "read_journal", "administer"})
)
def test_the_server_takes_the_claim_of_those_the_matrix_says(scene, connected, kind):
    cases = {use.case() for use in USES if use.kind == kind} or {""}
    if kind in {"approve", "attest", "resolve", "hear"}:
        cases = {"check_case"}  # the decree has no such step anywhere
    for case in cases:
        of_case = f"«{case}»" if case and kind not in _LEARNS else "NULL"
        for login in LOGINS:
            stopped = _claims(connected(login), filled(claim(kind, of_case), scene.names))
            cell = COMMANDS[kind][ROLE_OF[login]]
            of_none = of_case == "NULL"  # of which case it is, and where the law takes it in, is proved later
            allowed = (
                cell == YES or (cell == OWN and (login == "executor" or of_none)) or (cell == LAW and of_none)
            )
            assert (stopped == "") == allowed, f"{login} {kind}: {stopped or 'let through'}, {cell}"
            if not allowed and cell in {NO, LAW}:
                assert stopped.startswith("LC"), (login, kind, stopped)


def _claims(connection: Connection, words: str) -> str:
    connection.execute("BEGIN")
    try:
        connection.execute(words.encode())
    except psycopg.Error as error:
        return error.sqlstate or "?"
    finally:
        connection.execute("ROLLBACK")
    return ""


@pytest.fixture(scope="module", autouse=True)
def _quick_hash() -> Iterator[None]:
    kept = signing_in._hasher
    signing_in._hasher = type(kept)(time_cost=1, memory_cost=8, parallelism=1)
    yield
    signing_in._hasher = kept
