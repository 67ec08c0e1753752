# SPDX-License-Identifier: Apache-2.0
"""A place for daemons that think they own the host, made of namespaces.

Mounts, network, processes and IPC in it are its own: bridges, firewall rules, loop mounts, daemons
and virtual machines end with it, also after a kill -9 of any process involved. Needs root.
"""

import os
import signal
import subprocess
import sys

MARK = "CUPEL_BENCHMARK_SECLUDED"
NAMESPACES = ["--mount", "--net", "--ipc", "--pid", "--uts", "--fork", "--mount-proc", "--kill-child"]


def inside():
    return MARK in os.environ


def run_again(arguments):
    """Runs this program with `arguments` in a seclusion of its own; returns its exit status."""
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", *NAMESPACES,
               sys.executable, os.path.abspath(sys.argv[0]), *arguments]
    child = subprocess.Popen(command, env={**os.environ, MARK: "1"})
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: child.kill())
    return child.wait()


def lead(work):
    """To be called first inside: this process is the namespace's init, so it reaps what daemons
    leave behind, while a child of it does `work` and decides the exit status."""
    worker = os.fork()
    if worker == 0:
        status = 1
        try:
            status = work()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    while True:
        ended, status = os.wait()
        if ended == worker:
            return os.waitstatus_to_exitcode(status)


def private_system_directories(scratch, names):
    """Covers `names` (absolute) with empty directories below `scratch`, /run with an empty one, and
    /sys with one of this network namespace."""
    for command in (["mount", "-t", "sysfs", "sysfs", "/sys"],
                    ["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/run"],
                    ["ip", "link", "set", "lo", "up"]):
        subprocess.run(command, check=True)
    for name in names:
        own = os.path.join(scratch, name.strip("/").replace("/", "-"))
        os.makedirs(own, exist_ok=True)
        subprocess.run(["mount", "--bind", own, name], check=True)
