-- Run by `access` as the superuser; each statement may be repeated. Variables: owner, app, monitor, database.
SET client_min_messages = warning;
SET statement_timeout = 0;
SET log_min_duration_statement = -1; -- a slow one would be logged with its verifier
SET track_activities = off; -- which who measures the server may read

SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY[:'owner', :'app', :'monitor']) AS role
WHERE role NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE :"app" NOLOGIN PASSWORD NULL NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE :"monitor" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5;
\password :owner
\password :monitor

-- What measures the server reads its figures and no row of anybody.
GRANT pg_monitor TO :"monitor";

-- Migrations, dumps and the superuser's own work may take long; waiting for a lock may not.
ALTER ROLE :"owner" SET statement_timeout = 0;
ALTER ROLE postgres SET statement_timeout = 0;

SELECT format('CREATE DATABASE %I TEMPLATE template0 OWNER %I', :'database', :'owner')
WHERE :'database' NOT IN (SELECT datname FROM pg_database) \gexec
-- At once, for the application goes on meanwhile.
BEGIN;
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database", postgres, template1 FROM PUBLIC;
REVOKE ALL ON DATABASE :"database" FROM :"app", :"monitor";
GRANT CONNECT ON DATABASE :"database" TO :"app", :"monitor";
COMMIT;

\connect :"database"
SET client_min_messages = warning;
BEGIN;
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC, :"app";
GRANT USAGE ON SCHEMA public TO :"app";
COMMIT;
