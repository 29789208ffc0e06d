"""Each policy, trigger, grant and check removed alone is noticed by an attack or a differential probe."""

from collections.abc import Callable

from tests.authority.mutating import EQUAL, TO_BE_ATTACKED, Laboratory, read
from tests.authority.scene import Scene


def test_each_restriction_removed_alone_is_noticed(
    spare: Scene, record_property: Callable[[str, object], None]
) -> None:
    """The table says by whom; it is made anew by ``./installer/test --mutation``."""
    table = read()
    unknown, unseen = [], []
    laboratory = Laboratory(spare)
    try:
        for mutation in laboratory.mutations:
            probe = laboratory.probes.get(table.get(mutation.name, ""))
            if mutation.name in EQUAL or mutation.name in TO_BE_ATTACKED:
                continue
            if probe is None:
                unknown.append(mutation.name)
            elif not laboratory.noticed_by(mutation, [probe]):
                unseen.append(f"{mutation.name}: {probe.name}")
    finally:
        laboratory.close()
    known = {mutation.name for mutation in laboratory.mutations}
    assert not unseen, "\n".join(unseen)
    assert not unknown, "run ./installer/test --mutation for:\n" + "\n".join(unknown)
    assert set(table) <= known, "no longer there: " + ", ".join(sorted(set(table) - known))
    argued, open_ones = len(known & set(EQUAL)), len(known & TO_BE_ATTACKED)
    record_property(
        "told",
        f"{len(known)} restrictions, each removed alone: {len(table)} noticed, {argued} argued in EQUAL,"
        f" {open_ones} not attacked yet",
    )
