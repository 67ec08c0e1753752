# SPDX-License-Identifier: Apache-2.0
"""Stories of `cupel run --on host`: no machine, so they are quick."""
import os
import signal
import subprocess
import unittest

import harness
from harness import Scenario, pipeline, stage


class Verdicts(Scenario):
    def test_exit_status_of_each_verdict(self):
        junit = ('<testsuite name="s"><testcase name="good"/>'
                 '<testcase name="bad"><failure message="it broke"/></testcase></testsuite>')
        for steps, status, verdict in [
                ("sh 'true'", 0, "SUCCESS"),
                ("sh 'exit 3'", 1, "FAILURE"),
                (f"sh '''echo '{junit}' > r.xml'''; junit 'r.xml'", 3, "UNSTABLE"),
        ]:
            with self.subTest(verdict=verdict):
                self.write(pipeline(stage("Only", steps)))
                code, out, err = self.run_pipeline()
                self.assertEqual(code, status, out + err)
                self.assertIn(f": {verdict} after ", out)
                self.assertIn("nothing was left behind", out)

    def test_failed_tests_are_named(self):
        self.write(pipeline(stage("T", "writeFile file: 'r.xml', text: '''<testsuite name=\"net\">"
                                  "<testcase name=\"drop\"><failure message=\"a packet passed\"/>"
                                  "</testcase></testsuite>'''; junit 'r.xml'")))
        _, out, err = self.run_pipeline()
        self.assertIn("Tests: 0 passed, 1 failed, 0 skipped", out, err)
        self.assertIn("drop: a packet passed", out)

    def test_post_and_artifacts_of_a_failed_run(self):
        self.write(pipeline(stage("A", "sh 'echo x > a.txt; exit 1'"), stage("B", "sh 'true'"),
                            post="post { always { archiveArtifacts 'a.txt' } }"))
        code, out, _ = self.run_pipeline("--artifacts", str(self.root / "out"))
        self.assertEqual(code, 1)
        self.assertEqual((self.root / "out" / "a.txt").read_text(), "x\n")
        self.assertIn("skipped due to earlier failure(s)", out)

    def test_uncommitted_changes_run_and_ignored_files_do_not(self):
        subprocess.run(["git", "init", "-q"], cwd=self.project, check=True)
        self.write("*.o\n", ".gitignore")
        self.write("x", "junk.o")
        self.write("x", "new file")
        self.write(pipeline(stage("L", "sh 'ls'")))
        _, out, _ = self.run_pipeline()
        self.assertIn("new file", out)
        self.assertNotIn("junk.o", out)


class Occasion(Scenario):
    """A part of the pipeline, and what `when` is told."""

    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words],
                       cwd=self.project, check=True, capture_output=True)

    def test_branch_tag_and_change_request(self):
        self.write(pipeline(
            "stage('B') { when { branch 'release/*' }\n steps { echo \"branch ${BRANCH_NAME}\" } }",
            "stage('T') { when { tag 'v*' }\n steps { echo \"tag ${TAG_NAME}\" } }",
            "stage('C') { when { changeRequest target: 'main' }\n steps { echo \"pr ${CHANGE_ID}\" } }"))
        for words, says in [(["--branch", "release/1"], ["branch release/1"]),
                            (["--tag", "v1"], ["tag v1"]),
                            (["--change-request", "7,target=main"], ["pr 7"]), ([], [])]:
            with self.subTest(words=words):
                code, out, err = self.run_pipeline(*words)
                self.assertEqual(code, 0, out + err)
                for line in ["branch release/1", "tag v1", "pr 7"]:
                    self.assertEqual(line in out, line in says, out)

    def test_a_part_of_the_stages(self):
        self.write(pipeline(stage("A", "echo 'in a'"), stage("B", "echo 'in b'"), stage("C", "echo 'in c'")))
        _, out, err = self.run_pipeline("--from-stage", "B")
        self.assertNotIn("in a", out, err)
        self.assertIn("in c", out)
        _, out, err = self.run_pipeline("--only-stage", "B")
        self.assertIn("in b", out, err)
        self.assertNotIn("in c", out)
        code, _, err = self.run_pipeline("--from-stage", "D")
        self.assertEqual(code, 2)
        self.assertIn("has no stage 'D'", err)

    def test_changes_since_the_run_before(self):
        self.write(pipeline(stage("All", "echo 'ran'"),
                            "stage('C') { when { changeset '**/*.c' }\n steps { echo 'c changed' } }"))
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "one")
        _, out, err = self.run_pipeline()
        self.assertIn("Probably because this is the first build", out, err)
        (self.project / "src").mkdir()
        self.write("x", "src/a.c")
        self.git("add", "-A")
        self.git("commit", "-qm", "two")
        _, out, err = self.run_pipeline()
        self.assertIn("c changed", out, err)
        _, out, err = self.run_pipeline()
        self.assertNotIn("c changed", out, err)

    def test_build_discarder(self):
        self.write(pipeline(stage("A", "echo 'ran'"),
                            top="options { buildDiscarder(logRotator(numToKeepStr: '2')) }"))
        for _ in range(4):
            self.run_pipeline()
        kept = sorted(p.name for p in (self.home / "state" / "runs").iterdir() if p.name.isdigit())
        self.assertEqual(kept, ["3", "4"])

    def test_one_run_at_a_time(self):
        self.write(pipeline(stage("A", "sh 'echo began; sleep 60'"),
                            top="options { disableConcurrentBuilds(abortPrevious: true) }"))
        first = self.start()
        first.wait_for("began")
        self.write(pipeline(stage("A", "echo 'second'"),
                            top="options { disableConcurrentBuilds(abortPrevious: true) }"))
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 0, out + err)
        self.assertIn("it is aborted", err)
        self.assertEqual(first.end()[0], 4)


class BadInput(Scenario):
    def refused(self, *words, says):
        code, out, err = self.run_pipeline(*words)
        self.assertEqual(code, 2, out + err)
        self.assertIn(says, err)
        self.assertFalse((self.run_directory()).exists())

    def test_no_jenkinsfile(self):
        self.refused(says="no Jenkinsfile in ")

    def test_syntax_error(self):
        self.write("pipeline {\n agent any\n stages {")
        self.refused(says="Jenkinsfile:3:")

    def test_unknown_directive_and_step(self):
        self.write(pipeline(stage("A", "shh 'x'"), top="tols { x }"))
        self.refused(says="^")

    def test_undeclared_parameter(self):
        self.write(pipeline(stage("A", "sh 'true'")))
        self.refused("-p", "X=1", says="no parameter")

    def test_unknown_label(self):
        self.write(pipeline(stage("A", "sh 'true'"), agent="{ label 'debain-12' }"))
        code, _, err = self.cupel("run")
        self.assertEqual(code, 2)
        self.assertIn("known labels: any, cupel/debian-12, cupel/tiny", err)

    def test_wrong_settings(self):
        self.write("[[node]]\nname = 'a'\ncpux = 2\n", "cupel.toml")
        self.write(pipeline(stage("A", "sh 'true'")))
        self.refused(says="cupel.toml:3:1: unknown key 'cpux' in [[node]]: did you mean 'cpus'?")

    def test_git_is_missing(self):
        subprocess.run(["git", "init", "-q"], cwd=self.project, check=True)
        self.write(pipeline(stage("A", "sh 'true'")))
        environment = dict(self.environment, PATH="/nowhere")
        code, out, err = self.run_pipeline(environment=environment)
        self.assertEqual(code, 6, out + err)
        self.assertIn("git is missing", out)
        self.assertIn("The infrastructure failed", out)


class Interruptions(Scenario):
    slow = stage("Slow", "sh 'echo started; sleep 600'")
    post = "post {\n always { sh 'echo post ran' }\n aborted { echo 'it was aborted' }\n }"

    def interrupted_by(self, number):
        self.write(pipeline(self.slow, post=self.post))
        running = self.start()
        running.wait_for("started\n")
        running.process.send_signal(number)
        status, out = running.end()
        self.assertEqual(status, 4, out)
        self.assertIn("\npost ran", out)
        self.assertIn("it was aborted", out)
        self.assertIn("nothing was left behind", out)
        self.assert_nothing_left()

    def test_ctrl_c(self):
        self.interrupted_by(signal.SIGINT)

    def test_sigterm(self):
        self.interrupted_by(signal.SIGTERM)

    def test_a_second_signal_ends_at_once(self):
        self.write(pipeline(self.slow, post="post { always { sh 'echo in post; sleep 600' } }"))
        running = self.start()
        running.wait_for("started\n")
        running.process.send_signal(signal.SIGINT)
        running.wait_for("in post\n")
        running.process.send_signal(signal.SIGINT)
        status, out = running.end(20)
        self.assertEqual(status, 4, out)
        self.assert_nothing_left()

    def test_after_kill_9_the_next_command_cleans_up(self):
        self.write(pipeline(stage("Slow", "sh 'setsid sleep 600 & echo started; sleep 600'")))
        running = self.start()
        running.wait_for("started\n")
        running.process.kill()
        running.process.wait()
        self.write(pipeline(stage("A", "sh 'true'")))
        code, _, err = self.run_pipeline()
        running.reader.join(30)
        self.assertEqual(code, 0)
        self.assertIn("cleaned up after run 1", err)
        self.assert_nothing_left(1)

    def test_a_step_that_daemonises_leaves_nothing(self):
        self.write(pipeline(stage("D", "sh 'setsid sh -c \"sleep 600\" >/dev/null 2>&1 & echo on'")))
        code, out, _ = self.run_pipeline(seconds=60)
        self.assertEqual(code, 0, out)
        self.assertIn("nothing was left behind", out)
        self.assert_nothing_left()


class Output(Scenario):
    def bounded(self, script, at_least):
        self.write(pipeline(stage("Out", f"sh '{script}'")))
        process = subprocess.Popen([harness.CUPEL, "run", *self.on], cwd=self.project,
                                   env=self.environment, stdout=subprocess.DEVNULL)
        peak = harness.peak_memory_of(process)
        self.assertEqual(process.returncode, 0)
        self.assertLess(peak, 200 * 1024, "KiB")
        self.assertGreaterEqual((self.run_directory() / "log").stat().st_size, at_least)

    def test_a_gigabyte_of_output(self):
        self.bounded("yes 0123456789012345678901234567890123456789012345678901234567890123456789 | "
                     "head -c 1000000000", 1_000_000_000)

    def test_a_line_of_100_megabytes(self):
        self.bounded("head -c 100000000 /dev/zero | tr \"\\\\000\" x", 100_000_000)

    def test_foreign_bytes_are_kept_in_the_log(self):
        self.write(pipeline(stage("Out", "sh 'printf \"a\\\\000b\\\\377c\\\\n\"'")))
        code, _, err = self.run_pipeline()
        self.assertEqual(code, 0, err)
        self.assertIn(b"a\0b\xffc\n", (self.run_directory() / "log").read_bytes())

    def test_a_reader_that_left_does_not_end_the_run(self):
        self.write(pipeline(stage("Out", "sh 'yes | head -n 100000; touch done; echo end'")))
        process = subprocess.Popen([harness.CUPEL, "run", *self.on], cwd=self.project,
                                   env=self.environment, stdout=subprocess.PIPE)
        process.stdout.read(10)
        process.stdout.close()
        self.assertEqual(process.wait(60), 0)
        self.assertIn(b"\nend\n", (self.run_directory() / "log").read_bytes())

    def test_closed_standard_output(self):
        self.write(pipeline(stage("Out", "sh 'echo x'")))
        done = subprocess.run(f"exec '{harness.CUPEL}' run --on host >&- 2>&-", shell=True,
                              cwd=self.project, env=self.environment, timeout=60, check=False)
        self.assertEqual(done.returncode, 0)

    def test_no_color(self):
        self.write(pipeline(stage("Out", "sh 'echo x'")))
        _, out, _ = self.run_pipeline("--console", "pretty")
        self.assertNotIn("\x1b", out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
