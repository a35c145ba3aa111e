#!/bin/sh
# Logs in to the CAS with a Kerberos ticket, and prints the ticket-granting cookie as NAME=VALUE.
set -eu

KRB5CCNAME=$(mktemp)
trap 'rm -f "$KRB5CCNAME"' EXIT
export KRB5CCNAME

kinit -k -t "$KEYTAB" "$PRINCIPAL"
[ -z "$CA_FILE" ] || set -- --cacert "$CA_FILE"
# Field 6 of a line of curl's cookie jar is the name, field 7 the value.
curl --silent --show-error --fail --negotiate --user : --user-agent "$USER_AGENT" "$@" \
  --cookie-jar - --output /dev/null "$CAS_LOGIN" |
  awk '$6 == "TGC" || $6 == "CASTGC" { cookie = $6 "=" $7 }
       END { if (cookie == "") { print "the CAS set no ticket-granting cookie" > "/dev/stderr"; exit 1 }
             printf "%s", cookie }'
