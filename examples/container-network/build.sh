#!/bin/sh
# Makes what the tests use: a container image from nothing but busybox, and the BPF program.
set -eu

mkdir -p build results
{
  uname -a
  nproc
  free -m
} >results/machine.log

cp "$(command -v busybox)" build/busybox
cat >build/Containerfile <<END
FROM scratch
COPY busybox /bin/busybox
ENTRYPOINT ["/bin/busybox"]
END
podman build --quiet --tag container-network-test build

clang -O2 -g -target bpf -Wall -Werror -I "/usr/include/$(uname -m)-linux-gnu" \
  -c bpf/drop_source.bpf.c -o build/drop_source.bpf.o
