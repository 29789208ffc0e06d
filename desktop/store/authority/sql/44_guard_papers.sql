-- Papers: bytes fixed once, a number from the register, and one signature: the head's, on those very bytes.

-- What the operation of a case does to the register: issue, reissue, duplicate ...
CREATE OR REPLACE FUNCTION kind_of_operation(the_case case_file) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT s.kind FROM law_start s
      WHERE s.regulation_sha256 = the_case.regulation_sha256 AND s.service = the_case.service
        AND s.operation = the_case.operation AND s.channel = the_case.channel $$;

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

CREATE OR REPLACE FUNCTION licence_columns(of_register licence) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = public, pg_temp
AS $$ SELECT jsonb_build_array(
          of_register.holder_kk, of_register.holder_ru, of_register.identifier, of_register.holder_address,
          of_register.site, of_register.number, of_register.annex_number, of_register.issued_on,
          of_register.first_issued_on, of_register.sub_types_kk, of_register.sub_types_ru) $$;

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
    ELSE running.kind = 'attest' AND of_kind = 'protocol' AND in_state = 'issued' OR EXISTS (
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
        -- what a commission has decided bears its members' own hands
        PERFORM refuse_unless(
            signs_for_office(NEW.signer_id, running.at)
            OR running.kind = 'attest' AND NEW.state = 'issued' AND NEW.signer_id IS NULL, 'LC029');
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

-- What a case keeps of a licence of the register it names (desktop.cases.details).
CREATE OR REPLACE FUNCTION licence_kept(of_register licence) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = public, pg_temp
AS $$ SELECT to_jsonb(of_register) - ARRAY['case_id', 'document_id', 'service', 'status', 'replaced_by', 'search',
                                           'holder_sort'] $$;

-- What a case keeps of a licence is what the register says of it.
CREATE OR REPLACE FUNCTION licence_as_registered(named jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT named -> 'id' IS NULL OR EXISTS (
        SELECT FROM licence l WHERE l.id = (named ->> 'id')::integer AND licence_kept(l) = named)
$$;

-- The licence of the register that a case re-issues or copies; NULLs where it does neither.
CREATE OR REPLACE FUNCTION former_licence(the_case case_file) RETURNS licence
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT l FROM licence l
      WHERE l.id = (the_case.licence_named ->> 'id')::integer
        AND kind_of_operation(the_case) IN ('reissue', 'duplicate') $$;

-- True for the page of a licence that stands in the register, once more, on the day of the paper.
CREATE OR REPLACE FUNCTION is_duplicate(paper case_document) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT coalesce((
        SELECT kind_of_operation(c) = 'duplicate' AND paper.kind = 'licence' AND paper.number = l.number
               AND l.status IN ('issued', 'resumed')
               AND (paper.facts ->> 'duplicate_on')::date = paper.dated
               AND licence_page(paper.facts::jsonb) = licence_columns(l)
        FROM case_file c JOIN licence l ON l.id = (c.licence_named ->> 'id')::integer
        WHERE c.id = paper.case_id), false)
$$;

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
        paper.state = 'replaced' OR is_duplicate(paper) OR EXISTS (
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
        PERFORM refuse_unless(
            is_duplicate(paper) OR EXISTS (SELECT FROM licence l WHERE l.document_id = paper.id), 'LC032');
    END IF;
    RETURN NULL;
END $$;

-- A row of the register says what a paper signed by this very command says. A former one only learns what took its place.
CREATE OR REPLACE FUNCTION guard_licence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND command_of_licence(running.kind) THEN
        -- the row that says why was written before
        PERFORM refuse_unless(OLD.case_id = running.case_id, 'LC015');
        PERFORM refuse_unless(
            EXISTS (SELECT FROM licence_change c WHERE c.licence_id = OLD.id AND c.status = NEW.status
                    AND c.xmin = pg_current_xact_id()::xid), 'LC066');
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM refuse_unless(
            OLD.status IN ('issued', 'resumed') AND NEW.status = 'reissued'
            AND OLD.id = (SELECT (former_licence(c)).id FROM case_file c WHERE c.id = running.case_id)
            AND EXISTS (SELECT FROM licence l WHERE l.id = NEW.replaced_by AND l.case_id = running.case_id), 'LC032');
        RETURN NEW;
    END IF;
    PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
    PERFORM refuse_unless(
        NEW.status = 'issued' AND NEW.replaced_by IS NULL AND NEW.first_issued_on <= NEW.issued_on, 'LC032');
    RETURN coalesce(NEW, OLD);
END $$;

-- The dates of a licence are the day of its page; one that takes another's place keeps the day of the first, and the
-- copy of one from before the register the days the application said.
CREATE OR REPLACE FUNCTION licence_dates_fit(of_register licence, the_case case_file, dated date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT CASE
    WHEN the_case.licence_named::jsonb = '{}' OR kind_of_operation(the_case) = 'issue' THEN
        of_register.issued_on = dated AND of_register.first_issued_on = dated
    WHEN kind_of_operation(the_case) = 'reissue' THEN
        of_register.issued_on = dated
        AND of_register.first_issued_on = (the_case.licence_named ->> 'first_issued_on')::date
        AND ((former_licence(the_case)).id IS NULL
             OR (former_licence(the_case)).replaced_by = of_register.id
                AND (former_licence(the_case)).first_issued_on = of_register.first_issued_on)
    ELSE of_register.issued_on = (the_case.licence_named ->> 'issued_on')::date
         AND of_register.first_issued_on = (the_case.licence_named ->> 'first_issued_on')::date END
$$;

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
                      AND licence_dates_fit(NEW, c, d.dated)
                      AND c.identifier = NEW.identifier AND c.service = NEW.service
                      AND licence_page(d.facts::jsonb) = licence_columns(NEW)),
            'LC032');
    END IF;
    RETURN NULL;
END $$;
