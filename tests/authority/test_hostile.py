"""Every attack by every attacker is refused, for the reason that is the right one, and changes nothing at all."""

from collections.abc import Callable, Iterable

import pytest

from tests.authority import columns
from tests.authority.attempts import Connection, attempt
from tests.authority.hostile import WRITTEN, everybody
from tests.authority.hostile.kinds import HARMLESS, Attack
from tests.authority.mutations import columns_of
from tests.authority.probes import HELD, referring, rehearsed
from tests.authority.scene import Scene, Witness

Connect = Callable[[str | None], Connection]
LOGINS = sorted({attack.by for attack in WRITTEN})


def test_there_are_enough_of_them() -> None:
    told = {(attack.by, attack.first, attack.last) for attack in WRITTEN}
    assert len(told) == len(WRITTEN), "the same attack twice"
    assert len({(attack.aim, attack.last) for attack in WRITTEN}) >= 300
    assert all(attack.why for attack in WRITTEN if attack.refused == HARMLESS)


@pytest.mark.parametrize("login", LOGINS)
def test_every_attack_is_refused_for_the_right_reason(
    scene: Scene, connected: Connect, login: str, record_property: Callable[[str, object], None]
) -> None:
    attacks = [attack for attack in WRITTEN if attack.by == login]
    _all_refused(scene, connected, login, attacks)
    record_property("told", f"{len(attacks)} attacks of {login} refused")


@pytest.mark.parametrize("login", everybody.LOGINS.split())
def test_nobody_takes_away_empties_or_locks_any_table(scene: Scene, connected: Connect, login: str) -> None:
    witness = Witness(connected(None))
    attacks = (*everybody.on_tables(witness.tables), *everybody.on_sequences(witness.sequences))
    _all_refused(scene, connected, login, [item for item in attacks if item.by == login])


def test_the_servers_own_administrator_empties_nothing_and_writes_nothing_past_the_journal(
    scene: Scene, connected: Connect
) -> None:
    superuser = connected(None)
    tables = Witness(superuser).tables
    attacks = list(everybody.by_server(tables, referring(superuser)))
    wrong = [
        f"{attack.name}: {stopped}, not {attack.refused}"
        for attack in attacks
        if (stopped := rehearsed(superuser, attack, scene)) != attack.refused
    ]
    assert not wrong, "\n".join(wrong)


def test_every_column_is_written_by_the_roles_of_the_list_and_nobody_else(
    scene: Scene, connected: Connect, record_property: Callable[[str, object], None]
) -> None:
    asked = list(columns.probes(columns_of(connected(None)), HELD))
    wrong = [probe.name for probe in asked if rehearsed(connected(probe.by), probe, scene) != probe.refused]
    assert wrong == []
    record_property("told", f"{len(asked)} questions for single columns")


def _all_refused(scene: Scene, connected: Connect, login: str, attacks: Iterable[Attack]) -> None:
    witness = Witness(connected(None))
    before = witness.all()
    wrong = []
    for attack in attacks:
        stopped = attempt(connected(login), attack, scene.names)
        if stopped != attack.refused:
            wrong.append(f"{attack.name}: {stopped}, not {attack.refused}\n    {attack.last}")
    assert not wrong, "\n".join(wrong)
    assert witness.all() == before
