#!/bin/sh
# Destroys what the tests may have left: on a machine that is used once it is only good manners.
podman rm --all --force --time 0 >/dev/null
podman network prune --force >/dev/null
rm -rf /sys/fs/bpf/container-network build
