# SPDX-License-Identifier: Apache-2.0
"""A story of a machine of cupel/debian-12: a whole system, as projects use it."""
import pathlib
import unittest

import harness
from harness import stage
from machines import DEBIAN, MachineScenario


class WholeSystem(MachineScenario):
    def test_systemd_and_podman_work(self):
        self.write(harness.pipeline(
            stage("System", "sh 'systemctl is-system-running --wait'; sh 'podman info'"),
            agent=DEBIAN))
        code, out, err = self.run_pipeline(seconds=400)
        self.assertEqual(code, 0, out + err)
        self.assertIn("\nrunning\n", out)
        self.assertEqual(self.remains(), [])


class Examples(MachineScenario):
    """The projects of examples/, as their users run them."""
    examples = pathlib.Path(__file__).resolve().parents[2] / "examples"

    def test_container_network(self):
        artifacts = self.root / "artifacts"
        code, out, err = self.cupel(
            "run", "-C", str(self.examples / "container-network"), "-p", "FAIL=1",
            "--artifacts", str(artifacts), seconds=560)
        self.assertEqual(code, 1, out + err)
        self.assertIn("Tests: 24 passed, 0 failed, 0 skipped", out)
        self.assertIn("On request                 FAILURE", out)
        self.assertIn("nothing was left behind", out)
        for name in ("machine.log", "tcpdump.log", "bpf.log", "red.pcap"):
            self.assertGreater((artifacts / "results" / name).stat().st_size, 0, name)
        self.assertEqual(self.remains(), [])

    def plan_of_valid(self, name):
        example = str(self.examples / name)
        self.assertEqual(self.cupel("lint", "-C", example)[0], 0)
        code, out, _ = self.cupel("plan", "-C", example)
        self.assertEqual(code, 0)
        return out

    def test_seed_is_valid_and_planned(self):
        self.assertIn("sh './contrib/vagrant/start.sh'", self.plan_of_valid("seed"))

    def test_routing_lab_is_valid_and_planned(self):
        out = self.plan_of_valid("routing-lab")
        self.assertIn("link name: 'r1-r2', state: 'down'", out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
