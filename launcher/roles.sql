-- Roles and databases of a Sigap cluster; run by psql as a superuser, as often as wanted.
-- Shared by the launcher and by the container image of PostgreSQL. The passwords come by environment,
-- so that no list of processes shows them.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
\getenv owner_password SIGAP_OWNER_PASSWORD
\getenv app_password SIGAP_APP_PASSWORD

SELECT 'CREATE ROLE sigap_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sigap_owner') \gexec
SELECT 'CREATE ROLE sigap_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sigap_app') \gexec

ALTER ROLE sigap_owner LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE sigap_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';

-- A web or worker process that hangs must not hold an incident: a time-out is answered as 503 busy.
ALTER ROLE sigap_app SET idle_in_transaction_session_timeout = '5s';
ALTER ROLE sigap_app SET lock_timeout = '3s';
ALTER ROLE sigap_app SET statement_timeout = '15s';

-- The text of an error may quote a value, and a statement always does: neither belongs in the server's log. The
-- application writes its errors by SQLSTATE, table and constraint.
SELECT format('ALTER ROLE %I SET %s', role, setting)
  FROM unnest(ARRAY['sigap_owner', 'sigap_app']) AS role,
       unnest(ARRAY['log_min_messages = log', 'log_min_error_statement = panic', 'log_error_verbosity = terse',
                    'log_statement = none', 'log_min_duration_statement = -1', 'log_lock_waits = off',
                    'log_parameter_max_length = 0', 'log_parameter_max_length_on_error = 0']) AS setting \gexec

SELECT format('CREATE DATABASE %I OWNER sigap_owner', name)
  FROM unnest(ARRAY['sigap_training', 'sigap_live']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE %I TO sigap_app', name, name)
  FROM unnest(ARRAY['sigap_training', 'sigap_live']) AS name \gexec

-- What the owner makes later, the application may use; the migrations take back what is append-only.
-- In template1 too, so that a database made afresh (a test's, a restored backup's) has the same rules.
\connect template1
ALTER DEFAULT PRIVILEGES FOR ROLE sigap_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sigap_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sigap_owner GRANT USAGE, SELECT ON SEQUENCES TO sigap_app;
\connect sigap_training
ALTER DEFAULT PRIVILEGES FOR ROLE sigap_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sigap_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sigap_owner GRANT USAGE, SELECT ON SEQUENCES TO sigap_app;
\connect sigap_live
ALTER DEFAULT PRIVILEGES FOR ROLE sigap_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sigap_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sigap_owner GRANT USAGE, SELECT ON SEQUENCES TO sigap_app;
