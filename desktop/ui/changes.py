"""What an operation changed, as the screens hear of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Changed:
    """What an operation changed; each screen decides whether it cares.

    ``by_others``: colleagues did it, unasked: nothing that is being filled in may be read anew for it.
    ``all_cases``: it is not known which (the database was away for a while).
    """

    cases: frozenset[int] = field(default_factory=frozenset)
    office: bool = False
    registers: bool = True
    by_others: bool = False
    all_cases: bool = False

    def concerns(self, case_id: int | None) -> bool:
        """Return whether a case that is open has to be read anew."""
        return case_id is not None and (self.office or self.all_cases or case_id in self.cases)
