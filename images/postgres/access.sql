-- One login of the application, run by `access` as the superuser; each statement may be repeated. Variables: app, login.
SET client_min_messages = warning;
SET log_min_duration_statement = -1; -- a slow one would be logged with its verifier
SET track_activities = off; -- which who measures the server may read
SELECT format('CREATE ROLE %I LOGIN IN ROLE %I', :'login', :'app')
WHERE :'login' NOT IN (SELECT rolname FROM pg_roles) \gexec
GRANT :"app" TO :"login";
\password :login
