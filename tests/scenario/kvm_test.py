# SPDX-License-Identifier: Apache-2.0
"""The KVM path where only TCG works: cupel in a machine whose emulated processor can nest.

The machine gets this cupel, this host's QEMU and the box cupel/tiny along with the project, and
runs a pipeline in a machine of its own, under KVM.
"""
import re
import shutil
import subprocess
import unittest

import harness
from harness import stage
from machines import MachineScenario

NESTING = """
[[node]]
name = "nesting"
memory = "2GiB"
cpu = "EPYC,+svm,+npt,+nrip-save"
"""

INNER = """
set -eu
cp -r --no-clobber payload/. /
modprobe kvm_amd
export CUPEL_HOME="$PWD/home"
cupel doctor || echo 'it lacks something'
cupel run -C inner
cupel run -C inner -p AGAIN=1
cupel machine list
"""


class Kvm(MachineScenario):
    def payload(self):
        """What cupel and QEMU need, laid out below /."""
        root = self.project / "payload" / "usr"
        libraries = root / "lib" / "x86_64-linux-gnu"
        libraries.mkdir(parents=True)
        (root / "bin").mkdir()
        for name in (harness.CUPEL, "qemu-system-x86_64", "qemu-img"):
            program = shutil.which(name)
            shutil.copy(program, root / "bin")
            listed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True)
            for library in re.findall(r"=> (/\S+)", listed.stdout):
                shutil.copy(library, libraries)
        for name in ("qemu", "seabios"):
            shutil.copytree(f"/usr/share/{name}", root / "share" / name)

    def nest(self):
        """One run's output. Now and then QEMU's emulation of SVM stops a machine that nests, with all
        its processors: that says nothing of cupel but that it notices, and is tried again."""
        for _ in range(2):
            code, out, err = self.run_pipeline(seconds=280)
            if code == 0 or "Failed: Jenkinsfile:5:27: the machine does not answer" not in out + err:
                break
            print(out + err, "\nonce more")
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.remains(), [], out + err)
        return out + err

    def test_machines_run_under_kvm(self):
        self.payload()
        boxes = self.project / "home" / "cache" / "boxes"
        for tiny in (self.home / "cache" / "boxes").glob("*tiny"):
            shutil.copytree(tiny, boxes / tiny.name)
        self.write(NESTING, "cupel.toml")
        (self.project / "inner").mkdir()
        self.write(harness.pipeline(
            stage("Inner", "sh 'echo inner; grep -m1 flags /proc/cpuinfo; dmesg | grep Hypervisor'"),
            agent="{ label 'cupel/tiny' }",
            top="parameters { string(name: 'AGAIN', defaultValue: '') }"), "inner/Jenkinsfile")
        self.write(INNER, "inner.sh")
        self.write(harness.pipeline(stage("Nest", "sh 'sh inner.sh'"),
                                    agent="{ label 'nesting' }"))

        out = self.nest()

        self.assertIn("KVM is used: a machine booted with KVM in ", out)
        self.assertEqual(out.count("Hypervisor detected: KVM"), 2, out)
        self.assertEqual(len(re.findall(r"Run \d+: SUCCESS", out)), 3, out)
        self.assertEqual(out.count("nothing was left behind"), 3, out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
