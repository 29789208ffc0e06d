-- The claim of a command: the first statement of every transaction that writes (desktop/cases/claiming.py).
-- It decides who may do what to which case; everything else only has to agree with it.

CREATE OR REPLACE FUNCTION guard_claim() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    roles text[];
    the_case case_file;
BEGIN
    NEW.transaction_id := pg_current_xact_id()::text::bigint;
    NEW.step := NULL;
    IF NOT guarded() THEN
        RETURN NEW;
    END IF;
    NEW.at := server_now();
    NEW.login := session_login();
    IF EXISTS (SELECT FROM command c WHERE c.id = NEW.id) THEN
        RETURN NEW;  -- sent again: the primary key says so, and the first one's result is read
    END IF;
    PERFORM refuse_unless(NEW.login IS NOT NULL, 'LC003');
    PERFORM refuse_unless((SELECT p.active FROM person p WHERE p.id = session_person()), 'LC004',
                          jsonb_build_object('login', NEW.login));
    PERFORM refuse_unless(command_roles(NEW.kind) IS NOT NULL, 'LC005');
    roles := session_roles();
    PERFORM refuse_unless(command_roles(NEW.kind) && roles, 'LC006', jsonb_build_object('command', NEW.kind));
    PERFORM refuse_unless(NEW.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', 'LC007');
    -- an id made of what it is about (RFC 9562, version 5) is of what the head signs: nobody takes it before him
    PERFORM refuse_unless(substr(NEW.id, 15, 1) <> '5' OR NEW.kind IN ('sign', 'checkpoint'), 'LC007');
    PERFORM refuse_unless(NEW.result IS NULL OR NEW.result::text = 'null', 'LC007');
    PERFORM refuse_unless(NOT EXISTS (SELECT FROM command c WHERE c.transaction_id = NEW.transaction_id), 'LC012');
    PERFORM refuse_unless((NEW.case_id IS NOT NULL) = command_of_case(NEW.kind), 'LC007');
    PERFORM refuse_unless(
        NEW.kind NOT IN ('prepare', 'sign', 'checkpoint', 'confirm', 'change_licence') OR NOT person_waits(session_person()), 'LC064');
    IF NEW.case_id IS NULL THEN
        RETURN NEW;
    END IF;
    -- whoever comes second waits here, and then sees what the first has left
    SELECT c.* INTO the_case FROM case_file c WHERE c.id = NEW.case_id FOR NO KEY UPDATE;
    PERFORM refuse_unless(FOUND, 'LC016');
    IF EXISTS (SELECT FROM command c WHERE c.id = NEW.id) THEN
        RETURN NEW;
    END IF;
    PERFORM refuse_unless(the_case.step IS NOT NULL, 'LC008', seen_facts(the_case, jsonb_build_object('number', the_case.number)));
    NEW.step := the_case.step;
    IF command_act(NEW.kind) IS NOT NULL OR command_move(NEW.kind) IS NOT NULL THEN
        -- to whom the case is out of sight, it does not even say where it stands
        PERFORM refuse_unless(case_in_sight(the_case.id), 'LC010', jsonb_build_object('command', NEW.kind));
    END IF;
    IF command_act(NEW.kind) IS NOT NULL THEN
        PERFORM guard_claim_of_step(NEW.kind, the_case, roles);
    ELSIF command_move(NEW.kind) IS NOT NULL THEN
        PERFORM guard_claim_of_move(NEW.kind, the_case, roles);
    END IF;
    RETURN NEW;
END $$;

-- What may be told of a case in a refusal: nothing to whom it is out of sight.
CREATE OR REPLACE FUNCTION seen_facts(the_case case_file, facts jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT CASE WHEN case_in_sight(the_case.id) THEN facts ELSE '{}' END $$;

-- Who the case is assigned to in a role; NULL when to nobody in particular.
CREATE OR REPLACE FUNCTION assignee(of_case integer, in_role text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT a.person_id FROM assignment a WHERE a.case_id = of_case AND a.role = in_role $$;

-- The work of the step: it is the command's act, the person holds the performer's role, and is the one assigned.
CREATE OR REPLACE FUNCTION guard_claim_of_step(of_kind text, the_case case_file, roles text[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    place law_step;
BEGIN
    SELECT s.* INTO place FROM law_step s
    WHERE s.regulation_sha256 = the_case.regulation_sha256 AND s.service = the_case.service
      AND s.operation = the_case.operation AND s.step = the_case.step;
    PERFORM refuse_unless(place.act = command_act(of_kind), 'LC009',
                          seen_facts(the_case, jsonb_build_object('number', the_case.number, 'act', place.act)));
    PERFORM refuse_unless(place.performer = ANY (roles), 'LC006',
                          jsonb_build_object('command', of_kind, 'role', place.performer));
    PERFORM refuse_unless(coalesce(assignee(the_case.id, place.performer), session_person()) = session_person(),
                          'LC010', jsonb_build_object('role', place.performer));
END $$;

-- A move of the office: declared at the step, for a role the person holds and in which no other has the case.
CREATE OR REPLACE FUNCTION guard_claim_of_move(of_kind text, the_case case_file, roles text[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    declared text[];
    able text[];
    performer text;
BEGIN
    declared := ARRAY(SELECT m.role FROM law_office_move m
                      WHERE m.regulation_sha256 = the_case.regulation_sha256 AND m.service = the_case.service
                        AND m.operation = the_case.operation AND m.move = command_move(of_kind)
                        AND m.step = the_case.step);
    PERFORM refuse_unless(cardinality(declared) > 0, 'LC011', jsonb_build_object('command', of_kind));
    able := ARRAY(SELECT role FROM unnest(declared) role WHERE role = ANY (roles));
    PERFORM refuse_unless(cardinality(able) > 0, 'LC006', jsonb_build_object('command', of_kind));
    PERFORM refuse_unless(
        EXISTS (SELECT FROM unnest(able) role
                WHERE coalesce(assignee(the_case.id, role), session_person()) = session_person()),
        'LC010', jsonb_build_object('command', of_kind));
    IF of_kind = 'return_for_rework' THEN
        SELECT s.performer INTO performer FROM law_step s
        WHERE s.regulation_sha256 = the_case.regulation_sha256 AND s.service = the_case.service
          AND s.operation = the_case.operation AND s.step = the_case.step;
        PERFORM refuse_unless(coalesce(assignee(the_case.id, performer), session_person()) = session_person(),
                              'LC010', jsonb_build_object('role', performer));
    END IF;
END $$;

-- A claim is kept. While its transaction runs it is told its case, once, and what the command returns.
CREATE OR REPLACE FUNCTION guard_claim_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(OLD.id = running.id, 'LC041', jsonb_build_object('table', TG_TABLE_NAME));
    IF NEW.case_id IS DISTINCT FROM OLD.case_id THEN
        PERFORM refuse_unless(OLD.case_id IS NULL, 'LC015');
        PERFORM refuse_unless(
            OLD.kind = 'print' OR command_of_result(OLD.kind) OR command_of_licence(OLD.kind)
            OR EXISTS (SELECT FROM case_file c WHERE c.id = NEW.case_id AND c.registered_at = OLD.at
                       AND c.registered_by = session_person() AND c.xmin = pg_current_xact_id()::xid), 'LC015');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- True when what the command is for was done in its transaction: the journal must not tell of work that was not.
CREATE OR REPLACE FUNCTION work_done(done command) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT CASE
    WHEN done.kind = 'prepare' THEN true
    WHEN done.kind = 'register' THEN done.case_id IS NOT NULL
    WHEN done.kind = 'refuse_acceptance' THEN EXISTS (
        SELECT FROM case_document d WHERE d.kind IN ('acceptance_refusal', 'notice') AND d.created_at = done.at)
    WHEN done.kind = 'print' THEN EXISTS (
        SELECT FROM case_document d
        WHERE d.case_id IS NOT DISTINCT FROM done.case_id AND d.printed_at = done.at)
    WHEN command_of_result(done.kind) THEN EXISTS (
        SELECT FROM result_custody k
        WHERE k.case_id = done.case_id
          AND done.at = CASE done.kind WHEN 'hand_out' THEN k.handed_at WHEN 'take_back' THEN k.returned_at
                                       WHEN 'request_again' THEN k.requested_at ELSE k.sent_at END)
    WHEN command_of_licence(done.kind) THEN EXISTS (
        SELECT FROM licence_change c WHERE c.case_id = done.case_id AND c.xmin = pg_current_xact_id()::xid)
    WHEN done.kind = 'attach' THEN EXISTS (
        SELECT FROM attachment a WHERE a.case_id = done.case_id AND a.added_at = done.at)
    WHEN done.kind = 'record_system' THEN EXISTS (
        SELECT FROM exchange_record e WHERE e.case_id = done.case_id AND e.recorded_at = done.at)
    WHEN done.kind = 'confirm' THEN EXISTS (
        SELECT FROM confirmation c WHERE c.confirmed_at = done.at AND c.confirmed_by = session_person())
    WHEN done.kind = 'receive_package' THEN EXISTS (
        SELECT FROM incoming_package p WHERE p.checked_at = done.at)
    WHEN done.kind IN ('save_checks', 'correct', 'reassign') THEN EXISTS (
        SELECT FROM journal_image i
        WHERE i.transaction_id = done.transaction_id AND i.table_name = 'case_file' AND i.kind = 'U')
    WHEN done.case_id IS NOT NULL THEN EXISTS (
        SELECT FROM case_file c WHERE c.id = done.case_id AND c.step_entered_at = done.at)
    ELSE true END
$$;

-- At COMMIT: a command tells the journal what it did.
CREATE OR REPLACE FUNCTION prove_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() AND NEW.kind <> 'prepare' THEN  -- a draft that still holds is signed as it is
        PERFORM refuse_unless(EXISTS (SELECT FROM journal_entry j WHERE j.command_id = NEW.id), 'LC043');
    END IF;
    RETURN NULL;
END $$;

-- At COMMIT: what the journal tells was done.
CREATE OR REPLACE FUNCTION prove_work() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(work_done(running_command()), 'LC047',
                              jsonb_build_object('number', NEW.case_number));
    END IF;
    RETURN NULL;
END $$;

-- In whose stead an acting head did what is the head's to do, and by which order; "" for anybody else.
CREATE OR REPLACE FUNCTION acting_for(event text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT coalesce((
        SELECT coalesce(head.name_kk || ' (' || told.words || ')', told.words)
        FROM (SELECT '№ ' || a.order_number || ', ' || to_char(a.order_date, 'DD.MM.YYYY') AS words
              FROM acting_head a
              WHERE a.person_id = session_person() AND office_today() BETWEEN a.first_day AND a.last_day
              ORDER BY a.id DESC LIMIT 1) told
        LEFT JOIN (SELECT p.name_kk FROM person p JOIN person_role r ON r.person_id = p.id
                   WHERE r.role = 'head' AND p.active AND p.id <> session_person()
                   ORDER BY p.id LIMIT 1) head ON true
        WHERE acting_for.event IN ('assigned', 'approved', 'reassigned', 'returned', 'signing-prepared', 'signed',
                                   'licence-suspended', 'licence-resumed', 'licence-terminated')
          AND NOT EXISTS (SELECT FROM person_role r WHERE r.person_id = session_person() AND r.role = 'head')), '')
$$;

-- The event is one of the command's, of the command's case.
CREATE OR REPLACE FUNCTION guard_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM refuse_unless(NEW.command_id = running.id, 'LC044');
    PERFORM refuse_unless(NEW.event = ANY (command_events(running.kind)), 'LC044');
    PERFORM refuse_unless(NEW.case_id IS NOT DISTINCT FROM running.case_id, 'LC015');
    PERFORM refuse_unless(
        NEW.case_number = coalesce((SELECT c.number FROM case_file c WHERE c.id = NEW.case_id), ''), 'LC015');
    NEW.at := running.at;
    NEW.actor := running.login;
    NEW.actor_name := (SELECT p.name_kk FROM person p WHERE p.id = session_person());
    NEW.on_behalf := acting_for(NEW.event);
    NEW.step := coalesce(running.step, NEW.step);
    NEW.workstation := left(NEW.workstation, 120);
    RETURN NEW;
END $$;
