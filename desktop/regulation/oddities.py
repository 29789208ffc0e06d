"""The closed list of what may be odd in a regulation file that can be used."""

from enum import StrEnum


class Oddity(StrEnum):
    """What :mod:`desktop.regulation.linting` may find in a file that can be used; a note may declare it."""

    TERMS_EXCEED_TOTAL = "terms-exceed-total"
    NO_TOTAL_TERM = "no-total-term"
    NO_TERM = "no-term"
    SILENCE = "silence-has-no-way-on"
    PAUSE_WITHOUT_TERM = "pause-without-term"
    GOES_ROUND = "goes-round"
    ROLE_CANNOT_ACT = "role-cannot-act"
    ENDS_WITHOUT_PAPER = "ends-without-paper"
    RESULT_UNSIGNED = "result-unsigned"
    REFUSAL_WITHOUT_GROUND = "refusal-without-ground"
    CHECK_WITHOUT_PAPERS = "check-without-papers"
    MIXED_LETTERS = "mixed-letters"
    KAZAKH_LOOKS_RUSSIAN = "kazakh-looks-russian"
    SAME_IN_BOTH = "same-in-both-languages"
    REPEAL_HALF_TOLD = "repeal-half-told"
    UNVERIFIED = "unverified"
