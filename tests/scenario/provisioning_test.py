# SPDX-License-Identifier: Apache-2.0
"""Stories of nodes that are provisioned: layers, their store, and steps that fail."""
import re
import unittest

from harness import pipeline, stage
from machines import MachineScenario

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
