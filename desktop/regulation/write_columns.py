"""The columns of the tables as commands write them: named once, used by :mod:`desktop.regulation.writes`."""

CASE_STEP = ("step", "step_entered_at", "step_due_at", "due_at", "hand_over_by")
"""The last two only where a step is left that pauses the total term."""

PERSON_FACTS = ("login", "name_kk", "name_ru", "position_kk", "position_ru", "iin")

LAW_TABLES = ("law_start", "law_step", "law_move", "law_office_move")

ADDED: dict[str, frozenset[str]] = {
    table: frozenset(columns.split())
    for table, columns in {
        "acting_head": "first_day last_day order_date order_number person_id",
        "assignment": "case_id person_id role",
        "attachment": ("added_at added_by case_id file_name flags media_type paper sha256 size"),
        "blob": "created_at media_type sha256 size",
        "blob_chunk": "content position sha256",
        "blob_proof": "command_id proof sha256",
        "case_document": (
            "case_id copies created_at created_by dated facts kind number printed_at signed_at "
            "signed_sha256 signer_certificate signer_id state unsigned_sha256"
        ),
        "case_file": (
            "answer channel closed_at consent decision_note_kk decision_note_ru details draft_kind due_at "
            "email fee_due_tenge fee_paid_on fee_receipt fee_tenge hand_over_by holder_address "
            "holder_kk holder_ru holder_sort identifier identifier_confirmed is_legal_entity kbk "
            "knp licence_named number operation outside_number phone power_of_attorney received_at "
            "refusal_grounds registered_at registered_by regulation_sha256 representative "
            "representative_iin result return_reason search service site step step_due_at "
            "step_entered_at version"
        ),
        "case_sub_type": "case_id sub_type",
        "code_key": "added_at added_by current is_demo kid owner pem retired_at sha256 valid_from valid_to",
        "command": "at case_id digest id kind login result workstation",
        "confirmation": "confirmed_at confirmed_by person_id root_sha256 set_at set_by what",
        "connected_system": "active address attempts authority_pem system timeout_seconds",
        "day_override": "day intervals reason_kk reason_ru",
        "exchange_record": (
            "answer case_id document_id evidence_name evidence_sha256 heard note number question reason "
            "recorded_at recorded_by system way"
        ),
        "fee_rate": "source tenge unverified valid_from",
        "hand_over": ("case_id document_id handed_at handed_by identity_document power_of_attorney receiver"),
        "incoming_package": (
            "came_at came_by case_id channel checked_at checks content_sha256 document_id file_name "
            "holder_kk holder_ru identifier operation package_id regulation_sha256 request sender service "
            "settled_at settled_by state"
        ),
        "hearing": "came case_id held_on minutes recorded_at recorded_by",
        "inventory_item": "brought case_id expires_on note paper position sheets verdict",
        "journal_checkpoint": "certificate document hash made_at made_by position reason statement",
        "journal_entry": (
            "actor actor_name at case_id case_number command_id event facts on_behalf step workstation"
        ),
        "law_move": "effect needs_answer next operation outcome produces regulation_sha256 service signed_later step",
        "law_office_move": "move next next_of operation regulation_sha256 role service step",
        "law_start": "channel first kind operation regulation_sha256 service step",
        "law_step": "act operation pauses_total performer regulation_sha256 service step",
        "licence": (
            "annex_number case_id document_id first_issued_on holder_address holder_kk holder_ru "
            "holder_sort identifier issued_on number replaced_by search service site status sub_types_kk "
            "sub_types_ru"
        ),
        "licence_change": (
            "attachment_id case_id decided_by decided_on decision_number from_on ground licence_id note "
            "recorded_at recorded_by status until_on"
        ),
        "outside_request": (
            "addressee_kk addressee_ru answer answer_date answer_note answer_number answered_at "
            "case_id due_at number sent_at step"
        ),
        "person": (
            "active failed_attempts iin locked_until login name_kk name_ru password_hash "
            "position_kk position_ru version"
        ),
        "person_role": "person_id role",
        "register_counter": "last register year",
        "register_number": "case_id given_at reason register sequence state text year",
        "regulation_text": "content current loaded_at regulation sha256 version",
        "requirement_check": "case_id checked_at checked_by note requirement verdict",
        "result_custody": (
            "case_id channel document_id handed_at handed_by identity_document kept_until power_of_attorney "
            "receiver requested_at requested_by returned_at returned_by send_again_by sent_at sent_by"
        ),
        "survey_answer": "answer case_id given_at question recorded_by",
        "sitting": (
            "case_id held_on interview_kk interview_ru note_kk note_ru passed recorded_at recorded_by "
            "test_max test_score votes"
        ),
        "trust_root": "added_at added_by is_demo pem sha256 subject",
        "working_hours": "intervals valid_from weekday",
    }.items()
}
"""Columns an INSERT fills, by table; ids the database gives are not among them."""
