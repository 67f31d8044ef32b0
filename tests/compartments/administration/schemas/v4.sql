-- The tables of LiquidFeedback 4.2.2 that the connector meets, with their checks and keys, written for these tests.
-- Compared with the published schema of 4.2.1 and the update to 4.2.2.
CREATE VIEW liquid_feedback_version AS
    SELECT * FROM (VALUES ('4.2.2', 4, 2, 2)) AS v(string, major, minor, revision);
CREATE TABLE member (
    id serial4 PRIMARY KEY,
    created timestamptz NOT NULL DEFAULT now(),
    deleted timestamptz,
    invite_code text UNIQUE,
    invite_code_expiry timestamptz,
    admin_comment text,
    activated timestamptz,
    last_activity date,
    last_login timestamptz,
    login text UNIQUE,
    password text,
    authority text, authority_uid text, authority_login text,
    locked boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT false,
    admin boolean NOT NULL DEFAULT false,
    role boolean NOT NULL DEFAULT false,
    lang text,
    notify_email text,
    name text UNIQUE,
    identification text UNIQUE,
    authentication text,
    CONSTRAINT deleted_requires_locked CHECK (deleted ISNULL OR locked = true),
    CONSTRAINT active_requires_activated_and_last_activity CHECK (active = false OR (activated NOTNULL AND last_activity NOTNULL)),
    CONSTRAINT name_not_null_if_activated CHECK (activated ISNULL OR name NOTNULL)
);
CREATE INDEX member_active_idx ON member (active);
CREATE TABLE member_history (
    id serial8 PRIMARY KEY,
    member_id int4 NOT NULL REFERENCES member ON DELETE CASCADE,
    until timestamptz NOT NULL DEFAULT now(),
    active boolean NOT NULL,
    name text NOT NULL
);
CREATE FUNCTION write_member_history_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.activated NOTNULL AND (NEW.active != OLD.active OR NEW.name != OLD.name) THEN
        INSERT INTO member_history (member_id, active, name) VALUES (NEW.id, OLD.active, OLD.name);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER write_member_history AFTER UPDATE ON member FOR EACH ROW EXECUTE PROCEDURE write_member_history_trigger();
-- The index is filled as whoever inserts, and names its function without a schema.
CREATE FUNCTION to_tsvector(member) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector(concat_ws(' ', $1.name, $1.identification))
$$;
CREATE INDEX member_to_tsvector_idx ON member USING gin ((to_tsvector(member.*)));
CREATE TABLE session (
    UNIQUE (member_id, id),
    id serial8 PRIMARY KEY,
    ident text NOT NULL UNIQUE,
    additional_secret text,
    logout_token text,
    expiry timestamptz NOT NULL DEFAULT now() + '24 hours',
    member_id int4 REFERENCES member ON DELETE SET NULL,
    real_member_id int4 REFERENCES member ON DELETE RESTRICT ON UPDATE CASCADE,
    lang text
);
CREATE TABLE token (
    id serial8 PRIMARY KEY,
    token text NOT NULL UNIQUE,
    token_type text NOT NULL,
    member_id int4 NOT NULL REFERENCES member ON DELETE CASCADE ON UPDATE CASCADE,
    session_id int8,
    FOREIGN KEY (member_id, session_id) REFERENCES session (member_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
    scope text NOT NULL
);
CREATE FUNCTION detach_token_from_session_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE token SET session_id = NULL WHERE session_id = OLD.id;
    RETURN OLD;
END
$$;
CREATE TRIGGER detach_token_from_session BEFORE DELETE ON session FOR EACH ROW EXECUTE PROCEDURE detach_token_from_session_trigger();
CREATE TABLE unit (
    id serial4 PRIMARY KEY,
    parent_id int4 REFERENCES unit ON DELETE CASCADE,
    active boolean NOT NULL DEFAULT true,
    name text NOT NULL
);
CREATE TABLE privilege (
    PRIMARY KEY (unit_id, member_id),
    unit_id int4 REFERENCES unit ON DELETE CASCADE ON UPDATE CASCADE,
    member_id int4 REFERENCES member ON DELETE CASCADE ON UPDATE CASCADE,
    admin_manager boolean NOT NULL DEFAULT false,
    unit_manager boolean NOT NULL DEFAULT false,
    area_manager boolean NOT NULL DEFAULT false,
    member_manager boolean NOT NULL DEFAULT false,
    initiative_right boolean NOT NULL DEFAULT true,
    voting_right boolean NOT NULL DEFAULT true,
    polling_right boolean NOT NULL DEFAULT false,
    weight int4 NOT NULL DEFAULT 1 CHECK (weight >= 0)
);
CREATE TABLE issue (id serial4 PRIMARY KEY);
CREATE TABLE issue_privilege (
    PRIMARY KEY (issue_id, member_id),
    issue_id int4 REFERENCES issue ON DELETE CASCADE ON UPDATE CASCADE,
    member_id int4 REFERENCES member ON DELETE CASCADE ON UPDATE CASCADE,
    initiative_right boolean,
    voting_right boolean,
    polling_right boolean,
    weight int4 CHECK (weight >= 0)
);
CREATE TABLE verification (
    id serial8 PRIMARY KEY,
    requested timestamptz,
    verified timestamptz,
    verified_member_id int4 REFERENCES member ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE TABLE event (
    id serial8 PRIMARY KEY,
    occurrence timestamptz NOT NULL DEFAULT now(),
    event text NOT NULL,
    member_id int4 REFERENCES member ON DELETE CASCADE,
    boolean_value boolean
);
CREATE FUNCTION write_event_member_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.active THEN
            INSERT INTO event (event, member_id, boolean_value) VALUES ('member_active', NEW.id, true);
        END IF;
    ELSIF NEW.active != OLD.active THEN
        INSERT INTO event (event, member_id, boolean_value) VALUES ('member_active', NEW.id, NEW.active);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER write_event_member AFTER INSERT OR UPDATE ON member FOR EACH ROW EXECUTE PROCEDURE write_event_member_trigger();
INSERT INTO unit (name) VALUES ('Bund'), ('Land');
