-- What becomes of a licence after it was issued. Rows are added and never changed; the law's table of grounds
-- (resources/licence_states.toml) is in 05_lists.

CREATE OR REPLACE FUNCTION guard_licence_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    of_register licence;
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
    PERFORM refuse_unless(NEW.recorded_at = running.at, 'LC045');
    PERFORM refuse_unless(NEW.recorded_by = session_person(), 'LC017');
    -- whoever comes second waits here, and then sees what the first has left
    SELECT l.* INTO of_register FROM licence l WHERE l.id = NEW.licence_id FOR NO KEY UPDATE;
    PERFORM refuse_unless(of_register.case_id = NEW.case_id, 'LC015');
    PERFORM refuse_unless(  -- one change for one command
        NOT EXISTS (SELECT FROM licence_change c
                    WHERE c.case_id = running.case_id AND c.xmin = pg_current_xact_id()::xid), 'LC066');
    PERFORM refuse_unless(
        licence_way_known(NEW.ground, of_register.status, NEW.status, NEW.decided_by), 'LC066');
    PERFORM refuse_unless(
        licence_undecided(NEW.ground)
        OR NEW.decision_number <> '' AND NEW.decided_on IS NOT NULL AND NEW.attachment_id IS NOT NULL, 'LC066');
    PERFORM refuse_unless(
        NEW.attachment_id IS NULL
        OR EXISTS (SELECT FROM attachment a WHERE a.id = NEW.attachment_id AND a.case_id = NEW.case_id
                   AND a.added_at = running.at), 'LC036');
    -- it begins no earlier than the licence and the change before it, and no later than today
    PERFORM refuse_unless(NEW.from_on BETWEEN of_register.issued_on AND office_date(running.at), 'LC067');
    PERFORM refuse_unless(
        NEW.from_on >= coalesce((SELECT max(c.from_on) FROM licence_change c WHERE c.licence_id = NEW.licence_id),
                                NEW.from_on), 'LC067');
    PERFORM refuse_unless(NEW.decided_on IS NULL OR NEW.decided_on <= office_date(running.at), 'LC067');
    PERFORM refuse_unless(
        NEW.until_on IS NULL OR NEW.until_on <= NEW.from_on + longest_suspension(), 'LC067');
    RETURN NEW;
END $$;

-- At COMMIT: the register stands as its last change says.
CREATE OR REPLACE FUNCTION prove_licence_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            (SELECT l.status FROM licence l WHERE l.id = NEW.licence_id) = NEW.status, 'LC066');
    END IF;
    RETURN NULL;
END $$;
