-- The case itself: how it begins, where it may go, how it ends.

-- A case begins where the law in force takes in applications of its channel, at this moment and by this person.
CREATE OR REPLACE FUNCTION guard_case_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    start law_start;
    first law_step;
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(running.case_id IS NULL, 'LC015');  -- one case for one command
    PERFORM refuse_unless(NEW.version = 1, 'LC019');
    PERFORM refuse_unless(NEW.registered_at = running.at AND NEW.step_entered_at = running.at, 'LC045');
    PERFORM refuse_unless(NEW.registered_by = session_person(), 'LC017');
    SELECT s.* INTO start FROM law_start s
    WHERE s.regulation_sha256 = NEW.regulation_sha256 AND s.service = NEW.service AND s.operation = NEW.operation
      AND s.channel = NEW.channel;
    PERFORM refuse_unless(start.step = NEW.step, 'LC018');
    PERFORM refuse_unless((SELECT t.current FROM regulation_text t WHERE t.sha256 = NEW.regulation_sha256), 'LC018');
    SELECT s.* INTO first FROM law_step s
    WHERE s.regulation_sha256 = NEW.regulation_sha256 AND s.service = NEW.service AND s.operation = NEW.operation
      AND s.step = start.first;
    -- where the act has nobody accept, whoever does its first step takes the application in, or the counter
    PERFORM refuse_unless(
        first.performer = ANY (session_roles()) OR first.act <> 'accept' AND 'clerk' = ANY (session_roles()), 'LC006',
        jsonb_build_object('command', running.kind, 'role', first.performer));
    -- only who brings papers of another counter may say when that counter took them
    PERFORM refuse_unless(
        NEW.received_at = running.at OR NEW.received_at < running.at AND NOT at_own_counter(NEW.channel), 'LC045');
    PERFORM refuse_unless(licence_as_registered(NEW.licence_named::jsonb), 'LC032');
    PERFORM guard_terms(NEW);
    PERFORM refuse_unless(
        NEW.closed_at IS NULL AND NEW.result IS NULL AND NEW.draft_kind IS NULL AND NEW.answer IS NULL
        AND NEW.decision_note_kk = '' AND NEW.decision_note_ru = '' AND NEW.return_reason = ''
        AND NEW.refusal_grounds::text = '[]', 'LC021');
    RETURN coalesce(NEW, OLD);
END $$;

-- The program counts the terms; here they are only kept within reason.
CREATE OR REPLACE FUNCTION guard_terms(becomes case_file) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM refuse_unless(becomes.due_at BETWEEN becomes.received_at AND becomes.received_at + interval '5 years',
                          'LC046');
    PERFORM refuse_unless(
        becomes.hand_over_by IS NULL OR becomes.hand_over_by BETWEEN becomes.received_at AND becomes.due_at, 'LC046');
    PERFORM refuse_unless(
        becomes.step_due_at IS NULL
        OR becomes.step_due_at BETWEEN becomes.step_entered_at AND becomes.step_entered_at + interval '5 years',
        'LC046');
END $$;

-- The claim learns which case it made; whatever is written after belongs to that one.
CREATE OR REPLACE FUNCTION guard_case_claimed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        UPDATE command c SET case_id = NEW.id WHERE c.id = (running_command()).id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guard_case_goes_on() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(OLD.id = running.case_id, 'LC015');
    PERFORM refuse_unless(OLD.step IS NOT NULL OR NEW.step IS NULL, 'LC008', jsonb_build_object('number', OLD.number));
    PERFORM refuse_unless(NEW.version = OLD.version + 1, 'LC019');
    IF NEW.step IS DISTINCT FROM OLD.step OR NEW.step_entered_at <> OLD.step_entered_at THEN
        PERFORM refuse_unless(OLD.step = running.step, 'LC018');  -- one move for one command
        PERFORM refuse_unless(NEW.step_entered_at = running.at, 'LC045');
        PERFORM refuse_unless(law_allows(running, OLD, NEW), 'LC018',
                              jsonb_build_object('number', OLD.number, 'from', OLD.step, 'to', NEW.step));
    ELSE
        PERFORM refuse_unless(NEW.step_due_at IS NOT DISTINCT FROM OLD.step_due_at, 'LC046');
    END IF;
    PERFORM guard_total_term(running, OLD, NEW);
    PERFORM guard_terms(NEW);
    PERFORM guard_case_ends(running, OLD, NEW);
    IF NEW.answer IS DISTINCT FROM OLD.answer THEN  -- asked anew, or answered as the move says
        PERFORM refuse_unless(CASE running.kind WHEN 'check' THEN NEW.answer IS NULL
                              ELSE NEW.step IS DISTINCT FROM OLD.step END, 'LC037');
    END IF;
    IF running.kind = 'return_for_rework' THEN
        PERFORM refuse_unless(NEW.return_reason <> '', 'LC018');
    ELSIF running.kind IN ('check', 'decide') THEN
        PERFORM refuse_unless(NEW.return_reason IN ('', OLD.return_reason), 'LC018');
    ELSIF running.kind = 'correct' THEN
        PERFORM refuse_unless(
            NOT EXISTS (SELECT FROM case_document d WHERE d.case_id = OLD.id AND d.state = 'signed'), 'LC030',
            jsonb_build_object('number', OLD.number));
        PERFORM guard_other_licence(OLD, NEW);
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- Another licence is named by who sees the register, as it stands there, and before a draft bears the number of the first.
CREATE OR REPLACE FUNCTION guard_other_licence(was case_file, becomes case_file) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF becomes.licence_named::jsonb = was.licence_named::jsonb THEN
        RETURN;
    END IF;
    PERFORM refuse_unless(sees_all_cases(), 'LC006', jsonb_build_object('command', 'correct', 'role', 'clerk'));
    PERFORM refuse_unless(
        was.draft_kind IS DISTINCT FROM 'licence', 'LC058', jsonb_build_object('number', was.number));
    PERFORM refuse_unless(licence_as_registered(becomes.licence_named::jsonb), 'LC032');
END $$;

-- The date given to the applicant stands. It moves on, by no more than can have been lost, when the case leaves a step
-- at which the law lets the total term stand still.
CREATE OR REPLACE FUNCTION guard_total_term(running command, was case_file, becomes case_file) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF becomes.due_at = was.due_at AND becomes.hand_over_by IS NOT DISTINCT FROM was.hand_over_by THEN
        RETURN;
    END IF;
    PERFORM refuse_unless(
        becomes.step IS DISTINCT FROM was.step
        AND EXISTS (SELECT FROM law_step s
                    WHERE s.regulation_sha256 = was.regulation_sha256 AND s.service = was.service
                      AND s.operation = was.operation AND s.step = was.step AND s.pauses_total), 'LC046');
    PERFORM refuse_unless(
        becomes.due_at BETWEEN was.due_at
            AND was.due_at + 2 * (running.at - was.step_entered_at) + interval '21 days', 'LC046');
    PERFORM refuse_unless((becomes.hand_over_by IS NULL) = (was.hand_over_by IS NULL), 'LC046');
    PERFORM refuse_unless(becomes.hand_over_by IS NULL OR becomes.hand_over_by >= was.hand_over_by, 'LC046');
END $$;

-- An end has its moment and its result; what has not ended has neither.
CREATE OR REPLACE FUNCTION guard_case_ends(running command, was case_file, becomes case_file) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF becomes.step IS NOT NULL THEN
        PERFORM refuse_unless(becomes.closed_at IS NULL AND becomes.result IS NULL, 'LC020');
    ELSIF was.step IS NOT NULL THEN
        PERFORM refuse_unless(becomes.closed_at = running.at, 'LC045');
        PERFORM refuse_unless(becomes.draft_kind IS NULL AND becomes.step_due_at IS NULL, 'LC020');
        PERFORM refuse_unless((running.kind = 'withdraw') = (coalesce(becomes.result, '') = 'withdrawn'), 'LC020');
    ELSE
        PERFORM refuse_unless(
            to_jsonb(was) - 'version' = to_jsonb(becomes) - 'version', 'LC008',
            jsonb_build_object('number', was.number));
    END IF;
END $$;

-- True when the law the case began under knows this move of this command from the one step to the other.
CREATE OR REPLACE FUNCTION law_allows(running command, was case_file, becomes case_file) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT CASE
    WHEN command_act(running.kind) IS NOT NULL THEN EXISTS (
        SELECT FROM law_move m
        WHERE m.regulation_sha256 = was.regulation_sha256 AND m.service = was.service
          AND m.operation = was.operation AND m.step = was.step AND m.next IS NOT DISTINCT FROM becomes.step
          AND (m.needs_answer = '' OR was.answer = ANY (string_to_array(m.needs_answer, ' ')))
          AND CASE running.kind
              WHEN 'record_answer' THEN m.effect = becomes.answer
              WHEN 'decide' THEN m.produces = becomes.draft_kind AND m.signed_later
                                 OR becomes.draft_kind IS NULL AND NOT m.signed_later
              WHEN 'check' THEN m.next IS NOT NULL OR becomes.result IS NOT DISTINCT FROM m.produces
              ELSE true END)
    WHEN command_move(running.kind) IS NOT NULL THEN EXISTS (
        SELECT FROM law_office_move m
        WHERE m.regulation_sha256 = was.regulation_sha256 AND m.service = was.service
          AND m.operation = was.operation AND m.move = command_move(running.kind) AND m.step = was.step
          AND m.role = ANY (session_roles()) AND m.move IN ('return_for_rework', 'withdraw')
          AND coalesce(m.next_of::jsonb ->> was.draft_kind, m.next) IS NOT DISTINCT FROM becomes.step)
    ELSE false END
$$;

-- At COMMIT: a registered case has its number.
CREATE OR REPLACE FUNCTION prove_case_numbered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            EXISTS (SELECT FROM register_number n
                    WHERE n.register = 'incoming' AND n.text = NEW.number AND n.case_id = NEW.id AND n.state = 'used'),
            'LC025');
    END IF;
    RETURN NULL;
END $$;

-- At COMMIT: the case moved because its step was really done, and nothing is left over when it has ended.
CREATE OR REPLACE FUNCTION prove_case_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command;
    the_case case_file;
BEGIN
    IF NOT guarded() THEN
        RETURN NULL;
    END IF;
    running := running_command();
    SELECT c.* INTO STRICT the_case FROM case_file c WHERE c.id = NEW.id;
    PERFORM prove_draft(the_case);
    IF the_case.step IS DISTINCT FROM running.step THEN
        PERFORM refuse_unless(step_done(running, the_case), 'LC047', jsonb_build_object('number', the_case.number));
    END IF;
    IF the_case.step IS NULL THEN
        PERFORM refuse_unless(NOT EXISTS (SELECT FROM register_number n
                                          WHERE n.case_id = the_case.id AND n.state = 'reserved'), 'LC024');
        PERFORM refuse_unless(NOT EXISTS (SELECT FROM outside_request r
                                          WHERE r.case_id = the_case.id AND r.answered_at IS NULL), 'LC037');
        PERFORM refuse_unless(
            the_case.result = 'withdrawn'
            OR (the_case.result IS NOT NULL) = EXISTS (  -- a notice may be the result, and need not be
                SELECT FROM case_document d
                WHERE d.case_id = the_case.id AND d.state IN ('signed', 'issued') AND may_be_result(d.kind)
                  AND CASE WHEN the_case.result IS NULL THEN d.kind <> 'notice' ELSE d.kind = the_case.result END),
            'LC020');
    END IF;
    RETURN NULL;
END $$;

-- What a case waits to have signed is its last draft, and nothing else.
CREATE OR REPLACE FUNCTION prove_draft(the_case case_file) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM refuse_unless(
        the_case.draft_kind IS NOT DISTINCT FROM (
            SELECT d.kind FROM case_document d WHERE d.case_id = the_case.id AND d.state = 'draft'
            ORDER BY d.id DESC LIMIT 1), 'LC033');
END $$;

-- True when an outcome of this effect leads from the command's step to where the case is, and what it draws was drawn.
CREATE OR REPLACE FUNCTION way_taken(running command, the_case case_file, of_effect text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM law_move m
        WHERE m.regulation_sha256 = the_case.regulation_sha256 AND m.service = the_case.service
          AND m.operation = the_case.operation AND m.step = running.step AND m.effect = of_effect
          AND m.next IS NOT DISTINCT FROM the_case.step
          AND (m.produces IS NULL OR EXISTS (
              SELECT FROM case_document d
              WHERE d.case_id = the_case.id AND d.kind = m.produces AND d.created_at = running.at)))
$$;

CREATE OR REPLACE FUNCTION step_done(running command, the_case case_file) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT CASE running.kind
    WHEN 'assign' THEN EXISTS (
        SELECT FROM law_step s JOIN assignment a ON a.role = s.performer AND a.case_id = the_case.id
        WHERE s.regulation_sha256 = the_case.regulation_sha256 AND s.service = the_case.service
          AND s.operation = the_case.operation AND s.step = the_case.step)
    WHEN 'check' THEN
        (the_case.step IS NULL OR NOT EXISTS (
            SELECT FROM law_step s
            WHERE s.regulation_sha256 = the_case.regulation_sha256 AND s.service = the_case.service
              AND s.operation = the_case.operation AND s.step = the_case.step AND s.act = 'ask')
         OR EXISTS (SELECT FROM outside_request r WHERE r.case_id = the_case.id AND r.step = the_case.step
                    AND r.sent_at = running.at))
        AND (the_case.result IS NULL OR EXISTS (
            SELECT FROM case_document d WHERE d.case_id = the_case.id AND d.kind = the_case.result
            AND d.created_at = running.at))
    WHEN 'record_answer' THEN EXISTS (
        SELECT FROM outside_request r WHERE r.case_id = the_case.id AND r.step = running.step
        AND r.answer = the_case.answer AND r.answered_at = running.at)
    WHEN 'decide' THEN EXISTS (
        SELECT FROM case_document d WHERE d.case_id = the_case.id AND d.created_at = running.at
        AND d.kind = coalesce(the_case.draft_kind, d.kind) AND may_be_result(d.kind)
        AND d.state = CASE WHEN the_case.draft_kind IS NULL THEN 'issued' ELSE 'draft' END)
    WHEN 'attest' THEN EXISTS (
        SELECT FROM sitting s
        WHERE s.case_id = the_case.id AND s.recorded_at = running.at
          AND way_taken(running, the_case, CASE WHEN s.passed THEN 'passed' ELSE 'failed' END))
        AND EXISTS (SELECT FROM case_document d WHERE d.case_id = the_case.id AND d.kind = 'protocol'
                    AND d.created_at = running.at)
    WHEN 'resolve' THEN way_taken(running, the_case, 'accepted') OR way_taken(running, the_case, 'declined')
    WHEN 'hear' THEN EXISTS (
        SELECT FROM hearing h WHERE h.case_id = the_case.id AND h.recorded_at = running.at)
    WHEN 'sign' THEN EXISTS (
        SELECT FROM case_document d WHERE d.case_id = the_case.id AND d.state = 'signed'
        AND d.signed_at = running.at AND d.signer_id = session_person())
    WHEN 'deliver' THEN EXISTS (
        SELECT FROM hand_over h WHERE h.case_id = the_case.id AND h.handed_at = running.at)
    ELSE true END
$$;
