#!/bin/sh
# The namespace, once. Closed cases stay in Temporal for 45 days, longer than they may be reopened (30 days after closing);
# in Postgres they stay for good.
set -eu
namespace=${TEMPORAL_NAMESPACE:-default}
if temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
    echo "The namespace $namespace is there."
else
    temporal operator namespace create --namespace "$namespace" --retention 1080h
fi
