#!/bin/sh
# Containers on two networks: who reaches whom. Everything is destroyed at the end.
suite=containers
. ./tests/lib.sh

check 'two isolated networks are created' sh -c \
  'podman network create --opt isolate=true red && podman network create --opt isolate=true blue'
check 'red-1 starts' start red-1 red
check 'red-2 starts' start red-2 red
check 'blue-1 starts' start blue-1 blue

red_2=$(address_of red-2)
blue_1=$(address_of blue-1)
bridge=$(podman network inspect --format '{{.NetworkInterface}}' red)
tcpdump --immediate-mode -U -i "$bridge" -w results/red.pcap 2>results/tcpdump.log &
capture=$!
check 'the capture listens' eventually grep -q 'listening on' results/tcpdump.log

check 'ping within a network' ping_from red-1 "$red_2"
refuse 'no ping from one network to the other' ping_from red-1 "$blue_1"

podman exec --detach red-2 /bin/busybox nc -l -p 7000 -e /bin/busybox echo hello >/dev/null
podman exec --detach blue-1 /bin/busybox nc -l -p 7000 -e /bin/busybox echo hello >/dev/null
hear() { podman exec "$1" /bin/busybox nc -w 3 "$2" 7000 </dev/null | grep -q hello; }
check 'TCP within a network' eventually hear red-1 "$red_2"
refuse 'no TCP from one network to the other' hear red-1 "$blue_1"

kill -INT "$capture"
wait "$capture"
seen() { tcpdump -n -r results/red.pcap "$@" 2>/dev/null | grep -q .; }
check 'the capture holds the ping' seen icmp and dst host "$red_2"
check 'the capture holds the TCP connection' seen tcp port 7000

check 'containers are destroyed' podman rm --force --time 0 red-1 red-2 blue-1
check 'networks are destroyed' podman network rm red blue
refuse 'no interface is left' ip link show "$bridge"

finish
