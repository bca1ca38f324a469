#!/bin/sh
# Runs once in a fresh database container: the same roles and databases as the launcher's own cluster.
set -eu
SIGAP_OWNER_PASSWORD=$(cat /run/secrets/database_owner)
SIGAP_APP_PASSWORD=$(cat /run/secrets/database_app)
export SIGAP_OWNER_PASSWORD SIGAP_APP_PASSWORD
exec psql -X -q -U "$POSTGRES_USER" -d postgres -f /opt/sigap/roles.sql
