-- The tables of LiquidFeedback 1.4 that the connector meets, written for these tests.
-- Compared with the published schema of 1.0 beta 10 and the update to 1.4.0.
CREATE VIEW liquid_feedback_version AS
    SELECT * FROM (VALUES ('1.4.0', 1, 4, 0)) AS v(string, major, minor, revision);
CREATE TABLE member (
    id serial PRIMARY KEY,
    login text UNIQUE,
    password text,
    active boolean NOT NULL DEFAULT true,
    locked boolean NOT NULL DEFAULT false,
    admin boolean NOT NULL DEFAULT false,
    name text NOT NULL UNIQUE,
    identification text UNIQUE
);
CREATE TABLE invite_code (
    code text NOT NULL UNIQUE,
    created timestamptz NOT NULL DEFAULT now(),
    used timestamptz,
    member_id int4 UNIQUE REFERENCES member ON DELETE SET NULL ON UPDATE CASCADE,
    comment text,
    id serial8 PRIMARY KEY,
    CONSTRAINT only_used_codes_may_refer_to_member CHECK (used NOTNULL OR member_id ISNULL)
);
CREATE TABLE session (
    ident text PRIMARY KEY,
    additional_secret text,
    expiry timestamptz NOT NULL DEFAULT now() + '24 hours',
    member_id int8 REFERENCES member ON DELETE SET NULL,
    lang text
);
CREATE TABLE unit (id serial PRIMARY KEY, active boolean NOT NULL DEFAULT true, name text NOT NULL);
CREATE TABLE invite_code_unit (
    PRIMARY KEY (invite_code_id, unit_id),
    invite_code_id int8 REFERENCES invite_code ON DELETE CASCADE ON UPDATE CASCADE,
    unit_id int4 REFERENCES unit ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE privilege (
    PRIMARY KEY (unit_id, member_id),
    unit_id int4 REFERENCES unit ON DELETE CASCADE,
    member_id int4 REFERENCES member ON DELETE CASCADE,
    admin_manager boolean NOT NULL DEFAULT false,
    unit_manager boolean NOT NULL DEFAULT false,
    area_manager boolean NOT NULL DEFAULT false,
    voting_right_manager boolean NOT NULL DEFAULT false,
    voting_right boolean NOT NULL DEFAULT true
);
INSERT INTO unit (name) VALUES ('Bund'), ('Land');
