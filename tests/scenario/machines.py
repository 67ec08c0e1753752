# SPDX-License-Identifier: Apache-2.0
"""Scenarios with real machines: a home of their own, with the boxes and snapshots of all tests.

CUPEL_TEST_HOME is a CUPEL_HOME whose cache has the boxes; ctest's fixtures make it.
"""
import os
import pathlib
import random
import signal
import subprocess
import time

import harness
from harness import Scenario, stage

TINY = "{ label 'cupel/tiny' }"
DEBIAN = "{ label 'cupel/debian-12' }"


def tiny(*stages, **options):
    return harness.pipeline(*stages, agent=TINY, **options)


def processes_of(word):
    """Whose command lines speak of `word`: pid and words."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if any(word.encode() in one for one in words):
                found[int(entry.name)] = b" ".join(words).decode(errors="replace")[:200]
    return found


class MachineScenario(Scenario):
    on = []
    own_snapshots = False  # True: none there yet, and others do not see ours
    home_shared = os.environ.get("CUPEL_TEST_HOME")

    def setUp(self):
        if not self.home_shared or not (pathlib.Path(self.home_shared) / "cache/boxes").is_dir():
            self.skipTest("needs CUPEL_TEST_HOME, a home with the boxes")
        super().setUp()
        shared = pathlib.Path(self.home_shared).absolute() / "cache"
        cache = self.home / "cache"
        cache.mkdir(parents=True)
        for name in ("boxes", "downloads", "snapshots"):
            if name == "snapshots" and self.own_snapshots:
                continue
            (shared / name).mkdir(exist_ok=True)
            (cache / name).symlink_to(shared / name)
        if (shared / "acceleration.json").exists():
            (cache / "acceleration.json").symlink_to(shared / "acceleration.json")
        self.addCleanup(self.end_machines)

    def end_machines(self):
        """What a failed test left, so that it does not disturb others."""
        self.cupel("machine", "rm", "--all")
        for pid in self.qemus():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def qemus(self):
        """QEMU processes of this home, waiting ones too."""
        return processes_of(str(self.home))

    def remains(self):
        """All that a machine or a run may leave in this home."""
        state = self.home / "state"
        found = [str(path) for path in (state / "machines").glob("*")
                 if path.name not in (".lock", ".waiting")]
        found += [str(path) for path in state.rglob("*")
                  if path.is_socket() or path.suffix == ".qcow2"
                  or path.name in ("workspaces", "stashes", "tree.tar")]
        snapshots = self.home / "cache" / "snapshots"
        if self.own_snapshots:
            found += [str(path) for path in snapshots.glob("*.partial*")]
        return found + [f"process {pid}: {words}" for pid, words in self.qemus().items()]

    def assert_nothing_left(self, number=1):
        super().assert_nothing_left(number)
        self.assertEqual(self.remains(), [])

    def ends(self, status, *words, seconds=120):
        """One run to its end, with nothing left: its output."""
        code, out, err = self.run_pipeline(*words, seconds=seconds)
        self.assertEqual(code, status, out + err)
        self.assertEqual(self.remains(), [], out + err)
        return out + err

    def clean(self):
        """The next command cleans up what was killed: what it says."""
        code, out, err = self.cupel("machine", "list")
        self.assertEqual((code, out), (0, ""), err)
        return err


class Killing(MachineScenario):
    """Runs that are ended at random moments; CUPEL_SEED repeats them."""

    post = "post { always { sh 'echo post ran' } }"

    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("CUPEL_SEED", time.time_ns() % 1_000_000))
        self.random = random.Random(self.seed)
        print(f"CUPEL_SEED={self.seed}", flush=True)
        self.write(tiny(stage("A", "sh 'echo a; sleep 0.2'; stash name: 's', includes: '**'"),
                        stage("B", "unstash 's'; sh 'setsid sleep 60 & echo b'"), post=self.post))

    def length(self):
        """Seconds of a whole run, once the snapshot is there."""
        self.ends(0)
        begin = time.monotonic()
        self.ends(0)
        return time.monotonic() - begin

    def interrupt(self, number, after):
        running = self.start()
        try:
            running.process.wait(after)
        except subprocess.TimeoutExpired:
            running.process.send_signal(number)
        return running.end()

    def assert_clean(self, note):
        said = self.clean()
        # What was killed may need a moment to be gone from the process table.
        deadline = time.monotonic() + 10
        while self.remains() and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual(self.remains(), [], f"{note} of seed {self.seed}; {said}")
