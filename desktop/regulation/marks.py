"""The marks a clause bears beside its item, read in one place for papers, windows and the summary.

``[I]`` follows from the act without being said in it; ``[K]`` is a default nobody has checked; ``[F]`` was found in a
public source. An article of the Law on permits (202-V) is another law's. What the program counts or prints by is a key
of the file (``unverified``, ``other_law``), never a mark.
"""

import re

_MARK = re.compile(r"\s*\[[A-Z]\]")
_NOT_OF_THE_ACT = re.compile(r"\[[IKF]\]|202-V")


def inferred(clause: str) -> bool:
    """Return whether the act itself does not say it in so many words."""
    return _NOT_OF_THE_ACT.search(clause) is not None


def cited(clause: str) -> str:
    """Return the clause as a paper cites it: "4; Стандарт 9" of "4; [K] Стандарт 9", "5(4)" of "5(4); [K]"."""
    return _MARK.sub("", clause).strip(" ;,")
