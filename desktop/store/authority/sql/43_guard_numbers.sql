-- Numbers: each register counts by one in the office's year, and writes the number as the office's template says.

-- A number as it is written; the places are those of desktop.cases.numbers.
CREATE OR REPLACE FUNCTION number_written(template text, of_year integer, sequence integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp
AS $$
DECLARE
    told text := replace(replace(template, '{year}', of_year::text), '{year2}',
                         lpad((of_year % 100)::text, 2, '0'));
    place text[];
    digits text := sequence::text;
    width integer;
BEGIN
    FOR place IN SELECT regexp_matches(template, '(\{sequence(?::(0?)(\d?)d)?\})', 'g') LOOP
        width := greatest(length(digits), coalesce(nullif(place[3], ''), '0')::integer);
        told := replace(told, place[1], lpad(digits, width, CASE WHEN place[2] = '0' THEN '0' ELSE ' ' END));
    END LOOP;
    RETURN told;
END $$;

-- The register a paper of this kind has its number from; a licence's is the office's or the central database's.
CREATE OR REPLACE FUNCTION register_fits(of_kind text, register text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp
AS $$ SELECT CASE of_kind WHEN 'licence' THEN register IN ('licence', 'outside')
                          WHEN 'receipt' THEN register = 'incoming' ELSE register = 'outgoing' END $$;

-- Which registers a command takes numbers from.
CREATE OR REPLACE FUNCTION guard_register(running command, register text, of_year integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    central boolean := (SELECT NOT o.numbers_licences FROM office o WHERE o.id = 1);
BEGIN
    PERFORM refuse_unless(of_year = extract(year FROM office_date(running.at)), 'LC022');
    PERFORM refuse_unless(
        CASE running.kind
        WHEN 'register' THEN register = 'incoming'
        WHEN 'refuse_acceptance' THEN register = 'outgoing'
        WHEN 'record_system' THEN register = 'outgoing'
        WHEN 'check' THEN register = 'outgoing'
        WHEN 'attest' THEN register = 'outgoing'
        WHEN 'resolve' THEN register = 'outgoing'
        WHEN 'decide' THEN register = 'outgoing' OR register = CASE
            WHEN central OR EXISTS (SELECT FROM case_file c  -- the number of a licence from before the register
                                    WHERE c.id = running.case_id AND kind_of_operation(c) = 'duplicate')
            THEN 'outside' ELSE 'licence' END
        ELSE false END, 'LC022');
END $$;

CREATE OR REPLACE FUNCTION guard_counter() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM guard_register(running, NEW.register, NEW.year);
    -- 0: whoever looks for a number of the central database only waits for his turn
    PERFORM refuse_unless(NEW.last - CASE TG_OP WHEN 'UPDATE' THEN OLD.last ELSE 0 END IN (0, 1), 'LC022');
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT: what was counted was given.
CREATE OR REPLACE FUNCTION prove_counter() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF guarded() THEN
        PERFORM refuse_unless(
            NEW.last = 0 OR EXISTS (
                SELECT FROM register_number n
                WHERE n.register = NEW.register AND n.year = NEW.year AND n.sequence = NEW.last), 'LC022');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guard_number_given() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    template text;
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM guard_register(running, NEW.register, NEW.year);
    PERFORM refuse_unless(
        NEW.sequence = (SELECT r.last FROM register_counter r WHERE r.register = NEW.register AND r.year = NEW.year),
        'LC022');
    PERFORM refuse_unless(NEW.given_at = running.at, 'LC045');
    PERFORM refuse_unless(NEW.reason = '', 'LC024');
    IF running.kind IN ('register', 'refuse_acceptance') THEN
        PERFORM refuse_unless(NEW.state = 'used' AND NEW.case_id IS NULL, 'LC024');
    ELSE
        PERFORM refuse_unless(NEW.state IN ('used', 'reserved'), 'LC024');
        PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
    END IF;
    IF NEW.register = 'outside' THEN
        PERFORM refuse_unless(
            NEW.text <> '' AND NOT EXISTS (SELECT FROM licence l
                                           WHERE l.number = NEW.text AND l.case_id <> running.case_id), 'LC023');
        RETURN coalesce(NEW, OLD);
    END IF;
    SELECT CASE NEW.register WHEN 'incoming' THEN o.incoming_template WHEN 'outgoing' THEN o.outgoing_template
           WHEN 'licence' THEN o.licence_template END INTO template FROM office o WHERE o.id = 1;
    PERFORM refuse_unless(NEW.text = number_written(template, NEW.year, NEW.sequence), 'LC023');
    RETURN coalesce(NEW, OLD);
END $$;

-- A number is reserved, then used or voided with a reason, and never becomes another one.
CREATE OR REPLACE FUNCTION guard_number_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    running command := permitted(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
BEGIN
    IF running.id IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF running.kind = 'register' THEN  -- the case has got its id
        PERFORM refuse_unless(
            OLD.case_id IS NULL AND NEW.case_id = running.case_id AND OLD.register = 'incoming'
            AND OLD.given_at = running.at, 'LC024');
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(NEW.case_id = running.case_id, 'LC015');
    IF OLD.state = 'voided' THEN  -- the central database gave the number anew, may be to another case
        PERFORM refuse_unless(
            OLD.register = 'outside' AND running.kind = 'decide' AND NEW.state = 'reserved' AND NEW.reason = '',
            'LC024');
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM refuse_unless(OLD.case_id = running.case_id, 'LC015');
    PERFORM refuse_unless(
        CASE NEW.state
        WHEN OLD.state THEN NEW.reason = OLD.reason
        WHEN 'used' THEN OLD.state = 'reserved' AND running.kind IN ('sign', 'decide') AND NEW.reason = ''
        WHEN 'voided' THEN OLD.state = 'reserved' AND NEW.reason <> ''
        ELSE false END, 'LC024');
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT: a number that counts stands on a case, a paper or a request; a voided one on none that counts.
CREATE OR REPLACE FUNCTION prove_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    number register_number;
BEGIN
    IF NOT guarded() THEN
        RETURN NULL;
    END IF;
    SELECT n.* INTO STRICT number FROM register_number n
    WHERE n.register = NEW.register AND n.year = NEW.year AND n.sequence = NEW.sequence;
    PERFORM refuse_unless(
        CASE
        WHEN number.state = 'voided' THEN NOT EXISTS (
            SELECT FROM case_document d
            WHERE d.case_id = number.case_id AND d.number = number.text AND register_fits(d.kind, number.register)
              AND d.state IN ('draft', 'signed', 'issued'))
        WHEN number.register = 'incoming' THEN EXISTS (
            SELECT FROM case_file c WHERE c.id = number.case_id AND c.number = number.text)
        WHEN number.case_id IS NULL THEN EXISTS (
            SELECT FROM case_document d
            WHERE d.case_id IS NULL AND d.number = number.text AND d.kind IN ('acceptance_refusal', 'notice')
              AND d.created_at = number.given_at)
        ELSE EXISTS (
            SELECT FROM case_document d
            WHERE d.case_id = number.case_id AND d.number = number.text AND register_fits(d.kind, number.register))
          OR number.state = 'used' AND EXISTS (
            SELECT FROM outside_request r WHERE r.case_id = number.case_id AND r.number = number.text)
        END, 'LC025');
    RETURN NULL;
END $$;
