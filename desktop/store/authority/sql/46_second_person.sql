-- The second person: what one sets about who signs or confirms, or whom to believe, is a row that another confirms.
-- Whoever sets something notes it in the same command (proved at COMMIT); until it is confirmed it counts for nothing.

-- True while something set about the person has been confirmed by nobody else.
CREATE OR REPLACE FUNCTION person_waits(of_person integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT EXISTS (SELECT FROM confirmation c WHERE c.person_id = of_person AND c.confirmed_at IS NULL) $$;

-- True while nobody but the person at the other end was ever given a role of those who confirm. The rows are kept, so
-- that taking the other's role away brings the founding not back.
CREATE OR REPLACE FUNCTION founding() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT NOT EXISTS (
          SELECT FROM confirmation c
          WHERE c.person_id <> session_person() AND c.what::jsonb ?| confirmer_words()) $$;

-- True when the running command has noted that it set these things about the person.
CREATE OR REPLACE FUNCTION person_noted(running command, of_person integer, words text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT EXISTS (
          SELECT FROM confirmation c
          WHERE c.person_id = of_person AND c.set_at = running.at AND c.set_by = session_person()
            AND c.what::jsonb ?& words) $$;

CREATE OR REPLACE FUNCTION guard_confirmation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM refuse_unless(NEW.set_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.set_by = session_person(), 'LC017');
        PERFORM refuse_unless(NEW.confirmed_by IS NULL, 'LC065');
        PERFORM refuse_unless(NEW.confirmed_at IS NULL OR NEW.confirmed_at = running.at AND founding(), 'LC065');
        RETURN NEW;
    END IF;
    PERFORM refuse_unless(OLD.confirmed_at IS NULL, 'LC041', jsonb_build_object('table', TG_TABLE_NAME));
    -- nobody comes here to confirm himself: who waits does not get so far (guard_claim)
    PERFORM refuse_unless(OLD.set_by IS DISTINCT FROM session_person(), 'LC065');
    PERFORM refuse_unless(NEW.confirmed_at = running.at, 'LC045');
    PERFORM refuse_unless(NEW.confirmed_by = session_person(), 'LC017');
    RETURN NEW;
END $$;

-- At COMMIT, as all of these: what was set about a person is noted, each thing by its word.
CREATE OR REPLACE FUNCTION prove_person_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    words text[];
BEGIN
    IF guarded() THEN
        words := CASE TG_OP WHEN 'INSERT' THEN ARRAY['added'] ELSE array_remove(ARRAY[
            CASE WHEN NEW.login <> OLD.login THEN 'login' END,
            CASE WHEN NEW.name_kk <> OLD.name_kk OR NEW.name_ru <> OLD.name_ru THEN 'name' END,
            CASE WHEN NEW.iin <> OLD.iin THEN 'iin' END,
            CASE WHEN NEW.active AND NOT OLD.active THEN 'unblocked' END], NULL) END;
        PERFORM refuse_unless(
            cardinality(words) = 0 OR person_noted(running_command(), NEW.id, words), 'LC062');
    END IF;
    RETURN NULL;
END $$;

-- One's own password is one's own affair. Another's was named in the UPDATE, whatever has become of it since.
CREATE OR REPLACE FUNCTION prove_password_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            NEW.id = session_person() OR person_noted(running_command(), NEW.id, ARRAY['password']), 'LC062');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION prove_role_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            person_noted(running_command(), NEW.person_id, ARRAY['role:' || NEW.role]), 'LC062');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION prove_root_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            EXISTS (SELECT FROM confirmation c
                    WHERE c.root_sha256 = NEW.sha256 AND c.set_at = (running_command()).at
                      AND c.set_by = session_person()), 'LC062');
    END IF;
    RETURN NULL;
END $$;
