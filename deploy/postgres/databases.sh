#!/bin/sh
# Run once by the postgres image, when its volume is empty: the roles and databases of Temporal and of the records.
# The program that runs every day (complaints_app) can change neither the schema nor what has been journalled.
set -eu
secrets=${SECRETS:-/run/secrets}
export secrets

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set temporal_password `cat "$secrets/temporal_password"`
\set owner_password `cat "$secrets/owner_password"`
\set app_password `cat "$secrets/app_password"`
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE ROLE complaints_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE complaints_app LOGIN PASSWORD :'app_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE complaints OWNER complaints_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE temporal, temporal_visibility, complaints FROM PUBLIC;
GRANT CONNECT ON DATABASE complaints TO complaints_app;
\connect complaints
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO complaints_owner;
GRANT USAGE ON SCHEMA public TO complaints_app;
ALTER DEFAULT PRIVILEGES FOR ROLE complaints_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO complaints_app;
ALTER DEFAULT PRIVILEGES FOR ROLE complaints_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO complaints_app;
SQL
