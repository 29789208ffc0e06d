-- Papers: bytes fixed once, a number from the register, and one signature: the head's, on those very bytes.

-- True for whom the office has as its head on the date of the moment, by his role or by an order.
CREATE OR REPLACE FUNCTION signs_for_office(person integer, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT EXISTS (SELECT FROM person p WHERE p.id = person AND p.active AND (
          EXISTS (SELECT FROM person_role r WHERE r.person_id = p.id AND r.role = 'head')
          OR EXISTS (SELECT FROM acting_head a WHERE a.person_id = p.id
                     AND office_date(moment) BETWEEN a.first_day AND a.last_day))) $$;

-- What the running command may draw, and whether it waits for a signature: the outcomes of the step it claimed.
CREATE OR REPLACE FUNCTION may_draw(running command, of_kind text, in_state text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT CASE running.kind
    WHEN 'register' THEN of_kind = 'receipt' AND in_state = 'issued'
    WHEN 'refuse_acceptance' THEN of_kind IN ('acceptance_refusal', 'notice') AND in_state = 'issued'
    WHEN 'record_system' THEN of_kind = 'notice' AND in_state = 'issued'
    WHEN 'prepare' THEN in_state = 'draft'
    ELSE EXISTS (
        SELECT FROM case_file c
        JOIN law_move m ON m.regulation_sha256 = c.regulation_sha256 AND m.service = c.service
                       AND m.operation = c.operation AND m.step = running.step
        WHERE c.id = running.case_id AND m.produces = of_kind
          AND (m.needs_answer = '' OR c.answer = ANY (string_to_array(m.needs_answer, ' ')))
          AND CASE of_kind WHEN 'request' THEN in_state = 'issued'
              ELSE in_state = CASE WHEN m.signed_later THEN 'draft' ELSE 'issued' END END)
    END
$$;

CREATE OR REPLACE FUNCTION guard_paper_drawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(NEW.case_id IS NOT DISTINCT FROM running.case_id, 'LC015');
    PERFORM refuse_unless(may_draw(running, NEW.kind, NEW.state), 'LC026',
                          jsonb_build_object('document', NEW.kind, 'state', NEW.state));
    PERFORM refuse_unless(
        NEW.signed_sha256 IS NULL AND NEW.signer_certificate = '' AND NEW.signed_at IS NULL
        AND NEW.printed_at IS NULL AND NEW.copies = 0 AND NEW.number <> '', 'LC026');
    PERFORM refuse_unless(NEW.created_at = running.at AND NEW.dated = office_date(running.at), 'LC045');
    PERFORM refuse_unless(own_content(running, NEW.unsigned_sha256), 'LC035');
    IF running.kind IN ('register', 'refuse_acceptance', 'record_system') THEN
        PERFORM refuse_unless(NEW.signer_id IS NULL AND NEW.created_by = session_person(), 'LC017');
    ELSIF running.kind = 'prepare' THEN  -- the draft anew: its number, its author, the signer's own name
        PERFORM refuse_unless(NEW.signer_id = session_person(), 'LC029');
        PERFORM refuse_unless(EXISTS (SELECT FROM case_document d
                                      WHERE d.case_id = NEW.case_id AND d.kind = NEW.kind AND d.number = NEW.number
                                        AND d.created_by = NEW.created_by AND d.state IN ('draft', 'replaced')),
                              'LC026');
    ELSE
        PERFORM refuse_unless(NEW.created_by = session_person(), 'LC017');
        PERFORM refuse_unless(signs_for_office(NEW.signer_id, running.at), 'LC029');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION guard_paper_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(OLD.case_id IS NOT DISTINCT FROM running.case_id, 'LC015');
    IF running.kind = 'print' THEN
        PERFORM refuse_unless(
            OLD.state IN ('issued', 'signed') AND NEW.printed_at = running.at
            AND NEW.copies BETWEEN OLD.copies + 1 AND OLD.copies + 99, 'LC031');
    ELSIF OLD.state = 'draft' AND NEW.state = 'signed' THEN
        PERFORM guard_signature(running, OLD, NEW);
    ELSE
        PERFORM refuse_unless(NEW.state = OLD.state OR OLD.state = 'draft' AND NEW.state = 'replaced', 'LC027');
        PERFORM refuse_unless(
            NEW.signed_sha256 IS NOT DISTINCT FROM OLD.signed_sha256
            AND NEW.signed_at IS NOT DISTINCT FROM OLD.signed_at
            AND NEW.signer_certificate = OLD.signer_certificate, 'LC027');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- The signed file is the prepared one with a signature behind it, by the person it was prepared for, on its own date.
CREATE OR REPLACE FUNCTION guard_signature(running command, was case_document, becomes case_document) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    prepared bytea;
    signed bytea;
BEGIN
    PERFORM refuse_unless(running.kind = 'sign', 'LC027');
    PERFORM refuse_unless(
        NOT EXISTS (SELECT FROM case_document d WHERE d.case_id = was.case_id AND d.state = 'signed'), 'LC030');
    PERFORM refuse_unless(
        was.id = (SELECT d.id FROM case_document d WHERE d.case_id = was.case_id AND d.state = 'draft'
                  ORDER BY d.id DESC LIMIT 1), 'LC029');
    PERFORM refuse_unless(was.signer_id = session_person(), 'LC029');
    PERFORM refuse_unless(signs_for_office(was.signer_id, running.at), 'LC029');
    PERFORM refuse_unless(becomes.signed_at = running.at AND was.dated = office_date(running.at), 'LC045');
    PERFORM refuse_unless(becomes.signer_certificate ~ '^[0-9a-f]{64}$', 'LC028');
    PERFORM refuse_unless(own_content(running, becomes.signed_sha256), 'LC035');
    prepared := blob_content(was.unsigned_sha256);
    signed := blob_content(becomes.signed_sha256);
    PERFORM refuse_unless(
        length(signed) > length(prepared) AND substring(signed FOR length(prepared)) = prepared, 'LC028');
END $$;

-- At COMMIT: a paper bears a number given to its case, in the state that fits; a signed licence is in the register.
CREATE OR REPLACE FUNCTION prove_paper() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command;
    paper case_document;
    the_case case_file;
BEGIN
    IF NOT guarded() THEN
        RETURN NULL;
    END IF;
    running := running_command();
    SELECT d.* INTO STRICT paper FROM case_document d WHERE d.id = NEW.id;
    PERFORM refuse_unless(
        paper.state = 'replaced' OR EXISTS (
            SELECT FROM register_number n
            WHERE n.text = paper.number AND n.case_id IS NOT DISTINCT FROM paper.case_id
              AND register_fits(paper.kind, n.register)
              AND n.state = CASE paper.state WHEN 'draft' THEN 'reserved' ELSE 'used' END), 'LC025');
    IF paper.case_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT c.* INTO STRICT the_case FROM case_file c WHERE c.id = paper.case_id;
    PERFORM prove_draft(the_case);
    IF running.kind IN ('sign', 'decide') THEN
        PERFORM refuse_unless(the_case.step IS DISTINCT FROM running.step OR the_case.step_entered_at = running.at,
                              'LC047');
    END IF;
    IF paper.state = 'signed' AND paper.kind = 'licence' THEN
        PERFORM refuse_unless(EXISTS (SELECT FROM licence l WHERE l.document_id = paper.id), 'LC032');
    END IF;
    RETURN NULL;
END $$;

-- A row of the register says what a paper signed by this very command says.
CREATE OR REPLACE FUNCTION guard_licence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NOT NULL THEN
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(NEW.status = 'issued' AND NEW.first_issued_on <= NEW.issued_on, 'LC032');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- What of a licence's page stands in the register, from the facts the page was drawn from.
CREATE OR REPLACE FUNCTION licence_page(facts jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp
AS $$ SELECT jsonb_build_array(
          facts #> '{holder,name,kk}', facts #> '{holder,name,ru}', facts #> '{holder,identifier}',
          facts #> '{holder,address}', facts -> 'site', facts -> 'number', facts -> 'annex_number',
          facts -> 'issued_on', facts -> 'first_issued_on',
          (SELECT coalesce(string_agg(item ->> 'kk', '; ' ORDER BY place), '')
           FROM jsonb_array_elements(facts -> 'sub_types') WITH ORDINALITY listed(item, place)),
          (SELECT coalesce(string_agg(item ->> 'ru', '; ' ORDER BY place), '')
           FROM jsonb_array_elements(facts -> 'sub_types') WITH ORDINALITY listed(item, place))) $$;

-- At COMMIT, for the paper may be written after its row of the register.
CREATE OR REPLACE FUNCTION prove_licence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            EXISTS (SELECT FROM case_document d JOIN case_file c ON c.id = d.case_id
                    WHERE d.id = NEW.document_id AND d.case_id = NEW.case_id AND d.kind = 'licence'
                      AND d.state = 'signed' AND d.signed_at = (running_command()).at AND d.number = NEW.number
                      AND d.dated = NEW.issued_on AND c.identifier = NEW.identifier AND c.service = NEW.service
                      AND licence_page(d.facts::jsonb) = jsonb_build_array(
                          NEW.holder_kk, NEW.holder_ru, NEW.identifier, NEW.holder_address, NEW.site, NEW.number,
                          NEW.annex_number, NEW.issued_on, NEW.first_issued_on,
                          NEW.sub_types_kk, NEW.sub_types_ru)),
            'LC032');
    END IF;
    RETURN NULL;
END $$;
