#!/bin/sh
# A BPF program on the containers' interfaces drops one container's packets and lets another's pass.
suite=bpf
. ./tests/lib.sh

pins=/sys/fs/bpf/container-network
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
mkdir -p "$pins"

hex_of() { printf '%s' "$1" | awk -F. '{printf "%d %d %d %d", $1, $2, $3, $4}'; }
drop() { bpftool map update pinned "$pins/dropped" key $(hex_of "$1") value 0 0 0 0 0 0 0 0; }
pass_again() { bpftool map delete pinned "$pins/dropped" key $(hex_of "$1"); }
dropped_packets() { bpftool --json map lookup pinned "$pins/dropped" key $(hex_of "$1"); }
counted() { dropped_packets "$1" | grep -q '"value": *[1-9]\|"value":\["0x0*[1-9a-f]'; }

podman network create green >/dev/null
start bad green
start good green
start server green
bad=$(address_of bad)
server=$(address_of server)
bridge=$(podman network inspect --format '{{.NetworkInterface}}' green)

check 'ping works from both before' sh -c \
  "podman exec bad /bin/busybox ping -c 1 -W 2 $server && podman exec good /bin/busybox ping -c 1 -W 2 $server"

check 'the program is loaded' bpftool prog load build/drop_source.bpf.o "$pins/drop_source" \
  type xdp pinmaps "$pins"
attach() {
  for port in $(ls "/sys/class/net/$bridge/brif"); do
    bpftool net attach xdpgeneric pinned "$pins/drop_source" dev "$port" || return 1
  done
}
check 'the program is attached to each container' attach
check 'the kernel shows it' sh -c 'bpftool net show | grep -q generic'
check 'one container is to be dropped' drop "$bad"

refuse "its packets are dropped" ping_from bad "$server"
check "another container's packets pass" ping_from good "$server"
check 'the program counted what it dropped' counted "$bad"

check 'the container is let through again' pass_again "$bad"
check 'its packets pass' ping_from bad "$server"

{
  bpftool prog show pinned "$pins/drop_source"
  bpftool prog dump xlated pinned "$pins/drop_source"
} >results/bpf.log

podman rm --force --time 0 bad good server >/dev/null
podman network rm green >/dev/null
rm -r "$pins"
finish
