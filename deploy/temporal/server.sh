#!/bin/sh
# The Temporal server, with its password from a file: the image itself only knows it from the environment.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
