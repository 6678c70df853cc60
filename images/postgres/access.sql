-- One login of the application, run by the owner; each statement may be repeated. Variables: app, login.
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I LOGIN IN ROLE %I', :'login', :'app')
WHERE :'login' NOT IN (SELECT rolname FROM pg_roles) \gexec
\password :login
