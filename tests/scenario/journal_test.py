# SPDX-License-Identifier: Apache-2.0
"""Stories of `cupel run --journal`: cupel is killed, and goes on."""
import os
import resource
import shutil
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

    def start(self, **options):
        return subprocess.Popen(
            [harness.CUPEL, "run", "--on", "host", "--journal", str(self.journal)],
            cwd=self.project, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, **options)

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

    def killed_in(self, steps, **options):
        """A run of one stage, killed after its script has left a mark."""
        self.write(pipeline(stage("A", steps)))
        first = self.start(**options)
        self.wait_for(lambda: self.lines() == ["a"])
        first.send_signal(signal.SIGKILL)
        first.communicate()

    def test_a_run_is_given_up_by_removing_its_journal(self):
        self.killed_in(f"sh 'sleep 1000 & echo a >> {self.marks}; sleep 1000'")
        self.assertNotEqual(self.marked(), [])
        self.write(pipeline(stage("A", "sh 'true'")))

        self.run_pipeline()
        kept = self.marked()
        self.journal.unlink()
        _, out, err = self.run_pipeline()

        self.assertNotEqual(kept, [], "its journal was still there")
        self.assertIn("cleaned up after run 1", out + err)
        self.assert_nothing_left()

    def test_a_step_that_must_not_happen_twice_says_so(self):
        (self.project / "cupel.toml").write_text(
            f"[steps]\ndeploy = {{ script = 'echo a >> {self.marks}; sleep 1000' }}\n")
        self.killed_in("deploy()")

        second = self.start()
        out, _ = second.communicate(timeout=60)

        self.assertEqual(second.returncode, 1, out)
        self.assertIn("cupel ended while 'deploy' ran; nobody knows whether it took effect", out)
        self.assertEqual(self.lines(), ["a"])
        self.assert_nothing_left()

    def test_a_full_disk_is_one_clear_line(self):
        steps = "script { for (int i = 0; i < 2000; i++) { isUnix() } }"
        self.write(pipeline(stage("A", steps)))

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))
        first = self.start(preexec_fn=limit)
        out, _ = first.communicate(timeout=60)

        self.assertNotEqual(first.returncode, 0, out)
        self.assertIn("write the journal: ", out)
        self.assert_nothing_left()


class Resumed(Scenario):
    """Runs that find another world when they are taken up."""

    def setUp(self):
        super().setUp()
        self.journal = self.root / "run.journal"
        self.marks = self.root / "marks"

    def fifo(self, name):
        """A file at which a script waits till let() is called with it."""
        os.mkfifo(self.root / name)
        return self.root / name

    def let(self, fifo):
        fifo.write_text("\n")

    def begin(self):
        return self.start("--journal", str(self.journal))

    def kill_at(self, lines, text):
        self.write(text)
        running = self.begin()
        for line in lines:
            running.wait_for(line)
        running.process.send_signal(signal.SIGKILL)
        running.end()

    def other_run(self, hold):
        """Another run of the same user, which has the lock till it may end."""
        self.write(f"lock('board') {{ node {{ sh 'echo holding; cat {hold}' }} }}\n", "Other")
        running = self.start("Other")
        running.wait_for("holding\n")
        return running

    def end(self, running, status=0):
        code, out = running.end()
        self.assertEqual(code, status, out)
        return out

    def test_a_lock_whose_block_is_over_is_not_taken_again(self):
        go, hold = self.fifo("go"), self.fifo("hold")
        self.kill_at(["\nwaiting\n"], f"""node {{
          lock(resource: 'board', variable: 'B') {{ sh 'echo "$B" >> {self.marks}' }}
          sh 'echo waiting; cat {go}; echo on'
        }}""")
        other = self.other_run(hold)

        resumed = self.begin()
        self.let(go)
        out = self.end(resumed)

        self.assertIn("\non\n", out)
        self.assertEqual(self.marks.read_text(), "board\n")
        self.let(hold)
        self.end(other)

    def test_a_lock_whose_block_is_open_is_taken_again_where_something_happens_in_it(self):
        go, hold = self.fifo("go"), self.fifo("hold")
        self.kill_at(["in\n", "beside\n"], f"""parallel a: {{
          lock(resource: 'board', variable: 'B') {{ node {{
            echo 'replayed'
            sh 'echo in; cat {go}'
            sh 'echo "$B" >> {self.marks}'
          }} }}
        }}, b: {{
          node {{ sh 'echo beside; cat {go}2' }}
          echo 'b is over'
        }}""".replace(f"{go}2", str(self.fifo("go2"))))
        other = self.other_run(hold)

        resumed = self.begin()
        resumed.wait_for("[Resource: board] is locked by ")
        self.let(self.root / "go2")
        resumed.wait_for("b is over\n")
        self.assertFalse(self.marks.exists())
        self.let(hold)
        self.end(other)
        self.let(go)
        out = self.end(resumed)

        self.assertEqual(self.marks.read_text(), "board\n")
        log = (self.run_directory() / "log").read_text()
        for line in ("replayed\n", "in\n", "beside\n", "Lock acquired on [Resource: board]\n",
                     "Lock released on resource [board]\n"):
            self.assertEqual(log.count("\n" + line), 1, log + out)

    def test_a_node_that_is_gone_is_a_failure_of_the_infrastructure(self):
        self.kill_at(["\nup\n"], pipeline(stage("A", "sh 'echo up; sleep 1000'"),
                                          post="post { always { echo 'post ran' } }"))
        shutil.rmtree(self.run_directory() / "workspaces")

        out = self.end(self.begin(), 6)

        self.assertRegex(out, "the node host of this run is gone: .* is not there any more")
        self.assertIn("post ran", out)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
