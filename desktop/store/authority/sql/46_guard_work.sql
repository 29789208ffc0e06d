-- The work on a case: who does it, what was found, what was asked, to whom the result went.

-- Somebody who is there and holds the role.
CREATE OR REPLACE FUNCTION guard_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(
            EXISTS (SELECT FROM person p JOIN person_role r ON r.person_id = p.id
                    WHERE p.id = NEW.person_id AND p.active AND r.role = NEW.role), 'LC038');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT: a visa assigns whoever does the step the case was sent to, and nobody else.
CREATE OR REPLACE FUNCTION prove_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command;
BEGIN
    IF guarded() THEN
        running := running_command();
        PERFORM refuse_unless(
            running.kind = 'reassign' OR EXISTS (
                SELECT FROM case_file c
                JOIN law_step s ON s.regulation_sha256 = c.regulation_sha256 AND s.service = c.service
                               AND s.operation = c.operation AND s.step = c.step
                WHERE c.id = NEW.case_id AND s.performer = NEW.role AND c.step_entered_at = running.at), 'LC038');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guard_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(NEW.checked_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.checked_by = session_person(), 'LC017');
        PERFORM refuse_unless(NEW.verdict IN ('met', 'unmet', 'not_applicable'), 'LC048');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- A verdict is of him who checks the papers; at the counter there is none yet. What the inventory says was not brought is
-- in order only as handed in later, with a note that says so.
CREATE OR REPLACE FUNCTION guard_inventory() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(
            CASE running.kind WHEN 'register' THEN NEW.verdict = '' AND NEW.note = ''
                              ELSE NEW.verdict IN ('ok', 'later', 'missing', 'expired') END, 'LC048');
        PERFORM refuse_unless(
            CASE NEW.verdict WHEN 'ok' THEN NEW.brought WHEN 'later' THEN NOT NEW.brought AND btrim(NEW.note) <> ''
                             ELSE true END, 'LC068');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION guard_request_sent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(NEW.sent_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.due_at BETWEEN NEW.sent_at AND NEW.sent_at + interval '5 years', 'LC046');
        PERFORM refuse_unless(
            NEW.answer IS NULL AND NEW.answered_at IS NULL AND NEW.answer_number = '' AND NEW.answer_date IS NULL
            AND NEW.answer_note = '', 'LC037');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT: it was sent from the step that asks, under a number of the outgoing register.
CREATE OR REPLACE FUNCTION prove_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            EXISTS (SELECT FROM case_file c WHERE c.id = NEW.case_id AND c.step = NEW.step
                    AND c.step_entered_at = NEW.sent_at AND NEW.due_at = coalesce(c.step_due_at, c.due_at)), 'LC037');
        PERFORM refuse_unless(
            EXISTS (SELECT FROM register_number n
                    WHERE n.register = 'outgoing' AND n.text = NEW.number AND n.case_id = NEW.case_id
                      AND n.state = 'used' AND n.given_at = NEW.sent_at), 'LC025');
    END IF;
    RETURN NULL;
END $$;

-- Answered once; silence counts only when the time for the answer has passed. Whatever ends the case ends the waiting.
CREATE OR REPLACE FUNCTION guard_request_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(OLD.case_id = running.case_id, 'LC015');
    PERFORM refuse_unless(OLD.answered_at IS NULL AND NEW.answered_at = running.at, 'LC037');
    IF NEW.answer IS NULL THEN
        PERFORM refuse_unless(
            NEW.answer_number = '' AND NEW.answer_date IS NULL AND NEW.answer_note = ''
            AND (SELECT c.step IS NULL FROM case_file c WHERE c.id = OLD.case_id), 'LC037');
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(running.kind = 'record_answer' AND OLD.step = running.step, 'LC037');
    PERFORM refuse_unless(
        CASE NEW.answer
        WHEN 'no_answer' THEN running.at > OLD.due_at AND NEW.answer_number = '' AND NEW.answer_date IS NULL
        ELSE NEW.answer_number <> ''
             AND NEW.answer_date BETWEEN office_date(OLD.sent_at) AND office_date(running.at) END, 'LC037');
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION guard_hand_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(NEW.handed_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.handed_by = session_person(), 'LC017');
        PERFORM refuse_unless(
            NEW.receiver <> '' AND NEW.identity_document <> ''
            AND EXISTS (SELECT FROM case_document d
                        WHERE d.id = NEW.document_id AND d.case_id = running.case_id
                          AND d.state IN ('signed', 'issued') AND may_be_result(d.kind)),
            'LC039');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT: what was handed over is out of the office's hands.
CREATE OR REPLACE FUNCTION prove_hand_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            EXISTS (SELECT FROM case_file c WHERE c.id = NEW.case_id
                    AND c.step IS DISTINCT FROM (running_command()).step), 'LC039');
    END IF;
    RETURN NULL;
END $$;

-- A result is sent to the centre the case came through: by handing it over, or when it was asked for anew.
CREATE OR REPLACE FUNCTION guard_result_sent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
    PERFORM refuse_unless(NEW.sent_at = running.at, 'LC045');
    PERFORM refuse_unless(NEW.sent_by = session_person(), 'LC017');
    PERFORM refuse_unless(NEW.kept_until BETWEEN NEW.sent_at AND NEW.sent_at + interval '5 years', 'LC046');
    PERFORM refuse_unless(
        NEW.handed_at IS NULL AND NEW.handed_by IS NULL AND NEW.receiver = '' AND NEW.identity_document = ''
        AND NEW.power_of_attorney = '' AND NEW.returned_at IS NULL AND NEW.returned_by IS NULL
        AND NEW.requested_at IS NULL AND NEW.requested_by IS NULL AND NEW.send_again_by IS NULL
        AND NEW.channel = (SELECT c.channel FROM case_file c WHERE c.id = NEW.case_id) AND centre_channel(NEW.channel)
        AND EXISTS (SELECT FROM case_document d
                    WHERE d.id = NEW.document_id AND d.case_id = NEW.case_id AND d.state IN ('signed', 'issued')),
        'LC054');
    PERFORM refuse_unless(
        CASE running.kind
        WHEN 'deliver' THEN NOT EXISTS (SELECT FROM result_custody k WHERE k.case_id = NEW.case_id)
        ELSE (SELECT k.requested_at IS NOT NULL AND k.document_id = NEW.document_id FROM result_custody k
              WHERE k.case_id = NEW.case_id ORDER BY k.id DESC LIMIT 1) END, 'LC054');
    RETURN NEW;
END $$;

-- At a centre it is handed out or, its time over, comes back; what came back is asked for once.
CREATE OR REPLACE FUNCTION guard_result_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(OLD.case_id = running.case_id, 'LC015');
    CASE running.kind
    WHEN 'hand_out' THEN
        PERFORM refuse_unless(NEW.handed_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.handed_by = session_person(), 'LC017');
        PERFORM refuse_unless(OLD.handed_at IS NULL AND OLD.returned_at IS NULL
                              AND NEW.receiver <> '' AND NEW.identity_document <> '', 'LC054');
    WHEN 'take_back' THEN
        PERFORM refuse_unless(NEW.returned_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.returned_by = session_person(), 'LC017');
        PERFORM refuse_unless(OLD.handed_at IS NULL AND OLD.returned_at IS NULL
                              AND running.at > OLD.kept_until, 'LC054');
    ELSE
        PERFORM refuse_unless(NEW.requested_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.requested_by = session_person(), 'LC017');
        PERFORM refuse_unless(OLD.returned_at IS NOT NULL AND OLD.requested_at IS NULL, 'LC054');
        PERFORM refuse_unless(NEW.send_again_by BETWEEN running.at AND running.at + interval '1 year', 'LC046');
    END CASE;
    RETURN NEW;
END $$;

-- What the applicant answered when he got his result.
CREATE OR REPLACE FUNCTION guard_survey() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(NEW.given_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.recorded_by = session_person(), 'LC017');
        PERFORM refuse_unless(NEW.question <> '' AND survey_answer_known(NEW.answer), 'LC055');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
