-- The role that Schotten's administration logs in with. Run once, as a superuser or a role with CREATEROLE.
-- Give it a password afterwards, without writing it anywhere:   \password schotten_connector
-- It owns nothing and may do nothing but call the functions that connector.sql grants to it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'schotten_connector') THEN
        CREATE ROLE schotten_connector LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 4;
    END IF;
END
$$;
