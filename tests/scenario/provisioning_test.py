# SPDX-License-Identifier: Apache-2.0
"""Stories of nodes that are provisioned: layers, their store, and steps that fail."""
import os
import re
import select
import shutil
import signal
import subprocess
import unittest

import harness
from harness import CUPEL, Changes, pipeline, stage
from machines import TINY, MachineScenario, processes_of, tiny

NODE = """[[node]]
name = "lab"
box = "%s"
memory = "%s"
provision = [
%s
]
"""


def node(*steps, box="cupel/tiny", memory="256MiB"):
    return NODE % (box, memory, "".join(f"  {one},\n" for one in steps))


class Provisioned(MachineScenario):
    own_snapshots = True

    def provision(self, *steps, **node_options):
        self.write(node(*steps, **node_options), "cupel.toml")

    def run_with(self, status, *steps):
        """The output of a run with these steps, and the numbers of those that were run."""
        self.provision(*steps)
        code, out, err = self.run_pipeline()
        out += err
        self.assertEqual(code, status, out)
        return out, [int(one) for one in re.findall(r"provisioning, step (\d+) of", out)]

    def test_layers(self):
        self.write(pipeline(stage("A", "sh 'cat /etc/log /opt/conf/a'"), agent="{ label 'lab' }"))
        (self.project / "conf").mkdir()
        self.write("text of a", "conf/a")
        steps = ['{ shell = "echo one >>/etc/log", name = "first" }',
                 '{ file = "conf", to = "/opt/conf" }',
                 '{ script = "prepare", environment = { WHAT = "three" } }']
        self.write("echo $WHAT >>/etc/log; echo it says so", "prepare")
        out, ran = self.run_with(0, *steps)
        self.assertEqual(ran, [1, 2, 3])
        for words in ("step 1 of 3 (first)", "step 2 of 3 (file conf to /opt/conf)", "it says so",
                      "\none\nthree\ntext of a"):
            self.assertIn(words, out)

        with self.subTest("nothing changed"):
            self.assertEqual(self.run_with(0, *steps)[1], [])
        with self.subTest("a file changed: that step, and those after it"):
            self.write("another text", "conf/a")
            out, ran = self.run_with(0, *steps)
            self.assertEqual(ran, [2, 3])
            self.assertIn("\none\nthree\nanother text", out)
        with self.subTest("back again: all is there"):
            self.write("text of a", "conf/a")
            self.assertEqual(self.run_with(0, *steps)[1], [])
        with self.subTest("a step fails"):
            out, ran = self.run_with(1, *steps, '{ shell = "echo words; exit 3", name = "bad" }')
            self.assertEqual(ran, [4])
            for words in ("words", "step 4 of 4 (bad): exited with 3", "FAILURE"):
                self.assertIn(words, out)
            machine = re.search(r"cupel ssh ([0-9a-f]+)", out)[1]
            status, said, _ = self.cupel("machine", "exec", machine, "--", "cat", "/etc/log")
            self.assertEqual((status, said), (0, "one\nthree\n"))
            self.assertEqual(self.cupel("machine", "rm", machine)[0], 0)
        with self.subTest("a file is missing"):
            out, ran = self.run_with(1, '{ script = "missing" }')
            self.assertEqual(ran, [])
            self.assertIn("missing: No such file or directory", out)
        with self.subTest("a link leads out of the project"):
            (self.project / "link").symlink_to("/etc/hostname")
            out, _ = self.run_with(1, '{ file = "link", to = "/etc/x" }')
            self.assertIn("lies outside of", out)
        with self.subTest("no dpkg"):
            out, _ = self.run_with(1, '{ packages = ["hello"] }')
            self.assertIn("needs a Debian system", out)
            self.assertEqual(self.cupel("machine", "rm", "--all")[0], 0)
        self.store()
        self.assert_nothing_left()

    def store(self):
        status, out, _ = self.cupel("snapshot", "list")
        names = [line.split()[0] for line in out.splitlines()[:-1]]
        self.assertEqual((status, len(names)), (0, 6), out)
        self.assertRegex(out, r"6 snapshots, [\d.]+ MiB")
        self.assertIn("the box itself", out)
        first = next(line.split()[0] for line in out.splitlines() if line.endswith(" first"))
        status, out, _ = self.cupel("snapshot", "show", first)
        self.assertEqual(status, 0)
        self.assertRegex(out, r"layer +first\n")
        for words in ("zz", ""):
            status, _, err = self.cupel("snapshot", "rm", first, words)
            self.assertNotEqual(status, 0)
            self.assertIn("snapshot", err)
        self.assertEqual(self.cupel("snapshot", "pin", first)[0], 0)
        self.assertEqual(self.cupel("snapshot", "prune", "--to", "many")[0], 2)
        status, out, _ = self.cupel("snapshot", "prune", "--to", "0")
        self.assertEqual(status, 0)
        self.assertIn("5 removed", out)
        status, out, _ = self.cupel("snapshot", "list")
        self.assertEqual(len(out.splitlines()), 1)
        self.assertIn("pinned", out)
        self.assertEqual(self.cupel("snapshot", "rm", first)[0], 0)
        self.assertIn("no snapshots yet", self.cupel("snapshot", "list")[1])


class InThePipeline(MachineScenario):
    """The recipe in an agent, or in a script, means what it means in cupel.toml."""
    own_snapshots = True
    layers = re.compile(r"provisioning, step (\d+) of (\d+)")

    def run_with(self, text, status=0, *words):
        self.write(text)
        code, out, err = self.run_pipeline(*words)
        self.assertEqual(code, status, out + err)
        return out + err, self.layers.findall(out)

    def test_recipes(self):
        (self.project / "ci").mkdir()
        self.write("text\n", "ci/a")
        self.write("echo $WHAT >>/etc/log", "ci/prepare")
        steps = ["shell 'echo one >>/etc/log', name: 'first'", "file 'ci/a', to: '/etc/a'",
                 "script 'ci/prepare', environment: [WHAT: 'three']"]
        recipe = "machine { box 'tiny'; memory '256MiB'; provision { %s } }"
        show = stage("A", "sh 'cat /etc/log /etc/a'")
        agent = "{ " + recipe % "; ".join(steps) + " }"
        out, layers = self.run_with(pipeline(show, agent=agent))
        self.assertEqual(layers, [("1", "3"), ("2", "3"), ("3", "3")])
        self.assertIn("\none\nthree\ntext", out)
        self.assertIn("Running on tiny (machine ", out)
        with self.subTest("the same in cupel.toml, and in a script: the same snapshots"):
            self.write(node('{ shell = "echo one >>/etc/log" }',
                            '{ file = "ci/a", to = "/etc/a" }',
                            '{ script = "ci/prepare", environment = { WHAT = "three" } }'),
                       "cupel.toml")
            out, layers = self.run_with(pipeline(show, agent="{ label 'lab' }"))
            self.assertEqual(layers, [])
            out, layers = self.run_with("""machine(box: 'cupel/tiny', provision: [
                [shell: 'echo one >>/etc/log'], [file: 'ci/a', to: '/etc/a'],
                [script: 'ci/prepare', environment: [WHAT: 'three']]]) { sh 'cat /etc/log' }""")
            self.assertEqual(layers, [])
            self.assertIn("\none\nthree", out)
        with self.subTest("a label's provisioning comes before"):
            agent = "{ machine { label 'lab'; cpus 2; provision { shell 'echo four >>/etc/log' } } }"
            out, layers = self.run_with(pipeline(show, agent=agent))
            self.assertEqual(layers, [("4", "4")])
            self.assertIn("\none\nthree\nfour\ntext", out)
            self.assertIn("Running on lab (machine ", out)
        with self.subTest("files outside of the project, wrong boxes and labels"):
            (self.project / "link").symlink_to("/etc/hostname")
            out, _ = self.run_with(pipeline(show, agent="{ " + recipe % "file 'link', to: '/etc/x'" + " }"), 1)
            self.assertIn("lies outside of", out)
            out, _ = self.run_with(pipeline(show, agent="{ machine { box 'debain-12' } }"), 2)
            self.assertIn("there is no box 'debain-12', did you mean 'cupel/debian-12'?", out)
            status, out, _ = self.cupel("lint")
            self.assertEqual(status, 1)
            self.assertIn("Jenkinsfile:2:24: error: there is no box 'debain-12'", out)
            out, _ = self.run_with(pipeline(show, agent="{ machine { label 'lap' } }"), 2)
            self.assertIn("no node has the label 'lap', did you mean 'lab'?", out)
            self.assertIn("Jenkinsfile:2:26: error", out)
        with self.subTest("on the host"):
            out, layers = self.run_with(pipeline(stage("A", "sh 'true'"),
                                                 agent="{ machine { box 'tiny' } }"),
                                        0, "--on", "host")
            self.assertIn("This host takes the machine's place", out)


class Archives(MachineScenario):
    """A snapshot goes from one host to another: to a home that has nothing yet."""
    own_snapshots = True

    def setUp(self):
        super().setUp()
        self.write(pipeline(stage("A", "sh 'cat /etc/log'"), agent="{ label 'lab' }"))
        self.write(node('{ shell = "echo one >>/etc/log", name = "first" }'), "cupel.toml")
        self.ends(0)
        listed = self.cupel("snapshot", "list")[1]
        self.name = next(line.split()[0] for line in listed.splitlines() if line.endswith(" first"))
        self.file = self.root / "one.snapshot"
        self.other = self.root / "other"
        (self.other / "cache").mkdir(parents=True)
        verdict = self.home / "cache/acceleration.json"
        if verdict.exists():
            shutil.copy(verdict, self.other / "cache")

    def there(self, *words, **options):
        """A command on the other host."""
        return self.cupel(*words, environment=dict(self.environment, CUPEL_HOME=str(self.other)),
                          **options)

    def assert_refused(self, file, words):
        status, out, err = self.there("snapshot", "import", str(file))
        self.assertEqual((status, out), (2, ""), err)
        self.assertIn(words, err)
        self.assertEqual(len([one for one in err.splitlines() if "KVM" not in one]), 1, err)
        self.assert_nothing_there()

    def assert_nothing_there(self):
        for folder in ("snapshots", "boxes"):
            found = [one for one in (self.other / "cache" / folder).rglob("*")
                     if one.is_file() and one.suffix != ".lock"]
            self.assertEqual(found, [], folder)

    def test_export_and_import(self):
        status, out, err = self.cupel("snapshot", "export", self.name, str(self.file))
        self.assertEqual(status, 0, err)
        self.assertRegex(out, r"snapshot [0-9a-f]{32} is in .*one.snapshot \([\d.]+ MiB\)\n")
        with self.subTest("a file that is there stays"):
            status, _, err = self.cupel("snapshot", "export", self.name, str(self.file))
            self.assertEqual(status, 2)
            self.assertIn("is there already", err)
        with self.subTest("refused"):
            self.refused()
        with self.subTest("killed in the middle"):
            self.killed()
        with self.subTest("a full disk"):
            self.full_disks()
        status, out, err = self.there("snapshot", "import", str(self.file))
        self.assertEqual(status, 0, err)
        self.assertIn("(cupel/tiny, first) is imported", out)
        status, out, err = self.there("run")
        self.assertEqual(status, 0, err)
        self.assertIn("\none\n", out)
        for words in ("booting", "provisioning", "freezing"):
            self.assertNotIn(words, out)
        with self.subTest("once more"):
            self.assertIn("is there already", self.there("snapshot", "import", str(self.file))[1])

    def refused(self):
        self.assert_refused(self.root / "missing", "missing: no such file")
        whole = self.file.read_bytes()
        odd = self.root / "odd"
        for words, content in (("it is no exported snapshot", b"words"),
                               ("it is no exported snapshot", b""),
                               ("import", whole[:len(whole) // 2]),
                               ("import", whole[:2_000_000] + b"\0" * 64 + whole[2_000_064:])):
            odd.write_bytes(content)
            self.assert_refused(odd, words)
        hostile = self.root / "hostile"
        hostile.mkdir()
        (hostile / "snapshot.json").symlink_to("/etc/passwd")
        subprocess.run(["tar", "--zstd", "-cf", odd, "-C", hostile, "snapshot.json"], check=True)
        self.assert_refused(odd, "no plain file")

    def killed(self):
        snapshots = self.other / "cache/snapshots"
        snapshots.mkdir(exist_ok=True)
        changes = Changes(snapshots)
        process = subprocess.Popen([CUPEL, "snapshot", "import", "-"], stdin=subprocess.PIPE,
                                   stderr=subprocess.PIPE,
                                   env=dict(self.environment, CUPEL_HOME=str(self.other)))
        process.stdin.write(self.file.read_bytes()[:4 << 20])
        process.stdin.flush()
        changes.wait_for(lambda: list(snapshots.glob("*.partial")), process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        changes.close()
        self.assertEqual(self.there("machine", "list")[0], 0)
        self.assert_nothing_there()

    def full_disks(self):
        if os.geteuid() != 0:
            return  # only root mounts a small disk
        small = self.root / "small"
        small.mkdir()
        on_small = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size="$1" none "$2" && shift 2 '
                    '&& "$@"; status=$?; ls -A "$0"; exit $status']
        done = subprocess.run([*on_small, small, "10m", small, CUPEL, "snapshot", "export",
                               self.name, small / "file"], env=self.environment,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (6, ""), done.stderr)
        self.assertIn("no space left on device", done.stderr)
        snapshots = self.other / "cache/snapshots"
        done = subprocess.run([*on_small, snapshots, "64m", snapshots, CUPEL, "snapshot", "import",
                               self.file], capture_output=True, text=True,
                              env=dict(self.environment, CUPEL_HOME=str(self.other)))
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertRegex(done.stdout, r"^[0-9a-f]{32}\.lock\n$")
        self.assertIn("no space left: it takes", done.stderr)

    def test_from_host_to_host_by_a_pipe(self):
        there = dict(self.environment, CUPEL_HOME=str(self.other))
        sender = subprocess.Popen([CUPEL, "snapshot", "export", self.name, "-"],
                                  stdout=subprocess.PIPE, env=self.environment)
        taker = subprocess.run([CUPEL, "snapshot", "import", "-"], stdin=sender.stdout, env=there,
                               capture_output=True, text=True)
        sender.stdout.close()
        self.assertEqual((sender.wait(), taker.returncode), (0, 0), taker.stderr)
        self.assertIn("is imported", taker.stdout)

    def test_a_disk_comes_along(self):
        self.write(node('{ shell = "echo two >/etc/log", name = "second" }', box="cupel/debian-12",
                        memory="1GiB"), "cupel.toml")
        status, out, err = self.run_pipeline(seconds=400)
        self.assertEqual(status, 0, out + err)
        listed = self.cupel("snapshot", "list")[1]
        name = next(line.split()[0] for line in listed.splitlines() if line.endswith(" second"))
        status, _, err = self.cupel("snapshot", "export", name, str(self.file), seconds=300)
        self.assertEqual(status, 0, err)
        status, out, err = self.there("snapshot", "import", str(self.file), seconds=300)
        self.assertEqual(status, 0, err)
        disk = next((self.other / "cache/snapshots").glob("*/disk.qcow2"))
        self.assertIn(os.fsencode(self.other / "cache/boxes"), disk.read_bytes()[:1 << 16])
        # Nothing of the first host is needed any more.
        shutil.rmtree(self.home / "cache")
        status, out, err = self.there("run", seconds=300)
        self.assertEqual(status, 0, out + err)
        self.assertIn("\ntwo\n", out)
        self.assertNotIn("provisioning", out)


class Ahead(MachineScenario):
    """QEMUs that wait for whoever wants a machine of their snapshot."""
    wait = '[machines]\nwaiting = 2\nwaiting_for = "%s"\n'

    def setUp(self):
        super().setUp()
        self.write(tiny(stage("A", "sh 'hostname'")))
        self.settings("10m")

    def settings(self, time):
        self.own = self.root / "own.toml"
        self.own.write_text(self.wait % time)

    def run_and_list(self):
        """The machine of a run, and those that wait behind it."""
        status, out, err = self.run_pipeline("--config", str(self.own))
        self.assertEqual(status, 0, out + err)
        self.assertIn("nothing was left behind", out)
        used = re.findall(r"\(machine ([0-9a-f]+)\)", out)
        listed = self.cupel("machine", "list")[1].splitlines()[1:]
        self.assertTrue(all(" waiting " in line for line in listed), listed)
        return used, [line.split()[0] for line in listed]

    def test_a_run_takes_the_one_that_waits(self):
        used, waiting = self.run_and_list()
        self.assertEqual(len(waiting), 1)
        for _ in range(2):
            used, successors = self.run_and_list()
            self.assertEqual(used, waiting)
            self.assertEqual(len(successors), 1)
            self.assertNotEqual(successors, waiting)
            waiting = successors
        with self.subTest("as many as were wanted at once"):
            both = "parallel { %s %s }" % tuple(
                f"stage('{name}') {{ agent {TINY}; steps {{ sh 'hostname' }} }};" for name in "xy")
            self.write(harness.pipeline(f"stage('B') {{ {both} }}", agent="none"))
            used, successors = self.run_and_list()
            self.assertEqual(len(used), 2)
            self.assertTrue(set(waiting) & set(used))
            self.assertIn(len(successors), (1, 2))  # 1: one branch was done before the other began
        with self.subTest("another cupel's death does not take them along"):
            self.assertEqual(len(self.cupel("machine", "list")[1].splitlines()) - 1,
                             len(successors))
        self.assertEqual(self.cupel("machine", "rm", "--all")[0], 0)
        self.assertEqual(self.remains(), [])

    def test_a_killed_run_goes_on_in_the_one_it_took(self):
        _, waiting = self.run_and_list()
        self.write(tiny(stage("A", "sh 'echo begun; while [ ! -e go ]; do sleep 0.1; done; echo done'")))
        words = ["--config", str(self.own), "--journal", str(self.root / "journal")]
        running = self.start(*words)
        running.wait_for("\nbegun")
        running.process.send_signal(signal.SIGKILL)
        running.end()
        listed = self.cupel("machine", "list")[1]
        self.assertRegex(listed, waiting[0] + " +orphaned")
        self.assertEqual(self.cupel("machine", "exec", waiting[0], "--", "touch",
                                    "/workspace/project/go")[0], 0)
        status, out, err = self.run_pipeline(*words)
        self.assertEqual(status, 0, out + err)
        self.assertIn("\ndone", out)
        self.assertEqual(self.cupel("machine", "rm", "--all")[0], 0)
        self.assertEqual(self.remains(), [])

    def test_their_time_passes(self):
        self.settings("3s")
        _, waiting = self.run_and_list()
        self.assertEqual(len(waiting), 1)
        # QEMU, and the process that ends it.
        ends = [os.pidfd_open(pid) for pid in processes_of(waiting[0])]
        self.assertEqual(len(ends), 2)
        for end in ends:
            self.assertTrue(select.select([end], [], [], 60)[0])
            os.close(end)
        self.assertEqual(self.remains(), [])

    def test_one_that_was_killed_is_no_matter(self):
        _, waiting = self.run_and_list()
        for pid, words in self.qemus().items():
            if "qemu-system" in words:
                os.kill(pid, signal.SIGKILL)
        used, successors = self.run_and_list()
        self.assertNotEqual(used, waiting)
        self.assertEqual(len(successors), 1)
        self.assertEqual(self.cupel("machine", "rm", "--all")[0], 0)
        self.assertEqual(self.remains(), [])


class Packages(MachineScenario):
    def test_packages_of_debian(self):
        self.write(pipeline(stage("A", "sh 'hello; dpkg -s hello | grep ^Status; ls -A /var/tmp | grep ^cupel || echo all clean'"),
                            agent="{ label 'lab' }"))
        options = {"box": "cupel/debian-12", "memory": "1GiB"}
        self.write(node('{ packages = ["hello"] }', **options), "cupel.toml")
        # Of an earlier time: the others' snapshots are here too.
        for line in self.cupel("snapshot", "list")[1].splitlines():
            if line.endswith(" packages hello"):
                self.assertEqual(self.cupel("snapshot", "rm", line.split()[0])[0], 0)
        out = self.ends(0)
        for words in ("provisioning, step 1 of 1 (packages hello)", "Hello, world!",
                      "Status: install ok installed", "\nall clean\n"):
            self.assertIn(words, out)
        self.write(node('{ packages = ["no-such-package-anywhere"] }', **options), "cupel.toml")
        code, out, err = self.run_pipeline()
        self.assertEqual(code, 1, out + err)
        self.assertIn("Unable to locate package no-such-package-anywhere", out + err)
        self.assertEqual(self.cupel("machine", "rm", "--all")[0], 0)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main(verbosity=2)
