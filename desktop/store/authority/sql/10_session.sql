-- Who is at the other end of this connection. Everything that decides asks these and nothing else: they read
-- session_user, which no client can change, and never a value the client sends.
-- {prefix} is replaced by the office's prefix, which is proved to be letters, digits and underscores.

-- The moment, by this server. One place, so that nothing else ever asks a clock.
CREATE OR REPLACE FUNCTION server_now() RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT clock_timestamp() $$;

-- person.login of session_user; NULL for one who is no person of this office.
CREATE OR REPLACE FUNCTION session_login() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT login FROM person
      WHERE login = substr(session_user, length('{prefix}_') + 1) AND starts_with(session_user, '{prefix}_') $$;

CREATE OR REPLACE FUNCTION session_person() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT id FROM person WHERE login = session_login() $$;

CREATE OR REPLACE FUNCTION is_staff() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT session_person() IS NOT NULL $$;

-- The date it is in the office now.
CREATE OR REPLACE FUNCTION office_today() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT (server_now() AT TIME ZONE time_zone)::date FROM office WHERE id = 1 $$;

-- The office roles held now, sorted; 'head' too while an order makes the person acting head. Empty for the blocked.
-- Every policy and most guards ask it: PL/pgSQL keeps its plan for the session, SQL would make one for each asking.
CREATE OR REPLACE FUNCTION session_roles() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    me integer := session_person();
BEGIN
    RETURN (SELECT coalesce(array_agg(held.role ORDER BY held.role), '{}') FROM (
        SELECT own.role::text FROM person_role own JOIN person p ON p.id = own.person_id
        WHERE p.id = me AND p.active
        UNION
        SELECT 'head' FROM acting_head acting JOIN person p ON p.id = acting.person_id
        WHERE p.id = me AND p.active
          AND office_today() BETWEEN acting.first_day AND acting.last_day
    ) held);
END $$;

GRANT EXECUTE ON FUNCTION server_now(), session_login(), session_person(), is_staff(), office_today(), session_roles()
    TO {prefix}__user;
