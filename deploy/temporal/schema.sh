#!/bin/sh
# Temporal's own tables, made or brought up to date; safe to run at every start. Runs in temporalio/admin-tools.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_password)
export SQL_PASSWORD

tables() { # database, name of the schema
    echo "Temporal's schema in the database $1"
    temporal-sql-tool --plugin postgres12_pgx --ep postgres -p 5432 -u temporal --db "$1" setup-schema -v 0.0
    temporal-sql-tool --plugin postgres12_pgx --ep postgres -p 5432 -u temporal --db "$1" \
        update-schema --schema-name "postgresql/v12/$2" # as the tool itself carries it
}

tables temporal temporal
tables temporal_visibility visibility
