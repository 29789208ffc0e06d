-- Guards: what the rest of the rules is made of.
-- Writes are ordinary statements, and each row of each is looked at: it is written in the transaction of a claimed
-- command, by a command that writes such rows, to the command's own case, at the command's own moment.
-- A condition that comes out NULL is a refusal. Codes and meanings are in authority/refusals.py.

-- True for people. The owner and the server's administrator are not stopped, for they could remove what stops them:
-- what they write is in the journal's images like everybody's.
CREATE OR REPLACE FUNCTION guarded() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT NOT pg_has_role(session_user, '{prefix}__owner', 'MEMBER') $$;

CREATE OR REPLACE FUNCTION refuse_unless(ok boolean, code text, facts jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
AS $$
BEGIN
    IF ok IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = code, MESSAGE = refusal_meaning(code), DETAIL = facts::text;
    END IF;
END $$;

-- The command this transaction has claimed; a row of NULLs when it has claimed none.
CREATE OR REPLACE FUNCTION running_command() RETURNS command
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT c FROM command c
      WHERE c.transaction_id = pg_current_xact_id()::text::bigint AND c.login = session_login() $$;

-- The date of a moment in the office.
CREATE OR REPLACE FUNCTION office_date(moment timestamptz) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT (moment AT TIME ZONE time_zone)::date FROM office WHERE id = 1 $$;

-- Proves that the running command may do this to a row of this table, and returns the command. NULLs for the owner.
-- ``was`` and ``becomes`` are the whole rows of an UPDATE: only the columns whose value changes count.
CREATE OR REPLACE FUNCTION permitted(of_table text, operation text, was jsonb, becomes jsonb) RETURNS command
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command;
    changed text[];
BEGIN
    IF NOT guarded() THEN
        RETURN NULL;
    END IF;
    running := running_command();
    PERFORM refuse_unless(running.id IS NOT NULL, 'LC002', jsonb_build_object('table', of_table));
    -- a transaction kept open must not keep its moment: what is dated today is written today
    PERFORM refuse_unless(server_now() - running.at BETWEEN '-1 minute' AND '15 minutes', 'LC042');
    PERFORM refuse_unless(command_writes(running.kind, of_table, operation), 'LC013',
                          jsonb_build_object('table', of_table, 'command', running.kind));
    IF operation = 'UPDATE' THEN
        SELECT array_agg(new.key) INTO changed
        FROM jsonb_each(becomes) new WHERE new.value IS DISTINCT FROM was -> new.key;
        PERFORM refuse_unless(changed IS NULL OR changed <@ command_changes(running.kind, of_table), 'LC014',
                              jsonb_build_object('table', of_table, 'command', running.kind,
                                                 'columns', array_to_string(changed, ' ')));
    END IF;
    RETURN running;
END $$;

-- For tables without rules of their own.
CREATE OR REPLACE FUNCTION guard_plain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    RETURN coalesce(NEW, OLD);
END $$;

-- For tables whose rows belong to a case and have no rules besides: the case is the command's.
CREATE OR REPLACE FUNCTION guard_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- Rows that stay as they are, whoever comes: also against a mistake of the owner.
CREATE OR REPLACE FUNCTION guard_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM refuse_unless(false, 'LC041', jsonb_build_object('table', TG_TABLE_NAME));
    RETURN NULL;
END $$;
