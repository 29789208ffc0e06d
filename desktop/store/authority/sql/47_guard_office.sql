-- The office: its people, its rules, its law. Only commands of the administrator write here (permitted()).

-- Edits take turns: two administrators with the same version on their screens cannot both have their way.
CREATE OR REPLACE FUNCTION guard_office() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.version = OLD.version + 1, 'LC019');
        PERFORM refuse_unless(
            NEW.seal_sha256 IS NOT DISTINCT FROM OLD.seal_sha256 OR own_content(running, NEW.seal_sha256), 'LC035');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- Signing in and one's own password concern oneself alone. And whoever writes: a login becomes the name of a role.
CREATE OR REPLACE FUNCTION guard_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.login <> OLD.login THEN
        PERFORM refuse_unless(NEW.login ~ '^[a-z][a-z0-9._-]{1,61}[a-z0-9]$', 'LC053');
    END IF;
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM refuse_unless(NEW.version = 1, 'LC019');
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(NEW.version = OLD.version + 1, 'LC019');
    PERFORM refuse_unless(running.kind = 'set_people' OR OLD.id = session_person(), 'LC049');
    RETURN coalesce(NEW, OLD);
END $$;

-- Nobody gives himself a role. And whoever writes: a role is one the office knows, for the login is given its group.
CREATE OR REPLACE FUNCTION guard_person_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM refuse_unless(office_role(NEW.role), 'LC052', jsonb_build_object('role', NEW.role));
        PERFORM refuse_unless(running.id IS NULL OR NEW.person_id <> session_person(), 'LC049');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- Nobody names himself. An order may be cut short, never made longer, and not for a day that has passed.
CREATE OR REPLACE FUNCTION guard_acting_head() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL AND TG_OP = 'INSERT' THEN
        PERFORM refuse_unless(NEW.person_id <> session_person(), 'LC049');
    ELSIF running.id IS NOT NULL AND TG_OP = 'UPDATE' THEN
        PERFORM refuse_unless(NEW.last_day BETWEEN office_date(running.at) AND OLD.last_day, 'LC050');
    ELSIF running.id IS NOT NULL AND TG_OP = 'DELETE' THEN
        PERFORM refuse_unless(OLD.first_day > office_date(running.at), 'LC050');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT: nobody stands in together with another.
CREATE OR REPLACE FUNCTION prove_acting_head() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            NOT EXISTS (SELECT FROM acting_head a WHERE a.id <> NEW.id
                        AND a.first_day <= NEW.last_day AND a.last_day >= NEW.first_day), 'LC050');
        PERFORM refuse_unless(person_noted(running_command(), NEW.person_id, ARRAY['acting']), 'LC062');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guard_trust_root() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.added_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.added_by = running.login, 'LC017');
        PERFORM refuse_unless(NOT NEW.is_demo OR (SELECT o.is_demo FROM office o WHERE o.id = 1), 'LC063');
        PERFORM refuse_unless(
            NEW.sha256 = encode(sha256(decode(regexp_replace(NEW.pem, '-----[A-Z ]+-----|\s', '', 'g'), 'base64')),
                                'hex'), 'LC034');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- A key comes as the one in use, under the hash of its certificate; afterwards it is retired once, and stays.
CREATE OR REPLACE FUNCTION guard_code_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL AND TG_OP = 'INSERT' THEN
        PERFORM refuse_unless(NEW.added_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.added_by = running.login, 'LC017');
        PERFORM refuse_unless(NEW.current AND NEW.retired_at IS NULL, 'LC059');
        PERFORM refuse_unless(
            NEW.sha256 = encode(sha256(decode(regexp_replace(NEW.pem, '-----[A-Z ]+-----|\s', '', 'g'), 'base64')),
                                'hex') AND NEW.kid = left(NEW.sha256, 16), 'LC034');
    ELSIF running.id IS NOT NULL AND TG_OP = 'UPDATE' THEN
        PERFORM refuse_unless(OLD.current AND NEW.current IS NULL, 'LC059');
        PERFORM refuse_unless(NEW.retired_at = running.at, 'LC045');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- A text is kept under its own hash; afterwards only the word that it is the current one changes.
CREATE OR REPLACE FUNCTION guard_regulation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL AND TG_OP = 'INSERT' THEN
        PERFORM refuse_unless(NEW.loaded_at = running.at, 'LC045');
        PERFORM refuse_unless(
            NEW.sha256 = encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex'), 'LC040');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- The moves of a text come with it. Whether they are the text's own every workstation sees: it can read the text.
CREATE OR REPLACE FUNCTION guard_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(
            EXISTS (SELECT FROM regulation_text t
                    WHERE t.sha256 = NEW.regulation_sha256 AND t.xmin = pg_current_xact_id()::xid), 'LC040');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
