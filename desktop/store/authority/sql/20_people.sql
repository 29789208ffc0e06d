-- People are logins of the server. The administrator writes a person's rows; these triggers make, rename, lock and
-- re-role the login. They run as {prefix}__keeper, the only role that may make roles, and nobody can log in as it.

-- The role of a person. Raises 22023 when the server could not hold the name (63 bytes).
CREATE OR REPLACE FUNCTION login_role(login text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF octet_length('{prefix}_' || login) > 63 THEN
        RAISE 'login "%" is too long', login USING ERRCODE = '22023';
    END IF;
    RETURN '{prefix}_' || login;
END $$;

-- Proves that a role is a login of this office before it is touched: a name may belong to another office of the server.
CREATE OR REPLACE FUNCTION own_login(role_name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT EXISTS (
          SELECT 1 FROM pg_auth_members m
          JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member
          WHERE g.rolname = '{prefix}__user' AND p.rolname = role_name AND starts_with(role_name, '{prefix}_')
            AND NOT starts_with(role_name, '{prefix}__')
            AND NOT (p.rolsuper OR p.rolcreaterole OR p.rolcreatedb OR p.rolreplication OR p.rolbypassrls)) $$;

CREATE OR REPLACE FUNCTION make_login(role_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB INHERIT CONNECTION LIMIT 10'
                   ' IN ROLE {prefix}__user', role_name);
    EXECUTE format('ALTER ROLE %I SET statement_timeout = ''60s''', role_name);
    EXECUTE format('ALTER ROLE %I SET lock_timeout = ''10s''', role_name);
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''120s''', role_name);
END $$;

-- Gives a person's login the groups of his roles and takes the others; a blocked person has none and cannot log in.
CREATE OR REPLACE FUNCTION settle_login(of_person integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    who record;
    own text;
    change record;
BEGIN
    SELECT p.login, p.active INTO who FROM person p WHERE p.id = of_person;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    own := login_role(who.login);
    IF NOT own_login(own) THEN
        PERFORM make_login(own);
    END IF;
    EXECUTE format('ALTER ROLE %I %s', own, CASE WHEN who.active THEN 'LOGIN' ELSE 'NOLOGIN' END);
    FOR change IN
        SELECT coalesce(wanted.name, held.name) AS name, wanted.name IS NOT NULL AS wanted
        FROM (SELECT '{prefix}__' || r.role AS name FROM person_role r
              WHERE r.person_id = of_person AND who.active
              UNION
              SELECT '{prefix}__acting_head'
              WHERE who.active AND EXISTS (SELECT 1 FROM acting_head a
                                           WHERE a.person_id = of_person AND a.last_day >= office_today())) wanted
        FULL JOIN (SELECT g.rolname::text AS name FROM pg_auth_members m
                   JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member
                   WHERE p.rolname = own AND g.rolname <> '{prefix}__user') held USING (name)
        WHERE wanted.name IS NULL OR held.name IS NULL
        ORDER BY 1
    LOOP
        IF change.wanted THEN
            EXECUTE format('GRANT %I TO %I', change.name, own);
        ELSE
            EXECUTE format('REVOKE %I FROM %I', change.name, own);
        END IF;
    END LOOP;
END $$;

-- Before a person's row is kept: its login is made or renamed, and its new password, which may come as a SCRAM
-- verifier only (the server never sees the password itself), is taken out of the row.
CREATE OR REPLACE FUNCTION keep_login() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    own text := login_role(NEW.login);
BEGIN
    IF EXISTS (SELECT 1 FROM person p WHERE p.login = NEW.login AND p.id <> NEW.id) THEN
        RETURN NEW;  -- the table's own constraint says it
    END IF;
    IF TG_OP = 'INSERT' OR NEW.login <> OLD.login THEN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = own) THEN
            RAISE 'the server has a role "%" already', own USING ERRCODE = '42710';
        END IF;
        IF TG_OP = 'INSERT' THEN
            PERFORM make_login(own);
        ELSIF own_login(login_role(OLD.login)) THEN
            EXECUTE format('ALTER ROLE %I RENAME TO %I', login_role(OLD.login), own);
        END IF;
    END IF;
    IF NEW.password_hash <> '' THEN
        IF NEW.password_hash !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/=]{16,64}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' THEN
            RAISE 'a password is kept as a SCRAM verifier only' USING ERRCODE = '22023';
        END IF;
        IF NOT own_login(own) THEN
            RAISE 'no login of this office: "%"', own USING ERRCODE = '42501';
        END IF;
        EXECUTE format('ALTER ROLE %I PASSWORD %L', own, NEW.password_hash);
        NEW.password_hash := '';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION settle_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM settle_login(NEW.id);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION settle_roles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM settle_login(OLD.person_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM settle_login(NEW.person_id);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION drop_login() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF own_login(login_role(OLD.login)) THEN
        EXECUTE format('DROP ROLE %I', login_role(OLD.login));
    END IF;
    RETURN NULL;
END $$;

-- The names put them after every guard: nothing is done on the server for a row that is refused.
CREATE OR REPLACE TRIGGER zz_keep_login BEFORE INSERT OR UPDATE OF login, password_hash ON person
    FOR EACH ROW EXECUTE FUNCTION keep_login();
CREATE OR REPLACE TRIGGER zz_settle_person AFTER INSERT OR UPDATE OF login, active ON person
    FOR EACH ROW EXECUTE FUNCTION settle_person();
CREATE OR REPLACE TRIGGER zz_drop_login AFTER DELETE ON person
    FOR EACH ROW EXECUTE FUNCTION drop_login();
CREATE OR REPLACE TRIGGER zz_settle_acting AFTER INSERT OR UPDATE OR DELETE ON acting_head
    FOR EACH ROW EXECUTE FUNCTION settle_roles();
CREATE OR REPLACE TRIGGER zz_settle_roles AFTER INSERT OR UPDATE OR DELETE ON person_role
    FOR EACH ROW EXECUTE FUNCTION settle_roles();
