-- A checkpoint is of a link that stands, in the name of who signs it, at the moment of the command.
CREATE OR REPLACE FUNCTION guard_checkpoint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $function$
DECLARE
  running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
  IF running.id IS NOT NULL THEN
    PERFORM refuse_unless(new.made_by = session_person(), 'LC017');
    PERFORM refuse_unless(new.made_at = running.at, 'LC045');
    PERFORM refuse_unless(
      EXISTS (SELECT FROM journal_link l WHERE l.position = new.position AND l.hash = new.hash), 'LC051');
  END IF;
  RETURN coalesce(new, old);
END $function$;
