# SPDX-License-Identifier: Apache-2.0
"""Stories of `cupel run --journal`: cupel is killed, and goes on."""
import os
import signal
import subprocess
import time
import unittest

import harness
from harness import Scenario, pipeline, stage


class Journal(Scenario):
    def setUp(self):
        super().setUp()
        self.journal = self.root / "run.journal"
        self.marks = self.root / "marks"

    def start(self):
        return subprocess.Popen(
            [harness.CUPEL, "run", "--on", "host", "--journal", str(self.journal)],
            cwd=self.project, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)

    def wait_for(self, what):
        deadline = time.monotonic() + 60
        while not what():
            self.assertLess(time.monotonic(), deadline, "it did not happen in time")
            time.sleep(0.01)

    def lines(self):
        return self.marks.read_text().split() if self.marks.exists() else []

    def test_a_script_survives_the_death_of_cupel(self):
        self.write(pipeline(
            stage("A", f"sh 'echo a >> {self.marks}'"),
            stage("B", f"sh 'echo b >> {self.marks}; until test -e {self.root}/go; do sleep 0.05; "
                       f"done; echo done-b'"),
            stage("C", f"sh 'echo c >> {self.marks}'")))
        first = self.start()
        self.wait_for(lambda: self.lines() == ["a", "b"])
        first.send_signal(signal.SIGKILL)
        first.communicate()
        (self.root / "go").write_text("")

        second = self.start()
        out, _ = second.communicate(timeout=60)

        self.assertEqual(second.returncode, 0, out)
        self.assertEqual(self.lines(), ["a", "b", "c"])
        self.assertIn("Resumed from", out)
        self.assertIn("done-b", out)
        self.assertIn("nothing was left behind", out)

    def test_a_journal_that_is_over_runs_nothing(self):
        self.write(pipeline(stage("A", f"sh 'echo a >> {self.marks}; exit 3'")))
        first = self.start()
        first.communicate()
        second = self.start()
        out, _ = second.communicate()

        self.assertEqual((first.returncode, second.returncode), (1, 1))
        self.assertIn("is over", out)
        self.assertEqual(self.lines(), ["a"])

    def test_other_arguments_are_named_with_their_place(self):
        self.write(pipeline(stage("A", "sh 'true'"), stage("B", f"sh 'echo b >> {self.marks}; "
                                                                "sleep 100'")))
        first = self.start()
        self.wait_for(lambda: self.lines() == ["b"])
        first.send_signal(signal.SIGKILL)
        first.communicate()
        self.write(pipeline(stage("A", "sh 'false'"), stage("B", "sh 'true'")))

        second = self.start()
        out, _ = second.communicate()

        self.assertEqual(second.returncode, 1, out)
        self.assertRegex(out, r"Jenkinsfile:\d+:\d+: .*the journal has 'sh' with other arguments")

    def test_a_second_cupel_is_refused(self):
        self.write(pipeline(stage("A", f"sh 'echo a >> {self.marks}; sleep 100'")))
        first = self.start()
        self.wait_for(lambda: self.lines() == ["a"])

        second = self.start()
        out, _ = second.communicate()
        first.send_signal(signal.SIGTERM)
        first.communicate()

        self.assertIn("in use by another cupel", out)


if __name__ == "__main__":
    unittest.main()
