-- Other systems: what they said is kept as it was heard; a package comes once and is settled once.

CREATE OR REPLACE FUNCTION guard_exchange_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(NEW.recorded_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.recorded_by = session_person(), 'LC017');
        PERFORM refuse_unless(
            NEW.heard IN ('answered', 'no_data', 'unreachable') AND NEW.way IN ('by_hand', 'http'), 'LC060');
        PERFORM refuse_unless(NEW.evidence_sha256 IS NULL OR own_content(running, NEW.evidence_sha256), 'LC035');
        PERFORM refuse_unless(
            NEW.document_id IS NULL OR NEW.heard = 'no_data' AND EXISTS (
                SELECT FROM case_document d
                WHERE d.id = NEW.document_id AND d.case_id = running.case_id AND d.kind = 'notice'
                  AND d.created_at = running.at), 'LC060');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION guard_package_came() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.came_at = running.at AND NEW.checked_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.came_by = session_person(), 'LC017');
        PERFORM refuse_unless(own_content(running, NEW.content_sha256), 'LC035');
        PERFORM refuse_unless(
            NEW.state = 'waiting' AND NEW.settled_at IS NULL AND NEW.settled_by IS NULL AND NEW.case_id IS NULL
            AND NEW.document_id IS NULL AND NEW.package_id <> '', 'LC061');
    END IF;
    RETURN NEW;
END $$;

-- It waits until it becomes a case or is refused; what it is never changes.
CREATE OR REPLACE FUNCTION guard_package_settled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(OLD.state = 'waiting', 'LC061');
    IF running.kind = 'receive_package' THEN
        PERFORM refuse_unless(NEW.checked_at = running.at, 'LC045');
        RETURN NEW;
    END IF;
    PERFORM refuse_unless(NEW.settled_at = running.at, 'LC045');
    PERFORM refuse_unless(NEW.settled_by = session_person(), 'LC017');
    PERFORM refuse_unless(
        CASE running.kind
        WHEN 'register' THEN NEW.state = 'registered' AND NEW.case_id = running.case_id
        WHEN 'refuse_acceptance' THEN NEW.state = 'refused' AND NEW.document_id IS NOT NULL
        ELSE false END, 'LC061');
    RETURN NEW;
END $$;

-- At COMMIT: a refused package has its paper, drawn by the same command; a registered one is of the case's applicant.
CREATE OR REPLACE FUNCTION prove_package() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            CASE NEW.state
            WHEN 'refused' THEN EXISTS (
                SELECT FROM case_document d
                WHERE d.id = NEW.document_id AND d.case_id IS NULL AND d.created_at = NEW.settled_at
                  AND d.kind IN ('acceptance_refusal', 'notice'))
            WHEN 'registered' THEN EXISTS (
                SELECT FROM case_file c
                WHERE c.id = NEW.case_id AND c.registered_at = NEW.settled_at AND c.identifier = NEW.identifier
                  AND c.channel = NEW.channel)
            ELSE true END, 'LC061');
    END IF;
    RETURN NULL;
END $$;
