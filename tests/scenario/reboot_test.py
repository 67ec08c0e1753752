# SPDX-License-Identifier: Apache-2.0
"""Stories of machines that reboot in the middle of a run, and of runs that go on with them."""
import re
import signal
import unittest

import harness
from harness import Changes, stage
from machines import DEBIAN, MachineScenario, tiny

BOOT = "/proc/sys/kernel/random/boot_id"
REMEMBER = f"cat {BOOT} > boot; echo mine > file"
ANOTHER = f"test \"$(cat boot)\" != \"$(cat {BOOT})\"; cat file; echo another boot"


def debian(*stages, **options):
    return harness.pipeline(*stages, agent=DEBIAN, **options)


class Rebooting(MachineScenario):
    def setUp(self):
        super().setUp()
        self.journal = self.root / "run.journal"

    def assert_rebooted(self, out, times=1):
        """Both sides of it are in the log, and what comes behind ran in another boot."""
        machines = re.findall(r"^machine (\w+) reboots$", out, re.M)
        self.assertEqual(len(machines), times, out)
        self.assertEqual(len(re.findall(r"reboot: Restarting system", out)), times, out)
        self.assertEqual(len(re.findall(rf"^machine {machines[0]} is back after [0-9.]+ s$", out, re.M)),
                         times, out)
        untraced = re.sub(r"^\+ .*\n", "", out, flags=re.M)  # it comes through a pipe of its own
        self.assertIn("\nmine\nanother boot\n", untraced)
        self.assertIn("nothing was left behind", out)


class Debian(Rebooting):
    def test_a_script_that_ends_with_a_reboot(self):
        self.write(debian(stage("A", f"sh '{REMEMBER}; reboot'"),
                          stage("B", f"sh '{ANOTHER}; hostname; systemctl is-system-running'")))
        out = self.ends(0, seconds=400)
        self.assert_rebooted(out)
        self.assertIn("\nrunning\n", out)
        self.assertRegex(out, r"\ncupel-\w{6}\n")

    def test_a_script_that_reboots_in_its_middle(self):
        self.write("echo before; systemctl reboot; sleep 1000; echo never\n", "middle.sh")
        self.write(debian(stage("A", f"""sh '{REMEMBER}'
   script {{ echo "status ${{sh(returnStatus: true, script: 'sh middle.sh')}}" }}"""),
                          stage("B", f"sh '{ANOTHER}'")))
        out = self.ends(0, seconds=400)
        self.assert_rebooted(out)
        self.assertIn("\nbefore\n", out)
        self.assertIn("\nstatus 0\n", out)
        self.assertNotIn("\nnever\n", out)

    def test_the_step_and_a_reset(self):
        self.write(debian(stage("A", f"sh '{REMEMBER}'; reboot(); sh '{ANOTHER}'"),
                          stage("B", f"sh '{REMEMBER}; sync'; reboot(hard: true); sh '{ANOTHER}'")))
        out = self.ends(0, seconds=400)
        self.assertEqual(out.count("\nanother boot\n"), 2, out)
        self.assertEqual(len(re.findall(r"^machine \w+ is back after", out, re.M)), 2, out)

    def test_what_runs_beside_it_fails(self):
        self.write(debian("""  stage('P') { parallel {
   stage('one') { steps { sh 'mkfifo f; echo up; read x <f' } }
   stage('two') { steps { sh 'until test -p f; do sleep 0.1; done'; reboot(); sh 'echo went on' } }
  } }"""))
        out = self.ends(1, seconds=400)
        self.assertRegex(out, r"machine \w+ rebooted while this ran, by a step reboot\(\) elsewhere")
        self.assertIn("went on\n", out)

    def test_power_off_is_still_an_end(self):
        self.write(debian(stage("A", "sh 'poweroff'; sh 'echo never'")))
        out = self.ends(1, seconds=400)
        self.assertIn("the machine was powered off from inside", out)
        self.assertNotIn("\nnever\n", out)


class DebianResumed(Rebooting):
    """cupel is killed while its machine reboots; the same command goes on."""

    def killed_once(self, text, script):
        self.write(debian(stage("A", script), stage("B", f"sh '{ANOTHER}'")))
        running = self.start("--journal", str(self.journal))
        running.wait_for(text, seconds=400)
        running.process.send_signal(signal.SIGKILL)
        running.end()
        out = self.ends(0, "--journal", str(self.journal), seconds=400)
        self.assertIn("Resumed from", out)
        self.assertIn("another boot\n", out)
        log = (self.run_directory() / "log").read_text()
        self.assertEqual(log.count("\nbegun\n"), 1, log)
        return log

    def test_in_a_script_that_reboots(self):
        self.write("echo begun; reboot; sleep 1000\n", "middle.sh")
        log = self.killed_once("reboots\n", f"sh '{REMEMBER}; sh middle.sh'")
        self.assertRegex(log, r"(reboots|rebooted meanwhile)\n")

    def test_in_the_step(self):
        self.killed_once("reboots\n", f"sh '{REMEMBER}; echo begun'; reboot()")


class Tiny(Rebooting):
    def test_the_step_carries_the_workspace_over(self):
        self.write(tiny(stage("A", f"sh '{REMEMBER}'; reboot(timeout: 200); sh '{ANOTHER}'")))
        self.assert_rebooted(self.ends(0))

    def test_a_reboot_that_nobody_prepared(self):
        self.write(tiny(stage("A", f"sh '{REMEMBER}; reboot; sleep 600'"),
                        post="post { always { echo 'post ran' } }"))
        out = self.ends(1)
        self.assertIn("the machine rebooted, and all its files were in its memory: use the step reboot()", out)
        self.assertIn("reboot: Restarting system", out)
        self.assertIn("\npost ran\n", out)

    def test_one_that_reboots_while_nobody_looks(self):
        self.write(tiny(stage("A", "sh 'echo up; sleep 600'")))
        running = self.start("--journal", str(self.journal))
        running.wait_for("\nup\n", seconds=120)
        running.process.send_signal(signal.SIGKILL)
        running.end()
        code, listed, _ = self.cupel("machine", "list")
        machine = listed.splitlines()[1].split()[0]
        console = self.home / "state" / "machines" / machine / "console.log"
        written = Changes(console.parent)
        self.addCleanup(written.close)
        self.cupel("machine", "exec", machine, "--", "sh", "-c", "(sleep 0.3; reboot -f) >/dev/null 2>&1 &")
        written.wait_for(lambda: "Restarting system" in console.read_text(errors="replace"))

        out = self.ends(1, "--journal", str(self.journal))

        self.assertIn("the machine rebooted, and all its files were in its memory", out)

    def test_the_host_is_not_rebooted(self):
        self.write(harness.pipeline(stage("A", "reboot()")))
        out = self.ends(1, "--on", "host")
        self.assertIn("host cannot be rebooted: only a machine can", out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
