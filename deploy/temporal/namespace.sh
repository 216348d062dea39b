#!/bin/sh
# The namespace, once. Closed cases stay in Temporal for 30 days, the time in which they may be reopened;
# in Postgres they stay for good.
set -eu
namespace=${TEMPORAL_NAMESPACE:-default}
if temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
    echo "The namespace $namespace is there."
else
    temporal operator namespace create --namespace "$namespace" --retention 720h
fi
