-- What people do face to face: sittings of the attestation commission, hearings.

-- A sitting is of members of the commission, each with one vote, and more of them for than against is what passes.
CREATE OR REPLACE FUNCTION guard_sitting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    votes jsonb;
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM guard_meeting(running, NEW.case_id, NEW.held_on, NEW.recorded_at, NEW.recorded_by, 'LC056');
    votes := NEW.votes::jsonb;
    PERFORM refuse_unless(NEW.test_score BETWEEN 0 AND NEW.test_max AND NEW.test_max > 0, 'LC056');
    PERFORM refuse_unless(
        NOT EXISTS (
            SELECT FROM jsonb_array_elements(votes) v
            WHERE v ->> 'vote' NOT IN ('for', 'against', 'abstained')
               OR NOT EXISTS (SELECT FROM person p JOIN person_role r ON r.person_id = p.id
                              WHERE p.id = (v ->> 'person_id')::integer AND p.active AND r.role = 'commission'))
        AND (SELECT count(*) > 0 AND count(*) = count(DISTINCT v ->> 'person_id')
             FROM jsonb_array_elements(votes) v), 'LC056');
    PERFORM refuse_unless(
        NEW.passed = (SELECT count(*) FILTER (WHERE v ->> 'vote' = 'for')
                             > count(*) FILTER (WHERE v ->> 'vote' = 'against')
                      FROM jsonb_array_elements(votes) v), 'LC056');
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION guard_hearing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM guard_meeting(running, NEW.case_id, NEW.held_on, NEW.recorded_at, NEW.recorded_by, 'LC057');
    PERFORM refuse_unless(NEW.minutes <> '', 'LC057');
    RETURN NEW;
END $$;

-- What people did face to face is recorded once, by who does it now, of a day since the application came.
CREATE OR REPLACE FUNCTION guard_meeting(
    running command, of_case integer, held_on date, recorded_at timestamptz, recorded_by integer, code text
) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM refuse_unless(of_case = running.case_id, 'LC015');
    PERFORM refuse_unless(recorded_at = running.at, 'LC045');
    PERFORM refuse_unless(recorded_by = session_person(), 'LC017');
    PERFORM refuse_unless(
        held_on BETWEEN (SELECT office_date(c.received_at) FROM case_file c WHERE c.id = of_case)
                AND office_date(running.at), code);
END $$;
