-- What Schotten's connector may do on a LiquidFeedback database of version 2, 3 or 4: four functions, and no table.
-- Run as the role that owns LiquidFeedback's tables (not as a superuser), after role.sql, with psql -1 -v ON_ERROR_STOP=1.
-- Running it again renews the functions; what the connector has noted stays. remove.sql takes everything away.
--
-- Each function is SECURITY DEFINER with a fixed search_path, because LiquidFeedback's triggers run as the caller and name
-- their tables without a schema. Nobody but the owner should be able to create objects in "public":
--     REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- Only rows with an invite code are ever touched; administrators have none. "identification" is left alone.

CREATE SCHEMA IF NOT EXISTS connector;
REVOKE ALL ON SCHEMA connector FROM PUBLIC;
GRANT USAGE ON SCHEMA connector TO schotten_connector;

-- Accounts that the connector has locked, so that it never opens what the platform's own operators have locked.
CREATE TABLE IF NOT EXISTS connector.held (
    member_id bigint PRIMARY KEY
);
-- The voting rights it has taken from them, to give back exactly these.
CREATE TABLE IF NOT EXISTS connector.taken (
    member_id bigint NOT NULL REFERENCES connector.held ON DELETE CASCADE,
    unit_id bigint NOT NULL,
    PRIMARY KEY (member_id, unit_id)
);
-- The same of the rights in single issues, which version 4 lets stand above those of the unit.
CREATE TABLE IF NOT EXISTS connector.taken_in_issue (
    member_id bigint NOT NULL REFERENCES connector.held ON DELETE CASCADE,
    issue_id bigint NOT NULL,
    PRIMARY KEY (member_id, issue_id)
);
REVOKE ALL ON connector.held, connector.taken, connector.taken_in_issue FROM PUBLIC;

-- member.deleted exists from version 4 on.
DO $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute
        WHERE attrelid = 'public.member'::regclass AND attname = 'deleted' AND NOT attisdropped
    ) THEN
        CREATE OR REPLACE VIEW connector.invited AS
            SELECT id, invite_code AS code, activated IS NOT NULL AS used, active, locked, deleted IS NOT NULL AS deleted
            FROM public.member WHERE invite_code IS NOT NULL;
    ELSE
        CREATE OR REPLACE VIEW connector.invited AS
            SELECT id, invite_code AS code, activated IS NOT NULL AS used, active, locked, false AS deleted
            FROM public.member WHERE invite_code IS NOT NULL;
    END IF;
END
$$;
REVOKE ALL ON connector.invited FROM PUBLIC;

-- The version of LiquidFeedback's schema, such as "4.2.2".
CREATE OR REPLACE FUNCTION connector.version() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT string::text FROM public.liquid_feedback_version;
$$;

-- Every row with an invite code: no id, no name, no time, in the order of the random codes.
CREATE OR REPLACE FUNCTION connector.read_back()
RETURNS TABLE (code text, used boolean, active boolean, locked boolean, held boolean, deleted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.code, i.used, i.active, i.locked, h.member_id IS NOT NULL, i.deleted
    FROM connector.invited i LEFT JOIN connector.held h ON h.member_id = i.id
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

-- Create invitations, in random order since ids count up; "units" are those in which they may vote.
CREATE OR REPLACE FUNCTION connector.invite(codes text[], expires timestamptz, units integer[])
RETURNS TABLE (code text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM connector.alone();
    WITH wanted AS (
        SELECT DISTINCT w.code FROM unnest(codes) AS w(code)
        WHERE w.code <> '' AND NOT EXISTS (SELECT 1 FROM public.member m WHERE m.invite_code = w.code)
    ), made AS (
        INSERT INTO public.member (invite_code, invite_code_expiry)
        SELECT w.code, expires FROM wanted w ORDER BY random()
        RETURNING id
    )
    INSERT INTO public.privilege (unit_id, member_id, voting_right)
    SELECT u.id, made.id, true FROM made CROSS JOIN (SELECT DISTINCT unnest(units) AS id) u;
    RETURN QUERY
        SELECT w.code,
            CASE WHEN i.id IS NULL THEN 'gone' WHEN i.deleted THEN 'deleted'
                 WHEN i.locked THEN 'operator' ELSE 'created' END
        FROM (SELECT DISTINCT unnest(codes) AS code) w LEFT JOIN connector.invited i ON i.code = w.code;
END
$$;

-- What only some of the versions have: sessions in which the member acts for a role account, tokens of applications that act for the member
-- without a session, and rights in single issues.
CREATE OR REPLACE FUNCTION connector.take_more(ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_attribute
               WHERE attrelid = 'public.session'::regclass AND attname = 'real_member_id' AND NOT attisdropped) THEN
        DELETE FROM public.session s USING unnest(ids) AS u(id) WHERE s.real_member_id = u.id;
    END IF;
    IF to_regclass('public.token') IS NOT NULL THEN
        DELETE FROM public.token t USING unnest(ids) AS u(id) WHERE t.member_id = u.id;
    END IF;
    IF to_regclass('public.issue_privilege') IS NOT NULL THEN
        INSERT INTO connector.taken_in_issue (member_id, issue_id)
            SELECT p.member_id, p.issue_id FROM unnest(ids) AS u(id) JOIN public.issue_privilege p ON p.member_id = u.id
            WHERE p.voting_right AND NOT EXISTS (
                SELECT 1 FROM connector.taken_in_issue t WHERE t.member_id = p.member_id AND t.issue_id = p.issue_id);
        UPDATE public.issue_privilege p SET voting_right = false
            FROM unnest(ids) AS u(id) WHERE p.member_id = u.id AND p.voting_right;
    END IF;
END
$$;

-- Lock: locked alone still counts the member in the unit, and one front end lets a locked member log in again.
CREATE OR REPLACE FUNCTION connector.lock(codes text[])
RETURNS TABLE (code text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ids bigint[];
BEGIN
    PERFORM connector.alone();
    SELECT array_agg(DISTINCT i.id) INTO ids FROM unnest(codes) AS w(code) JOIN connector.invited i ON i.code = w.code
    WHERE NOT i.deleted
        AND (NOT i.locked OR EXISTS (SELECT 1 FROM connector.held h WHERE h.member_id = i.id));
    INSERT INTO connector.held (member_id)
        SELECT u.id FROM unnest(ids) AS u(id)
        WHERE NOT EXISTS (SELECT 1 FROM connector.held h WHERE h.member_id = u.id);
    INSERT INTO connector.taken (member_id, unit_id)
        SELECT p.member_id, p.unit_id FROM unnest(ids) AS u(id) JOIN public.privilege p ON p.member_id = u.id
        WHERE p.voting_right
            AND NOT EXISTS (SELECT 1 FROM connector.taken t WHERE t.member_id = p.member_id AND t.unit_id = p.unit_id);
    UPDATE public.privilege p SET voting_right = false
        FROM unnest(ids) AS u(id) WHERE p.member_id = u.id AND p.voting_right;
    UPDATE public.member m SET locked = true, active = false
        FROM unnest(ids) AS u(id) WHERE m.id = u.id AND m.invite_code IS NOT NULL AND (m.active OR NOT m.locked);
    DELETE FROM public.session s USING unnest(ids) AS u(id) WHERE s.member_id = u.id;
    PERFORM connector.take_more(ids);
    RETURN QUERY
        SELECT w.code,
            CASE WHEN i.id IS NULL THEN 'gone' WHEN i.deleted THEN 'deleted'
                 WHEN h.member_id IS NULL THEN 'operator' ELSE 'locked' END
        FROM (SELECT DISTINCT unnest(codes) AS code) w
        LEFT JOIN connector.invited i ON i.code = w.code
        LEFT JOIN connector.held h ON h.member_id = i.id;
END
$$;

-- Unlock what the connector has locked; "active" comes back at the member's next log-in, the voting rights at once.
CREATE OR REPLACE FUNCTION connector.unlock(codes text[])
RETURNS TABLE (code text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ids bigint[];
BEGIN
    PERFORM connector.alone();
    SELECT array_agg(DISTINCT i.id) INTO ids FROM unnest(codes) AS w(code) JOIN connector.invited i ON i.code = w.code
    JOIN connector.held h ON h.member_id = i.id
    WHERE NOT i.deleted;
    UPDATE public.member m SET locked = false
        FROM unnest(ids) AS u(id) WHERE m.id = u.id AND m.invite_code IS NOT NULL AND m.locked;
    UPDATE public.privilege p SET voting_right = true
        FROM unnest(ids) AS u(id), connector.taken t
        WHERE t.member_id = u.id AND p.member_id = t.member_id AND p.unit_id = t.unit_id;
    IF to_regclass('public.issue_privilege') IS NOT NULL THEN
        UPDATE public.issue_privilege p SET voting_right = true
            FROM unnest(ids) AS u(id), connector.taken_in_issue t
            WHERE t.member_id = u.id AND p.member_id = t.member_id AND p.issue_id = t.issue_id;
    END IF;
    DELETE FROM connector.held h USING unnest(ids) AS u(id) WHERE h.member_id = u.id;
    RETURN QUERY
        SELECT w.code,
            CASE WHEN i.id IS NULL THEN 'gone' WHEN i.deleted THEN 'deleted'
                 WHEN i.locked THEN 'operator' ELSE 'unlocked' END
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
