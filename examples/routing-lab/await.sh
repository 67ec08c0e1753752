#!/bin/sh
# await.sh ADDRESS INTERFACE SECONDS: until the way there leads through that interface, and answers.
set -eu
begun=$(date +%s%N)
until ip route get "$1" 2>/dev/null | grep -q "dev $2 " && ping -q -c 1 -W 1 "$1" >/dev/null; do
  if [ $((($(date +%s%N) - begun) / 1000000)) -gt $(($3 * 1000)) ]; then
    echo "after $3 s $1 is not reached through $2:"
    ip route
    birdc show ospf neighbors
    exit 1
  fi
  sleep 0.1
done
echo "$1 through $2 after $((($(date +%s%N) - begun) / 1000000)) ms"
