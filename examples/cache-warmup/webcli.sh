#!/bin/sh
# Runs SET or DEL in the open session for each "key value" line of the input.
set -eu
: "${HW_AUTH_TOKEN:?set it to an IAM token}"

while read -r key value; do
  [ "$1" = SET ] || value=
  body="{\"client_id\":\"$CLIENT_ID\",\"command\":\"$1 $key${value:+ $value}\"}"
  # By standard input, so that neither the client ID nor the token shows in a list of processes.
  answer=$(printf 'header = "X-Auth-Token: %s"\ndata = %s\n' "$HW_AUTH_TOKEN" "$(printf '%s' "$body" | sed 's/["\\]/\\&/g; s/.*/"&"/')" |
    curl --silent --show-error --fail --config - --header 'Content-Type: application/json' "$WEBCLI/command")
  case $answer in
    *'"response":"ERR'* | *'"response":"WRONGTYPE'*)
      echo "$1 $key failed" >&2
      exit 1
      ;;
  esac
  echo "$1 $key"
done
