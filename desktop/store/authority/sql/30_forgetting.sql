-- The few rows that may go. Nobody has DELETE on a table, because with it goes LOCK TABLE in every mode.
-- The row triggers of the table fire as for any other statement and know the person by session_user.

CREATE OR REPLACE FUNCTION forget_row(of_table text, key jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    gone integer;
BEGIN
    IF guarded() AND NOT 'administrator' = ANY (session_roles()) THEN
        RAISE 'only the administrator removes a row of %', of_table USING ERRCODE = '42501';
    END IF;
    CASE of_table
        WHEN 'person_role' THEN
            DELETE FROM person_role WHERE person_id = (key ->> 'person_id')::integer AND role = key ->> 'role';
        WHEN 'acting_head' THEN
            DELETE FROM acting_head WHERE id = (key ->> 'id')::integer;
        WHEN 'day_override' THEN
            DELETE FROM day_override WHERE day = (key ->> 'day')::date;
        WHEN 'trust_root' THEN
            DELETE FROM trust_root WHERE sha256 = key ->> 'sha256';
        ELSE
            RAISE 'rows of % stay', of_table USING ERRCODE = '42501';
    END CASE;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone = 1;
END $$;

GRANT EXECUTE ON FUNCTION forget_row(text, jsonb) TO {prefix}__administrator;
