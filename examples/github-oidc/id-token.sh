#!/bin/sh
# Writes an ID token of this GitHub Actions job to the file that HUAWEICLOUD_SDK_ID_TOKEN_FILE names.
# It is valid for a few minutes, so run this just before each pulumi command.
set -eu
: "${ACTIONS_ID_TOKEN_REQUEST_URL:?give the job the permission id-token: write}"
: "${ID_TOKEN_AUDIENCE:?set it to the client ID of the identity provider in IAM}"
umask 077

# By standard input, so that the bearer token does not show in a list of processes.
printf 'header = "Authorization: Bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
  curl --silent --show-error --fail --config - "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$ID_TOKEN_AUDIENCE" |
  node -e 'process.stdout.write(JSON.parse(require("node:fs").readFileSync(0, "utf8")).value)' \
    > "$HUAWEICLOUD_SDK_ID_TOKEN_FILE"
