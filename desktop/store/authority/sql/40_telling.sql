-- That something changed is told at COMMIT to whoever listens. Everybody who may connect may listen, so nothing is
-- told but that; and everybody may send, so a client takes it as a reason to look and no more.

CREATE OR REPLACE FUNCTION tell_of_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF NEW.case_id IS NOT NULL OR NEW.event NOT LIKE 'sign%' THEN
        PERFORM pg_notify('ruqsat', 'changed');
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS tell_of_change ON journal_entry;
CREATE TRIGGER tell_of_change AFTER INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION tell_of_change();

-- Who has a case open. No login writes the table: it says of itself, through this, that it is here or has left.
-- Rows that nobody renewed for a day are swept out by whoever comes next.

CREATE OR REPLACE FUNCTION note_presence(of_case integer, here boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    news boolean;
BEGIN
    IF session_person() IS NULL OR NOT EXISTS (
        SELECT FROM case_file c WHERE c.id = of_case AND case_in_sight(c.id)
    ) THEN
        RETURN;
    END IF;
    IF here THEN
        DELETE FROM presence WHERE person_id = session_person() AND seen_at < server_now() - interval '1 day';
        INSERT INTO presence AS known (case_id, person_id, opened_at, seen_at)
        VALUES (of_case, session_person(), server_now(), server_now())
        ON CONFLICT (case_id, person_id) DO UPDATE SET
            opened_at = CASE WHEN known.seen_at < excluded.seen_at - interval '2 minutes'
                             THEN excluded.opened_at ELSE known.opened_at END,
            seen_at = excluded.seen_at
        RETURNING opened_at = seen_at INTO news;
    ELSE
        DELETE FROM presence WHERE case_id = of_case AND person_id = session_person();
        news := FOUND;
    END IF;
    IF news THEN
        PERFORM pg_notify('ruqsat', json_build_object('here', of_case)::text);
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION note_presence(integer, boolean) TO {prefix}__user;
