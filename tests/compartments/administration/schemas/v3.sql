-- The tables of LiquidFeedback 3.2.2 that the connector meets, with their checks and keys, written for these tests.
-- Compared with the published schema of 3.0.4.
CREATE VIEW liquid_feedback_version AS
    SELECT * FROM (VALUES ('3.2.2', 3, 2, 2)) AS v(string, major, minor, revision);
CREATE TABLE member (
    id serial4 PRIMARY KEY,
    created timestamptz NOT NULL DEFAULT now(),
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
    lang text,
    notify_email text,
    name text UNIQUE,
    identification text UNIQUE,
    authentication text,
    text_search_data tsvector,
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
CREATE TRIGGER update_text_search_data BEFORE INSERT OR UPDATE ON member FOR EACH ROW
    EXECUTE PROCEDURE tsvector_update_trigger('text_search_data', 'pg_catalog.simple', name, identification);
CREATE TABLE session (
    ident text PRIMARY KEY,
    additional_secret text,
    expiry timestamptz NOT NULL DEFAULT now() + '24 hours',
    member_id int4 REFERENCES member ON DELETE SET NULL,
    lang text
);
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
    polling_right boolean NOT NULL DEFAULT false
);
INSERT INTO unit (name) VALUES ('Bund'), ('Land');
