-- Seals what a transaction wrote: one link over its images, at COMMIT, the head's row locked last of all.
-- The bytes are those of desktop/store/sealing.py.

CREATE OR REPLACE FUNCTION journal_net(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(octet_length(value) || ':' || value || ',', '~') $$;

CREATE OR REPLACE FUNCTION journal_hash(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT encode(sha256(convert_to(value, 'UTF8')), 'hex') $$;

CREATE OR REPLACE FUNCTION journal_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '10s' AS $function$
DECLARE
  own bigint := pg_current_xact_id()::text::bigint;
  sealed bigint;
  digests text;
  first_id bigint;
  last_id bigint;
  number integer;
  head journal_head;
  moment timestamptz;
  sealing text;
BEGIN
  -- every image asks for the seal; the last one of the transaction gets it
  IF EXISTS (SELECT FROM journal_image WHERE transaction_id = own AND id > new.id) THEN
    RETURN NULL;
  END IF;
  -- a transaction that asked for its seal in the middle has a link already and gets another for the rest; ids only
  -- grow, so a transaction of the same number in the server this database was restored from is below, too
  SELECT coalesce(max(last_image), 0) INTO sealed FROM journal_link WHERE transaction_id = own;
  SELECT string_agg(
           journal_hash(journal_net(id::text) || journal_net(table_name) || journal_net(row_key)
                        || journal_net(kind) || journal_net(content)), '' ORDER BY id),
         min(id), max(id), count(*)
    INTO digests, first_id, last_id, number
    FROM journal_image WHERE transaction_id = own AND id > sealed;
  IF number = 0 THEN
    RETURN NULL;
  END IF;
  SELECT * INTO STRICT head FROM journal_head WHERE id = 1 FOR UPDATE;
  moment := server_now();
  sealing := journal_hash(
    journal_net('ruqsat-link-1') || journal_net(head.database) || journal_net((head.position + 1)::text)
    || journal_net(head.hash) || journal_net(session_user::text)
    || journal_net((extract(epoch FROM moment) * 1000000)::bigint::text)
    || journal_net(number::text) || journal_net(digests));
  INSERT INTO journal_link
    (position, previous, hash, transaction_id, first_image, last_image, images, login, at)
    VALUES (head.position + 1, head.hash, sealing, own, first_id, last_id, number, session_user, moment);
  UPDATE journal_head SET position = head.position + 1, hash = sealing WHERE id = 1;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION journal_keep() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $function$
BEGIN
  RAISE EXCEPTION 'rows of the journal are added and never changed' USING ERRCODE = 'LC001';
END $function$;

DROP TRIGGER IF EXISTS journal_seal ON journal_image;
CREATE CONSTRAINT TRIGGER journal_seal AFTER INSERT ON journal_image
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_seal();

CREATE OR REPLACE TRIGGER journal_keep_rows BEFORE UPDATE OR DELETE ON journal_image
  FOR EACH ROW EXECUTE FUNCTION journal_keep();
CREATE OR REPLACE TRIGGER journal_keep_rows BEFORE UPDATE OR DELETE ON journal_link
  FOR EACH ROW EXECUTE FUNCTION journal_keep();
CREATE OR REPLACE TRIGGER journal_keep_all BEFORE TRUNCATE ON journal_image
  FOR EACH STATEMENT EXECUTE FUNCTION journal_keep();
CREATE OR REPLACE TRIGGER journal_keep_all BEFORE TRUNCATE ON journal_link
  FOR EACH STATEMENT EXECUTE FUNCTION journal_keep();
