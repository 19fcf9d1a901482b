-- The two roles of production, made once by a superuser of PostgreSQL (15 or later) in the empty database of the assembly:
-- the owner, who runs migrations and restores, and the application, who reads and writes rows and nothing else.
-- compose runs this file by itself when the volume is new. By hand, on the database server:
--   DATABASE_OWNER_PASSWORD=… DATABASE_PASSWORD=… psql -v ON_ERROR_STOP=1 -d assemblee -f deploy/roles.sql
-- `manage.py migrate`, as the owner and with DATABASE_APPLICATION_ROLE, then gives the application its rights, table by table.
\getenv owner_password DATABASE_OWNER_PASSWORD
\getenv password DATABASE_PASSWORD
\if :{?owner}
\else
\set owner assemblee_owner
\endif
\if :{?application}
\else
\set application assemblee_app
\endif
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE :"application" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
ALTER DATABASE :"DBNAME" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO :"application";
