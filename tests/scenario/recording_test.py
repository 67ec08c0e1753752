# SPDX-License-Identifier: Apache-2.0
"""Stories of what a run keeps of its machines, and of machines that are paused."""
import csv
import json
import re
import signal
import time
import unittest

from harness import stage
from machines import MachineScenario, tiny
from resume_test import made, until

OUTSIDE = ["console.log", "use.csv"]
FILES = ["console.log", "dmesg.txt", "use.csv"]


class Recorded(MachineScenario):
    """The files of each machine, and what the run says of them."""

    def recordings(self, number=1):
        return sorted((self.run_directory(number) / "artifacts/machines").glob("*"))

    def use(self, recording):
        with open(recording / "use.csv", newline="") as file:
            return [{name: float(value) if value else None for name, value in line.items()}
                    for line in csv.DictReader(file)]

    def test_what_a_machine_used(self):
        self.write(tiny(stage("A", "sh 'head -c 60000000 /dev/zero >/tmp/fill; "
                                   "wget -q -O - http://10.0.2.2:1/ || true; echo said >/dev/ttyS0'")))
        self.write('[machines]\nrecord = "all"\n', "own.toml")
        out = self.ends(0, "--config", "own.toml")
        recording, = self.recordings()
        self.assertRegex(recording.name, r"^tiny-[0-9a-f]{6}$")
        self.assertEqual(sorted(path.name for path in recording.iterdir()), FILES)
        self.assertIn("said", (recording / "console.log").read_text())
        self.assertIn("Linux version", (recording / "dmesg.txt").read_text())
        lines = self.use(recording)
        self.assertGreaterEqual(len(lines), 2)
        total = {name: sum(line[name] or 0 for line in lines) for name in lines[0]}
        self.assertGreater(total["cpu"], 0.02)
        self.assertGreater(lines[-1]["peak_memory"], 60_000_000)
        self.assertGreater(total["net_sent"], 40, "a SYN at least")
        self.assertGreater(total["net_received"], 40)
        self.assertIsNone(lines[-1]["disk_read"])
        self.assertLessEqual(lines[0]["time"], lines[-1]["time"])

        self.assertRegex(out, rf"\nMachine {recording.name}: peak \d+ MiB \(it was given 256 MiB\), .* of processor "
                              rf"time in .*; recorded in {re.escape(str(recording.parent))}\n")
        machine, = json.loads((self.run_directory() / "record.json").read_text())["machines"]
        self.assertEqual(machine["name"], recording.name)
        self.assertEqual(machine["files"], [f"machines/{recording.name}/{name}" for name in FILES])
        self.assertEqual(machine["peak_memory"], lines[-1]["peak_memory"])

    def test_a_machine_that_panics_leaves_its_console(self):
        self.write(tiny(stage("A", "sh 'echo c >/proc/sysrq-trigger; sleep 600'")))
        self.ends(1)
        recording, = self.recordings()
        self.assertEqual(sorted(path.name for path in recording.iterdir()), OUTSIDE)
        self.assertIn("Kernel panic - not syncing: sysrq triggered crash", (recording / "console.log").read_text())
        self.assertGreaterEqual(len(self.use(recording)), 2)

    def test_who_wants_none_has_none_and_copies_have_none(self):
        self.write(tiny(stage("A", "sh 'echo x >x'; archiveArtifacts 'x'")))
        self.ends(0)
        self.assertEqual(len(self.recordings()), 1)
        self.write(tiny(stage("A", f"copyArtifacts projectName: '{self.project.name}'; sh 'find . -type f; ls'")))
        self.write('[machines]\nrecord = "none"\n', "own.toml")
        out = self.ends(0, "--config", "own.toml")
        self.assertIn("Copied 1 artifacts from", out)
        self.assertEqual(self.recordings(2), [])
        self.assertNotIn("\nMachine ", out)

    def test_of_a_run_that_was_killed_and_resumed(self):
        self.write("pipeline {\n agent none\n stages {\n"
                   "  stage('A') { agent { label 'cupel/tiny' }\n steps { sh 'true' } }\n"
                   f"  stage('B') {{ agent {{ label 'cupel/tiny' }}\n steps {{ sh '{made('go')}; echo begun; {until('go')}' }} }}\n"
                   " }\n}\n")
        words = ("--journal", str(self.root / "run.journal"))
        running = self.start(*words)
        running.wait_for("\nbegun\n", seconds=120)
        running.process.send_signal(signal.SIGKILL)
        running.end()
        second, = (line.split()[0] for line in self.cupel("machine", "list")[1].splitlines()[1:])
        self.assertEqual(self.cupel("machine", "exec", second, "--", "sh", "-c", "echo >/tmp/go")[0], 0)

        out = self.ends(0, *words)

        self.assertIn("\nMachines: 2, recorded in ", out)
        names = [path.name for path in self.recordings()]
        self.assertEqual(len(names), 2)
        self.assertIn(f"tiny-{second}", names)
        for recording in self.recordings():
            self.assertEqual(sorted(path.name for path in recording.iterdir()), OUTSIDE)

    def test_of_a_run_that_was_killed_for_good(self):
        self.write(tiny(stage("A", "sh 'echo last words >/dev/ttyS0; echo begun; sleep 600'")))
        running = self.start()
        running.wait_for("\nbegun\n")
        running.process.send_signal(signal.SIGKILL)
        running.end()
        self.clean()
        recording, = self.recordings()
        self.assertIn("last words", (recording / "console.log").read_text())


class Paused(MachineScenario):
    def states(self):
        return [line.split()[1] for line in self.cupel("machine", "list")[1].splitlines()[1:]]

    def test_a_machine_stands_still_and_its_clock_is_right_afterwards(self):
        self.write(tiny(stage("A", f"sh '{made('go')}; echo begun; {until('go')}; echo went on'")))
        running = self.start()
        running.wait_for("\nbegun\n")
        machine = self.cupel("machine", "list")[1].splitlines()[1].split()[0]
        self.assertEqual(self.states(), ["running"])

        self.assertEqual(self.cupel("machine", "pause", machine[:4])[:2], (0, f"machine {machine} is paused\n"))
        paused = time.monotonic()
        self.assertEqual(self.states(), ["paused"])
        code, _, err = self.cupel("machine", "pause", machine)
        self.assertEqual((code, err), (2, f"cupel: machine {machine} is paused already\n"))
        code, _, err = self.cupel("machine", "exec", machine, "--", "true")
        self.assertNotEqual(code, 0)
        self.assertIn(f"machine {machine} is paused: cupel machine resume {machine} lets it go on", err)
        self.assertEqual(self.cupel("machine", "pause", "1")[:2], (0, f"machine {machine} is paused already\n"))
        time.sleep(max(0.0, paused + 2.5 - time.monotonic()))  # for its clock to be late by that

        code, out, err = self.cupel("machine", "resume", "1")
        self.assertEqual((code, out), (0, f"machine {machine} goes on\n"), err)
        before = time.time()
        code, out, _ = self.cupel("machine", "exec", machine, "--", "date", "+%s")
        self.assertEqual(code, 0)
        self.assertGreater(int(out), before - 1.5)
        self.assertLess(int(out), time.time() + 1)
        code, _, err = self.cupel("machine", "resume", machine)
        self.assertEqual((code, err), (2, f"cupel: machine {machine} is not paused\n"))
        self.cupel("machine", "exec", machine, "--", "sh", "-c", "echo >/tmp/go")
        status, out = running.end()
        self.assertEqual(status, 0, out)
        self.assertIn("\nwent on\n", out)
        self.assertEqual(self.remains(), [])

    def test_a_run_is_stopped_though_its_machine_is_paused(self):
        self.write(tiny(stage("A", "sh 'echo begun; sleep 600'")))
        running = self.start()
        running.wait_for("\nbegun\n")
        self.assertEqual(self.cupel("machine", "pause", "1")[0], 0)
        running.process.send_signal(signal.SIGINT)
        running.wait_for("cupel: stopping")
        running.process.send_signal(signal.SIGINT)
        running.end(30)
        self.clean()
        self.assertEqual(self.remains(), [])

    def test_a_killed_run_is_resumed_and_its_paused_machine_with_it(self):
        self.write(tiny(stage("A", "sh 'echo begun; sleep 3; echo ended'")))
        words = ("--journal", str(self.root / "run.journal"))
        running = self.start(*words)
        running.wait_for("\nbegun\n", seconds=120)
        self.assertEqual(self.cupel("machine", "pause", "1")[0], 0)
        running.process.send_signal(signal.SIGKILL)
        running.end()
        self.assertEqual(self.states(), ["orphaned"])
        self.assertIn("\nended\n", self.ends(0, *words))

    def test_what_cannot_be_paused(self):
        for word in ("nosuch", "7", "../x", ""):
            code, _, err = self.cupel("machine", "pause", word)
            self.assertEqual(code, 2, err)
            shown = word or "''"
            self.assertEqual(err, f"cupel: there is no machine {shown}, and no run of that number has one: "
                                  "see cupel machine list\n")
        code, _, err = self.cupel("machine", "resume")
        self.assertEqual(code, 2)
        self.write(tiny(stage("A", "sh 'exit 1'")))
        self.assertEqual(self.run_pipeline("--keep", "failed")[0], 1)
        recording, = (self.run_directory() / "artifacts/machines").glob("*")
        self.assertEqual(sorted(path.name for path in recording.iterdir()), FILES)
        for word in ("pause", "resume"):
            code, _, err = self.cupel("machine", word, "1")
            self.assertEqual(code, 2)
            self.assertRegex(err, r"^cupel: machine \w+ is kept: it is paused but while somebody is in it")


if __name__ == "__main__":
    unittest.main(verbosity=2)
