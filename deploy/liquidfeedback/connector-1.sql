-- What Schotten's connector may do on a LiquidFeedback database of version 1 (1.3.1 and later): the same functions as connector.sql,
-- on the table invite_code. Run it as connector.sql is run, in its place.
--
-- An unused code can't be locked there: it is taken out of the table, and put back when it is unlocked.

CREATE SCHEMA IF NOT EXISTS connector;
REVOKE ALL ON SCHEMA connector FROM PUBLIC;
GRANT USAGE ON SCHEMA connector TO schotten_connector;

CREATE TABLE IF NOT EXISTS connector.held (
    code text PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS connector.taken (
    code text NOT NULL REFERENCES connector.held ON DELETE CASCADE,
    unit_id bigint NOT NULL,
    PRIMARY KEY (code, unit_id)
);
REVOKE ALL ON connector.held, connector.taken FROM PUBLIC;

-- Version 1.3 has no units; an empty table in their place lets the functions below be the same.
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = 'public' AND tablename = 'privilege') THEN
        CREATE OR REPLACE VIEW connector.privilege AS SELECT unit_id, member_id, voting_right FROM public.privilege;
    ELSE
        CREATE TABLE IF NOT EXISTS connector.privilege (unit_id integer, member_id integer, voting_right boolean);
    END IF;
END
$$;
REVOKE ALL ON connector.privilege FROM PUBLIC;

CREATE OR REPLACE VIEW connector.invited AS
    SELECT i.code, i.member_id AS id, i.used IS NOT NULL AS used, coalesce(m.active, false) AS active,
        coalesce(m.locked, false) AS locked
    FROM public.invite_code i LEFT JOIN public.member m ON m.id = i.member_id
    UNION ALL
    SELECT h.code, NULL, false, false, true FROM connector.held h
    WHERE NOT EXISTS (SELECT 1 FROM public.invite_code i WHERE i.code = h.code);
REVOKE ALL ON connector.invited FROM PUBLIC;

CREATE OR REPLACE FUNCTION connector.version() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT string::text FROM public.liquid_feedback_version;
$$;

CREATE OR REPLACE FUNCTION connector.read_back()
RETURNS TABLE (code text, used boolean, active boolean, locked boolean, held boolean, deleted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.code, i.used, i.active, i.locked, h.code IS NOT NULL, false
    FROM connector.invited i LEFT JOIN connector.held h ON h.code = i.code
    ORDER BY i.code COLLATE "C";
$$;

-- Two that write at the same time would plan on what the other is changing: the second one is refused.
CREATE OR REPLACE FUNCTION connector.alone() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('schotten'), hashtext('connector')) THEN
        RAISE EXCEPTION 'another connector is writing' USING ERRCODE = 'lock_not_available';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION connector.invite(codes text[], expires timestamptz, units integer[])
RETURNS TABLE (code text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM connector.alone();
    IF to_regclass('public.invite_code_unit') IS NULL THEN
        INSERT INTO public.invite_code (code)
            SELECT w.code FROM (SELECT DISTINCT unnest(codes) AS code) w
            WHERE w.code <> '' AND NOT EXISTS (SELECT 1 FROM connector.invited i WHERE i.code = w.code)
            ORDER BY random();
    ELSE
        -- From 1.4 on a code says in which units its account may vote.
        WITH wanted AS (
            SELECT w.code FROM (SELECT DISTINCT unnest(codes) AS code) w
            WHERE w.code <> '' AND NOT EXISTS (SELECT 1 FROM connector.invited i WHERE i.code = w.code)
        ), made AS (
            INSERT INTO public.invite_code (code) SELECT w.code FROM wanted w ORDER BY random() RETURNING id
        )
        INSERT INTO public.invite_code_unit (invite_code_id, unit_id)
            SELECT made.id, u.id FROM made CROSS JOIN (SELECT DISTINCT unnest(units) AS id) u;
    END IF;
    RETURN QUERY
        SELECT w.code, CASE WHEN i.code IS NULL THEN 'gone' WHEN i.locked THEN 'operator' ELSE 'created' END
        FROM (SELECT DISTINCT unnest(codes) AS code) w LEFT JOIN connector.invited i ON i.code = w.code;
END
$$;

CREATE OR REPLACE FUNCTION connector.lock(codes text[])
RETURNS TABLE (code text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ours text[];
BEGIN
    PERFORM connector.alone();
    SELECT array_agg(DISTINCT i.code) INTO ours FROM unnest(codes) AS w(code) JOIN connector.invited i ON i.code = w.code
    WHERE NOT i.locked OR EXISTS (SELECT 1 FROM connector.held h WHERE h.code = i.code);
    INSERT INTO connector.held (code)
        SELECT u.code FROM unnest(ours) AS u(code)
        WHERE NOT EXISTS (SELECT 1 FROM connector.held h WHERE h.code = u.code);
    INSERT INTO connector.taken (code, unit_id)
        SELECT i.code, p.unit_id FROM unnest(ours) AS u(code) JOIN connector.invited i ON i.code = u.code
        JOIN connector.privilege p ON p.member_id = i.id
        WHERE p.voting_right
            AND NOT EXISTS (SELECT 1 FROM connector.taken t WHERE t.code = i.code AND t.unit_id = p.unit_id);
    UPDATE connector.privilege p SET voting_right = false
        FROM unnest(ours) AS u(code), public.invite_code i
        WHERE i.code = u.code AND p.member_id = i.member_id AND p.voting_right;
    UPDATE public.member m SET locked = true, active = false
        FROM unnest(ours) AS u(code), public.invite_code i
        WHERE i.code = u.code AND m.id = i.member_id AND (m.active OR NOT m.locked);
    DELETE FROM public.session s USING unnest(ours) AS u(code), public.invite_code i
        WHERE i.code = u.code AND s.member_id = i.member_id;
    IF to_regclass('public.invite_code_unit') IS NOT NULL THEN
        INSERT INTO connector.taken (code, unit_id)
            SELECT i.code, n.unit_id FROM unnest(ours) AS u(code) JOIN public.invite_code i ON i.code = u.code
            JOIN public.invite_code_unit n ON n.invite_code_id = i.id
            WHERE i.used IS NULL AND i.member_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM connector.taken t WHERE t.code = i.code AND t.unit_id = n.unit_id);
    END IF;
    DELETE FROM public.invite_code i USING unnest(ours) AS u(code)
        WHERE i.code = u.code AND i.used IS NULL AND i.member_id IS NULL;
    RETURN QUERY
        SELECT w.code,
            CASE WHEN i.code IS NULL THEN 'gone' WHEN h.code IS NULL THEN 'operator' ELSE 'locked' END
        FROM (SELECT DISTINCT unnest(codes) AS code) w
        LEFT JOIN connector.invited i ON i.code = w.code
        LEFT JOIN connector.held h ON h.code = w.code;
END
$$;

CREATE OR REPLACE FUNCTION connector.unlock(codes text[])
RETURNS TABLE (code text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ours text[];
BEGIN
    PERFORM connector.alone();
    SELECT array_agg(DISTINCT h.code) INTO ours FROM unnest(codes) AS w(code) JOIN connector.held h ON h.code = w.code;
    INSERT INTO public.invite_code (code)
        SELECT u.code FROM unnest(ours) AS u(code)
        WHERE NOT EXISTS (SELECT 1 FROM public.invite_code i WHERE i.code = u.code)
        ORDER BY random();
    IF to_regclass('public.invite_code_unit') IS NOT NULL THEN
        INSERT INTO public.invite_code_unit (invite_code_id, unit_id)
            SELECT i.id, t.unit_id FROM unnest(ours) AS u(code) JOIN public.invite_code i ON i.code = u.code
            JOIN connector.taken t ON t.code = u.code
            WHERE i.used IS NULL AND NOT EXISTS (
                SELECT 1 FROM public.invite_code_unit n WHERE n.invite_code_id = i.id AND n.unit_id = t.unit_id);
    END IF;
    UPDATE public.member m SET locked = false
        FROM unnest(ours) AS u(code), public.invite_code i
        WHERE i.code = u.code AND m.id = i.member_id AND m.locked;
    UPDATE connector.privilege p SET voting_right = true
        FROM unnest(ours) AS u(code), public.invite_code i, connector.taken t
        WHERE i.code = u.code AND t.code = u.code AND p.member_id = i.member_id AND p.unit_id = t.unit_id;
    DELETE FROM connector.held h USING unnest(ours) AS u(code) WHERE h.code = u.code;
    RETURN QUERY
        SELECT w.code, CASE WHEN i.code IS NULL THEN 'gone' WHEN i.locked THEN 'operator' ELSE 'unlocked' END
        FROM (SELECT DISTINCT unnest(codes) AS code) w LEFT JOIN connector.invited i ON i.code = w.code;
END
$$;

-- Carry out a plan that was handed over as a file, in one transaction, and answer it: see README.md.
CREATE OR REPLACE FUNCTION connector.carry_out(plan json) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    outcomes json;
    rows_ json;
BEGIN
    IF plan ->> 'format' <> 'schotten-plan-1' THEN
        RAISE EXCEPTION 'this is no plan of Schotten';
    END IF;
    SELECT json_object_agg(o.code, o.outcome) INTO outcomes FROM (
        SELECT * FROM connector.invite(
            ARRAY(SELECT json_array_elements_text(plan -> 'create')), (plan ->> 'expires')::timestamptz,
            ARRAY(SELECT json_array_elements_text(plan -> 'units')::integer))
        UNION ALL SELECT * FROM connector.lock(ARRAY(SELECT json_array_elements_text(plan -> 'lock')))
        UNION ALL SELECT * FROM connector.unlock(ARRAY(SELECT json_array_elements_text(plan -> 'unlock')))
    ) o;
    SELECT json_agg(json_build_array(r.code, r.used, r.active, r.locked, r.held, r.deleted)) INTO rows_
        FROM connector.read_back() r;
    RETURN json_build_object('format', 'schotten-answer-1', 'plan', plan ->> 'plan', 'version', connector.version(),
        'outcomes', coalesce(outcomes, '{}'::json), 'rows', coalesce(rows_, '[]'::json));
END
$$;

-- The answer alone, without changing anything: what Schotten needs to make a plan.
CREATE OR REPLACE FUNCTION connector.answer() RETURNS json
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT json_build_object('format', 'schotten-answer-1', 'plan', '', 'version', connector.version(), 'outcomes', '{}'::json,
        'rows', coalesce((SELECT json_agg(json_build_array(r.code, r.used, r.active, r.locked, r.held, r.deleted))
                          FROM connector.read_back() r), '[]'::json));
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA connector FROM PUBLIC;
GRANT EXECUTE ON FUNCTION connector.version(), connector.read_back(), connector.invite(text[], timestamptz, integer[]),
    connector.lock(text[]), connector.unlock(text[]) TO schotten_connector;
