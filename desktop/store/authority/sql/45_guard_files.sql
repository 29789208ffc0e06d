-- Files: their content is what their hash says, and whoever links one has it himself.

CREATE OR REPLACE FUNCTION blob_content(of_sha256 text) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT coalesce(string_agg(k.content, ''::bytea ORDER BY k.position), ''::bytea)
      FROM blob_chunk k WHERE k.sha256 = of_sha256 $$;

-- The content came in with this transaction, or the command has proved that it holds it, or the case has it already.
-- A hash read somewhere opens nothing.
CREATE OR REPLACE FUNCTION own_content(running command, of_sha256 text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT EXISTS (SELECT FROM blob b WHERE b.sha256 = of_sha256 AND b.xmin = pg_current_xact_id()::xid)
          OR EXISTS (SELECT FROM blob_proof p WHERE p.command_id = running.id AND p.sha256 = of_sha256) $$;

CREATE OR REPLACE FUNCTION guard_blob() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.created_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.sha256 ~ '^[0-9a-f]{64}$' AND NEW.size > 0
                              AND NEW.size <= (SELECT greatest(o.file_limit_bytes, 20971520) FROM office o), 'LC034');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- Piece after piece, until the announced size is reached; whole pieces are 1 MiB.
CREATE OR REPLACE FUNCTION guard_chunk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, NULL, NULL);
    announced integer;
    pieces integer;
    so_far bigint;
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    SELECT b.size INTO announced FROM blob b WHERE b.sha256 = NEW.sha256 AND b.xmin = pg_current_xact_id()::xid;
    SELECT count(*), coalesce(sum(length(k.content)), 0) INTO pieces, so_far
    FROM blob_chunk k WHERE k.sha256 = NEW.sha256;
    PERFORM refuse_unless(
        NEW.position = pieces AND so_far + length(NEW.content) <= announced AND length(NEW.content) > 0
        AND (length(NEW.content) = 1048576 OR so_far + length(NEW.content) = announced), 'LC034');
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT, once for each content: once it is whole nothing can be added to it.
CREATE OR REPLACE FUNCTION prove_blob() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    content bytea;
BEGIN
    IF guarded() THEN
        content := blob_content(NEW.sha256);
        PERFORM refuse_unless(
            length(content) = NEW.size AND encode(sha256(content), 'hex') = NEW.sha256, 'LC034');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guard_proof() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.command_id = running.id, 'LC035');
        PERFORM refuse_unless(
            encode(sha256(convert_to(running.id, 'UTF8') || blob_content(NEW.sha256)), 'hex') = NEW.proof, 'LC035');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION guard_attachment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(NEW.added_at = running.at, 'LC045');
        PERFORM refuse_unless(NEW.added_by = session_person(), 'LC017');
        PERFORM refuse_unless(own_content(running, NEW.sha256), 'LC035');
        PERFORM refuse_unless(NEW.size = (SELECT b.size FROM blob b WHERE b.sha256 = NEW.sha256), 'LC036');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
