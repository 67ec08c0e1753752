# SPDX-License-Identifier: Apache-2.0
"""Runs the real cupel on a project in a temporary directory, with a home of its own.

A scenario is a unittest in a file of this folder. CUPEL names the program; CUPEL_ON is "host" (the
default) or "machine". A machine scenario derives from Scenario and sets `agent`.
"""
import ctypes
import os
import pathlib
import re
import select
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

CUPEL = os.environ["CUPEL"]


def pipeline(*stages, post="", top="", agent="any"):
    body = "\n".join(stages)
    return f"pipeline {{\n agent {agent}\n {top}\n stages {{\n{body}\n }}\n {post}\n}}\n"


def stage(name, steps):
    return f"  stage('{name}') {{ steps {{ {steps} }} }}"


class Running:
    """A cupel that runs now; its output is read as it comes."""

    def __init__(self, process):
        self.process = process
        self.text = b""
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            with self.changed:
                self.text += chunk
                self.changed.notify_all()
        with self.changed:
            self.text += b""
            self.changed.notify_all()

    def wait_for(self, text, seconds=60):
        with self.changed:
            if not self.changed.wait_for(lambda: text.encode() in self.text, seconds):
                raise AssertionError(f"{text!r} did not appear in:\n{self.text.decode(errors='replace')}")

    def end(self, seconds=60):
        status = self.process.wait(seconds)
        self.reader.join(seconds)
        self.process.stdout.close()
        return status, self.text.decode(errors="replace")


class Changes:
    """What is made, written or moved in a directory, as the kernel tells it."""
    KINDS = 0x2 | 0x80 | 0x100  # IN_MODIFY, IN_MOVED_TO, IN_CREATE

    def __init__(self, directory):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_CLOEXEC)
        if self.fd < 0 or libc.inotify_add_watch(self.fd, os.fsencode(directory), self.KINDS) < 0:
            raise OSError(ctypes.get_errno(), "watch", str(directory))

    def wait_for(self, holds, process=None, seconds=60):
        """Until it holds; looks once more at each change, and when the process has ended."""
        deadline = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        ended = os.pidfd_open(process.pid) if process else None
        if ended is not None:
            poll.register(ended, select.POLLIN)
        try:
            while not holds():
                happened = poll.poll(max(0, deadline - time.monotonic()) * 1000)
                if not happened:
                    raise AssertionError("it did not happen in time")
                if (ended, select.POLLIN) in happened and not holds():
                    raise AssertionError("the process ended before it happened")
                if (self.fd, select.POLLIN) in happened:
                    os.read(self.fd, 65536)
        finally:
            if ended is not None:
                os.close(ended)

    def close(self):
        os.close(self.fd)


class Scenario(unittest.TestCase):
    on = ["--on", "host"]

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="cupel-scenario-"))
        self.addCleanup(shutil.rmtree, self.root, True)
        self.project = self.root / "project"
        self.project.mkdir()
        self.home = self.root / "home"
        self.environment = dict(os.environ, CUPEL_HOME=str(self.home))

    def write(self, text, name="Jenkinsfile"):
        (self.project / name).write_text(text)

    def cupel(self, *words, environment=None, seconds=120, **options):
        """One command to its end: status, stdout, stderr."""
        done = subprocess.run([CUPEL, *words], cwd=self.project, timeout=seconds,
                              env=environment or self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, **options)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def run_pipeline(self, *words, **options):
        return self.cupel("run", *self.on, *words, **options)

    def start(self, *words):
        process = subprocess.Popen([CUPEL, "run", *self.on, *words], cwd=self.project,
                                   env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return Running(process)

    def run_directory(self, number=1):
        return self.home / "state" / "runs" / str(number)

    def assert_nothing_left(self, number=1):
        left = [name for name in ("workspaces", "stashes", "tree.tar")
                if (self.run_directory(number) / name).exists()]
        self.assertEqual(left, [])
        self.assertEqual(self.marked(number), [])

    def marked(self, number=1):
        """Processes of the host that belong to that run."""
        text = (self.run_directory(number) / "run.json").read_text()
        mark = re.search(r'"mark":"([0-9a-f]+)"', text)[1].encode()
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if b"CUPEL_RUN=" + mark in (entry / "environ").read_bytes():
                        found.append(entry.name)
                except OSError:
                    pass
        return found


def peak_memory_of(process):
    """Polls a process to its end; its highest VmHWM in KiB."""
    peak = 0
    while process.poll() is None:
        try:
            text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            match = re.search(r"VmHWM:\s+(\d+)", text)
            peak = max(peak, int(match[1]) if match else 0)
        except OSError:
            pass
        time.sleep(0.05)
    return peak
