# Sourced by the tests: runs checks, and writes their results as JUnit XML.
# check NAME COMMAND...   passes if the command succeeds;  refuse NAME COMMAND...  if it fails.

set -u
image=container-network-test
cases=
failures=0
count=0

record() { # NAME SECONDS [FAILURE TEXT]
  count=$((count + 1))
  if [ $# -eq 2 ]; then
    echo "ok   $1 ($2 s)"
    cases="$cases<testcase classname=\"$suite\" name=\"$1\" time=\"$2\"/>"
  else
    failures=$((failures + 1))
    echo "FAIL $1 ($2 s)"
    printf '%s\n' "$3"
    escaped=$(printf '%s' "$3" | tr -cd '\11\12\40-\176' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g')
    cases="$cases<testcase classname=\"$suite\" name=\"$1\" time=\"$2\"><failure message=\"failed\">$escaped</failure></testcase>"
  fi
}

check() {
  name=$1
  shift
  began=$(date +%s)
  if output=$("$@" 2>&1); then
    record "$name" $(($(date +%s) - began))
  else
    record "$name" $(($(date +%s) - began)) "$* failed: $output"
  fi
}

refuse() {
  name=$1
  shift
  began=$(date +%s)
  if output=$("$@" 2>&1); then
    record "$name" $(($(date +%s) - began)) "$* should have failed: $output"
  else
    record "$name" $(($(date +%s) - began))
  fi
}

# Tries again until the command succeeds, 20 times at most: for what needs a moment to be up.
eventually() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || return 1
    sleep 0.3
  done
}

start() { # NAME NETWORK
  podman run --detach --quiet --name "$1" --network "$2" --memory "${MEMORY}m" \
    "$image" sleep 100000 >/dev/null
}

address_of() { podman inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"; }
ping_from() { podman exec "$1" /bin/busybox ping -c 2 -W 2 "$2"; }

finish() {
  printf '<testsuite name="%s" tests="%s" failures="%s">%s</testsuite>\n' \
    "$suite" "$count" "$failures" "$cases" >"results/$suite.xml"
  echo "$suite: $((count - failures)) of $count passed"
  [ "$failures" -eq 0 ]
}
