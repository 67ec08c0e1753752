# SPDX-License-Identifier: Apache-2.0
"""Stories of runs that know their job and call others: build, currentBuild, parameters."""
import json
import signal
import subprocess
import time
import unittest

import harness
from harness import Scenario, pipeline, stage


class Build(Scenario):
    def setUp(self):
        super().setUp()
        self.other = self.project / "other"
        self.other.mkdir()
        self.marks = self.root / "marks"

    def jobs(self, *names):
        self.write("".join(f'[[job]]\nname = "{name}"\ndirectory = "{name}"\n' for name in names),
                   "cupel.toml")

    def lines(self):
        return self.marks.read_text().split() if self.marks.exists() else []

    def wait_for(self, what):
        deadline = time.monotonic() + 60
        while not what():
            self.assertLess(time.monotonic(), deadline, "it did not happen in time")
            time.sleep(0.01)

    def killed_and_resumed(self, after):
        """What the second of two processes of one run prints; the first is killed when there are
        these marks, and then lets the scripts go on."""
        words = [harness.CUPEL, "run", "--on", "host", "--journal", str(self.root / "journal")]
        options = dict(cwd=self.project, env=self.environment, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True)
        first = subprocess.Popen(words, **options)
        self.wait_for(lambda: self.lines() == after)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        (self.root / "go").write_text("")
        second = subprocess.Popen(words, **options)
        out, _ = second.communicate(timeout=60)
        self.assertEqual(second.returncode, 0, out)
        return out

    def test_another_pipeline_is_a_run_of_its_own(self):
        self.jobs("other")
        (self.other / "Jenkinsfile").write_text("""
            properties([parameters([string(name: 'WHO', defaultValue: 'nobody'), booleanParam(name: 'FAST', defaultValue: false)])])
            node { sh 'echo "$WHO $FAST $JOB_NAME $BUILD_NUMBER" >> %s' }
            echo "${currentBuild.getBuildCauses()[0].shortDescription} ${currentBuild.upstreamBuilds[0].number}"
            env.SAID = 'hello'
            currentBuild.description = 'about'
            """ % self.marks)
        self.write("""
            def run = build job: 'other', parameters: [string(name: 'WHO', value: 'ada')]
            echo "number ${run.number} result ${run.result} said ${run.buildVariables.SAID} who ${run.buildVariables.WHO} ${run.description} ${run.absoluteUrl}"
            """)
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 0, out + err)
        self.assertIn("Starting building: other #2", out)
        self.assertIn(str(self.run_directory(2) / "log"), out)
        self.assertRegex(out, r"Build other #2 completed: SUCCESS after \d")
        self.assertIn("number 2 result SUCCESS said hello who ada about file://", out)
        self.assertEqual(self.lines(), ["ada", "false", "other", "2"])
        self.assertIn('Started by upstream project "project" build number 1 1',
                      (self.run_directory(2) / "log").read_text())
        record = json.loads((self.run_directory(2) / "record.json").read_text())
        self.assertEqual((record["name"], record["verdict"]), ("other", "SUCCESS"))
        self.assert_nothing_left(1)
        self.assert_nothing_left(2)

    def test_its_result_is_ours_unless_we_say_otherwise(self):
        self.jobs("other")
        (self.other / "Jenkinsfile").write_text("unstable 'meh'")
        for call, status, says in [("build 'other'", 3, "completed with status UNSTABLE (propagate: false to ignore)"),
                                   ("echo build(job: 'other', propagate: false).result", 0, "UNSTABLE")]:
            self.write(pipeline(stage("Call", f"script {{ {call} }}"), agent="none"))
            code, out, err = self.run_pipeline()
            self.assertEqual(code, status, out + err)
            self.assertIn(says, out)

    def test_what_cannot_be_built_is_said_in_a_line(self):
        self.jobs("other", "broken")
        (self.other / "Jenkinsfile").write_text("build 'Jenkinsfile'")
        (self.project / "broken").mkdir()
        (self.project / "broken" / "Jenkinsfile").write_text("ech 'x'")
        for call, says in [
                ("build 'othr'", "no job 'othr', and no such file in the project: there are: other, broken: did you mean 'other'?"),
                ("build '/etc/passwd'", "'/etc/passwd' lies outside of the project: name it by a [[job]]"),
                ("build 'Jenkinsfile'", "'Jenkinsfile' would build itself:"),
                ("build 'broken'", "unknown step 'ech'"),
                ("build job: 'other', parameters: [string(name: 'X', value: 'y')]", "the pipeline has no parameter 'X'; it has none"),
        ]:
            with self.subTest(call=call):
                self.write(call)
                code, out, err = self.run_pipeline()
                self.assertEqual(code, 1, out + err)
                self.assertIn(says, out)

    def test_a_circle_over_several_files_is_found(self):
        self.write("build 'b.groovy'")
        self.write("build 'c.groovy'", "b.groovy")
        self.write("build 'Jenkinsfile'", "c.groovy")
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 1, out + err)
        self.assertIn("would build itself", (self.run_directory(3) / "log").read_text())
        self.assertFalse(self.run_directory(4).exists())

    def test_a_run_that_nobody_waits_for_ends_before_its_caller(self):
        self.jobs("other")
        (self.other / "Jenkinsfile").write_text(f"node {{ sh 'until test -e {self.root}/go; do sleep 0.05; done; echo x >> {self.marks}; exit 1' }}")
        self.write(f"def none = build job: 'other', wait: false\necho \"gave ${{none}}\"\nnode {{ sh 'touch {self.root}/go' }}")
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 0, out + err)
        self.assertIn("gave null", out)
        self.assertEqual(self.lines(), ["x"])
        self.assert_nothing_left(2)

    def test_stopping_the_caller_stops_it(self):
        self.jobs("other")
        (self.other / "Jenkinsfile").write_text(f"node {{ sh 'echo x >> {self.marks}; sleep 100' }}")
        self.write("build 'other'")
        running = self.start()
        self.wait_for(lambda: self.lines() == ["x"])
        running.process.send_signal(signal.SIGTERM)
        code, out = running.end()
        self.assertEqual(code, 4, out)
        record = json.loads((self.run_directory(2) / "record.json").read_text())
        self.assertEqual(record["verdict"], "ABORTED")
        self.assert_nothing_left(1)
        self.assert_nothing_left(2)

    def test_with_a_journal_it_goes_on_and_does_not_happen_twice(self):
        self.jobs("other")
        (self.other / "Jenkinsfile").write_text(
            f"node {{ sh 'echo a >> {self.marks}'\n sh 'echo b >> {self.marks}; until test -e {self.root}/go; do sleep 0.05; done'\n sh 'echo c >> {self.marks}' }}")
        self.write("def run = build 'other'\necho \"gave ${run.number} ${run.result}\"")
        out = self.killed_and_resumed(after=["a", "b"])

        self.assertEqual(self.lines(), ["a", "b", "c"])
        self.assertIn("gave 2 SUCCESS", out)
        self.assertFalse(self.run_directory(3).exists())

    def test_one_that_nobody_waits_for_goes_on_too(self):
        self.jobs("other")
        (self.other / "Jenkinsfile").write_text(
            f"node {{ sh 'echo a >> {self.marks}; until test -e {self.root}/go; do sleep 0.05; done'\n sh 'echo b >> {self.marks}' }}")
        self.write(f"build job: 'other', wait: false\nnode {{ sh 'until test -e {self.root}/go; do sleep 0.05; done' }}")
        out = self.killed_and_resumed(after=["a"])

        self.assertEqual(self.lines(), ["a", "b"])
        self.assertFalse(self.run_directory(3).exists())


class Job(Scenario):
    def test_the_runs_before_and_what_changed_since(self):
        def git(*words):
            subprocess.run(["git", "-c", "user.name=Ada", "-c", "user.email=a@example.com", *words],
                           cwd=self.project, check=True, capture_output=True)
        self.write("""
            properties([parameters([booleanParam(name: 'BREAK', defaultValue: false)])])
            currentBuild.displayName = "v${currentBuild.number}"
            def runs = []
            for (def run = currentBuild.previousBuild; run != null; run = run.previousBuild) runs << "${run.number}:${run.result}:${run.displayName}"
            echo "before ${runs}"
            echo "good ${currentBuild.previousSuccessfulBuild?.number} bad ${currentBuild.previousFailedBuild?.number}"
            for (set in currentBuild.changeSets) for (one in set.items) echo "change ${one.author} ${one.msg} ${one.affectedFiles.collect { it.editType.name + ' ' + it.path }}"
            if (params.BREAK) error 'broken'
            """)
        git("init", "-q")
        git("add", ".")
        git("commit", "-qm", "first")
        _, out, err = self.run_pipeline()
        self.assertIn("before []", out, err)
        self.write("x", "a file")
        git("add", ".")
        git("commit", "-qm", "Add a file")
        code, out, _ = self.run_pipeline("-p", "BREAK=true")
        self.assertEqual(code, 1)
        self.assertIn("before [1:SUCCESS:v1]", out)
        self.assertIn("change Ada Add a file [add a file]", out)
        _, out, _ = self.run_pipeline()
        self.assertIn("before [2:FAILURE:v2, 1:SUCCESS:v1]", out)
        self.assertIn("good 1 bad 2", out)
        self.assertNotIn("change ", out)

    def test_parameters_of_properties_are_checked_before_the_run(self):
        self.write("properties([parameters([choice(name: 'COLOUR', choices: ['red', 'green'])])])\necho params.COLOUR")
        for words, status, says in [(["-p", "COLOUR=green"], 0, "green"), ([], 0, "red"),
                                    (["-p", "COLOUR=blue"], 2, "the choices are: red, green"),
                                    (["-p", "COLOR=red"], 2, "has no parameter 'COLOR'; it has: COLOUR")]:
            with self.subTest(words=words):
                code, out, err = self.run_pipeline(*words)
                self.assertEqual(code, status, out + err)
                self.assertIn(says, out + err)
        self.assertFalse(self.run_directory(3).exists())
        code, out, _ = self.cupel("plan")
        self.assertEqual(code, 0)
        self.assertIn("parameter COLOUR (choice: red, green) = red", out)

    def test_files_are_parameters(self):
        (self.root / "given.txt").write_text("what it holds\n")
        self.write("""
            properties([parameters([stashedFile('CODE'), base64File('TEXT')])])
            node {
              unstash 'CODE'
              sh 'cat CODE; echo "$CODE_FILENAME"; echo "$TEXT" | base64 -d'
              echo "${params.CODE}"
            }
            """)
        at = f"@{self.root}/given.txt"
        code, out, err = self.run_pipeline("-p", f"CODE={at}", "-p", f"TEXT={at}")
        self.assertEqual(code, 0, out + err)
        self.assertEqual(out.count("what it holds"), 2, out)
        self.assertGreaterEqual(out.count("given.txt"), 2, out)
        for value, says in [("x", "give it as -p CODE=@PATH"), ("@/nowhere", "there is no file /nowhere")]:
            code, _, err = self.run_pipeline("-p", f"CODE={value}")
            self.assertEqual(code, 2 if value == "x" else code)
            self.assertIn(says, err)

    def test_stashes_are_there_for_a_run_that_begins_at_a_stage(self):
        self.write("""
            pipeline {
              agent any
              options { preserveStashes() }
              stages {
                stage('A') { steps { sh 'echo kept > a.txt'; stash name: 'a', includes: 'a.txt' } }
                stage('B') { steps { deleteDir(); unstash 'a'; sh 'cat a.txt' } }
              }
            }
            """)
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 0, out + err)
        code, out, err = self.run_pipeline("--from-stage", "B")
        self.assertEqual(code, 0, out + err)
        self.assertIn("kept", out)
        self.assertFalse((self.run_directory(1) / "kept-stashes").exists())

    def test_urls_are_files(self):
        self.write("echo \"${env.BUILD_URL} ${env.JOB_URL} ${env.BUILD_TAG} ${env.RUN_DISPLAY_URL == currentBuild.absoluteUrl}\"\n"
                   "node { sh 'test -n \"$JENKINS_URL$JENKINS_HOME$HUDSON_URL$RUN_TESTS_DISPLAY_URL\"' }")
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 0, out + err)
        self.assertIn(f"file://{self.run_directory(1)}/ file://{self.project}/Jenkinsfile jenkins-project-1 true", out)


if __name__ == "__main__":
    unittest.main()
