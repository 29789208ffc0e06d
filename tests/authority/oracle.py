"""What everybody sees, computed in plain Python from all there is: the judge of the policies and of the program's lists.

Nothing here asks the database or the program who may see what; the rules are those of ``security`` notes 3.4, by hand.
"""

from collections.abc import Mapping
from typing import Any

from tests.authority.matrix import SIGHT

Row = Mapping[str, Any]
World = Mapping[str, list[Row]]

# rows of one case, and the column that names it
_OF_CASE = {
    "case_file": "id",
    **dict.fromkeys(
        [
            "case_sub_type",
            "inventory_item",
            "attachment",
            "assignment",
            "requirement_check",
            "outside_request",
            "case_document",
            "exchange_record",
            "incoming_package",
            "hand_over",
            "hearing",
            "sitting",
            "licence",
            "licence_change",
            "result_custody",
            "survey_answer",
            "register_number",
            "presence",
        ],
        "case_id",
    ),
}
# what anybody of the office may read whole, and why
PUBLIC = {
    "acting_head": "everybody must know who stands in for the head",
    "alembic_version": "the schema's number",
    "code_key": "certificates",
    "connected_system": "addresses; no token is there",
    "day_override": "the calendar",
    "fee_rate": "published",
    "installation": "the office's own number",
    "journal_checkpoint": "what the head signed of the journal: hashes and counts",
    "journal_head": "where the journal ends: hashes, for a witness",
    "journal_link": "the chain: hashes, for a witness",
    "law_move": "the law",
    "law_office_move": "the law",
    "law_start": "the law",
    "law_step": "the law",
    "office": "stands on every paper",
    "person": "the staff list",
    "person_role": "the staff list",
    "register_counter": "how many numbers were given",
    "regulation_text": "the law",
    "confirmation": "who has set what about whom, and who has confirmed it: the staff's own control",
    "trust_root": "certificates of authorities are public",
    "working_hours": "hang on the door",
}
_TELLS_OF_APPLICANT = {"acceptance-refused", "package-received", "package-checked"}


class Oracle:
    """Of one world, for one person."""

    def __init__(self, world: World, login: str, roles: set[str]) -> None:
        self._world = world
        self._login = login
        self._roles = roles
        person = next(row for row in world["person"] if row["login"] == login)
        self._active = person["active"]
        sights = {SIGHT[role] for role in roles} if self._active else set()
        self._all = "all" in sights
        self._cases = (
            {row["id"] for row in world["case_file"]}
            if self._all
            else {
                row["case_id"]
                for row in world["assignment"]
                if row["person_id"] == person["id"]
                and row["role"] in roles
                and SIGHT[row["role"]] == "assigned"
            }
        )
        if "centre_operator" in roles and person["active"]:  # what was sent to the centre
            self._cases |= {row["case_id"] for row in world["result_custody"]}
        self._whole_journal = bool(roles & {"head", "auditor"})
        self._files = self._shown_files()

    def cases(self) -> set[int]:
        """The ids of the cases he sees."""
        return set(self._cases)

    def sees(self, table: str, row: Row) -> bool:
        """True when the row is his to see."""
        if table in PUBLIC:
            return True
        if table in _OF_CASE:
            case = row[_OF_CASE[table]]
            if case is None:
                return self._all or (table == "incoming_package" and self._takes_in(row))
            return case in self._cases
        judged: bool = getattr(self, f"_sees_{table}")(row)
        return judged

    def _takes_in(self, package: Row) -> bool:
        """Atyrau 002 (attachment) item 8(1): a request for attachment is the primary-care organisation's to take in."""
        return package["service"] == "attachment" and self._active and "phc_employee" in self._roles

    def _sees_blob(self, row: Row) -> bool:
        return row["sha256"] in self._files

    _sees_blob_chunk = _sees_blob

    def _sees_blob_proof(self, row: Row) -> bool:
        return any(
            claim["id"] == row["command_id"] for claim in self._world["command"] if self._sees_command(claim)
        )

    def _sees_command(self, row: Row) -> bool:
        return self._whole_journal or row["login"] == self._login

    def _sees_journal_entry(self, row: Row) -> bool:
        if self._whole_journal or (row["actor"] == self._login and row["case_id"] is None):
            return True
        if row["case_id"] is not None:
            return row["case_id"] in self._cases
        return "administrator" in self._roles and row["event"] not in _TELLS_OF_APPLICANT

    def _sees_journal_image(self, _row: Row) -> bool:
        return self._whole_journal

    def _shown_files(self) -> set[str]:
        """Whatever a paper or an attachment he sees is made of, and the seal."""
        shown = {row["seal_sha256"] for row in self._world["office"]}
        shown |= {row["sha256"] for row in self._world["attachment"] if row["case_id"] in self._cases}
        shown |= {
            row["evidence_sha256"] for row in self._world["exchange_record"] if row["case_id"] in self._cases
        }
        shown |= {
            row["content_sha256"]
            for row in self._world["incoming_package"]
            if self.sees("incoming_package", row)
        }
        for row in self._world["case_document"]:
            if self.sees("case_document", row):
                shown |= {row["unsigned_sha256"], row["signed_sha256"]}
        return shown
