# SPDX-License-Identifier: Apache-2.0
"""Stories of `cupel run --journal` in machines: cupel is killed, its machines live on, and it goes on."""
import os
import random
import re
import signal
import time
import unittest

from harness import Changes, stage
from machines import MachineScenario, tiny


def until(name):
    """Shell: waits, behind `made(name)`, till let() is called with that name."""
    return f"set +x; read ignored </tmp/{name}"


def made(*names):
    return "mkfifo " + " ".join(f"/tmp/{name}" for name in names)


class Resuming(MachineScenario):
    def setUp(self):
        super().setUp()
        self.journal = self.root / "run.journal"

    def begin(self, *words):
        return self.start("--journal", str(self.journal), *words)

    def kill(self, running):
        running.process.send_signal(signal.SIGKILL)
        return running.end()[1]

    def resume(self, status=0, *words):
        """The same command again, to its end, with nothing left: its output."""
        return self.ends(status, "--journal", str(self.journal), *words)

    def machines(self):
        """The ids of those that are there, with their state."""
        code, out, err = self.cupel("machine", "list")
        self.assertEqual(code, 0, err)
        return dict(line.split()[:2] for line in out.splitlines()[1:])

    def inside(self, machine, script):
        code, out, err = self.cupel("machine", "exec", machine, "--", "sh", "-c", script)
        self.assertEqual(code, 0, err)
        return out

    def let(self, machine, name="go"):
        self.inside(machine, f"echo >/tmp/{name}")

    def changes(self, directory):
        changes = Changes(directory)
        self.addCleanup(changes.close)
        return changes

    def log(self):
        return (self.run_directory() / "log").read_text()


class Resumed(Resuming):
    def test_a_script_survives_the_death_of_cupel(self):
        self.write(tiny(
            stage("A", "sh 'echo a >> ran; hostname > name'"),
            stage("B", f"sh 'echo b >> ran; {made('go')}; seq 1 2000; {until('go')}; "
                       "seq 2001 4000; echo last >&2'"),
            stage("C", "sh 'echo c >> ran; cat ran; test \"$(cat name)\" = \"$(hostname)\"'")))
        first = self.begin()
        first.wait_for("\n2000\n", seconds=120)
        self.kill(first)
        (machine, state), = self.machines().items()
        self.assertEqual(state, "orphaned")
        self.let(machine)

        out = self.resume()

        self.assertIn("Resumed from", out)
        self.assertIn("\na\nb\nc\n", out)
        numbers = [int(line) for line in self.log().splitlines() if line.isdigit()]
        self.assertEqual(numbers, list(range(1, 4001)))
        self.assertEqual(self.log().count("\nlast\n"), 1)
        self.assertIn("nothing was left behind", out)

    def test_a_script_may_go_on_under_a_third_cupel_and_give_its_output(self):
        script = (f"{made('on', 'go')}; echo x >> ran; seq 1 300; echo begun >&2; {until('on')}; "
                  f"echo went on >&2; {until('go')}; seq 301 600")
        self.write(tiny(stage("A", f"""script {{
  def text = sh(returnStdout: true, script: '{script}')
  echo "lines: ${{text.readLines().size()}}, last: ${{text.readLines().last()}}"
  echo "status: ${{sh(returnStatus: true, script: 'cat ran; exit 7')}}"
 }}""")))
        first = self.begin()
        first.wait_for("\nbegun\n", seconds=120)
        self.kill(first)
        (machine, state), = self.machines().items()
        second = self.begin()
        self.let(machine, "on")
        second.wait_for("\nwent on\n", seconds=120)
        self.kill(second)
        self.let(machine)

        out = self.resume()

        self.assertIn("lines: 600, last: 600", out)
        self.assertIn("status: 7", out)
        self.assertEqual(self.log().splitlines().count("x"), 1)

    def test_two_machines_at_once(self):
        self.write(f"""pipeline {{
 agent none
 stages {{ stage('P') {{ parallel {{
  stage('one') {{ agent {{ label 'cupel/tiny' }}
   steps {{ sh 'echo 1 > me; {made("go")}; echo one; {until("go")}; cat me' }} }}
  stage('two') {{ agent {{ label 'cupel/tiny' }}
   steps {{ sh 'echo 2 > me; {made("go")}; echo two; {until("go")}; cat me; exit 4' }} }}
 }} }} }}
}}
""")
        first = self.begin()
        first.wait_for("[one] one\n", seconds=120)
        first.wait_for("[two] two\n", seconds=120)
        self.kill(first)
        machines = self.machines()
        self.assertEqual(sorted(machines.values()), ["orphaned"] * 2)
        for machine in machines:
            self.let(machine)

        out = self.resume(1)

        self.assertIn("exit code 4", out)
        lines = self.log().splitlines()
        self.assertEqual([lines.count(word) for word in ("one", "two", "1", "2")], [1] * 4)

    def test_a_timeout_and_a_stop_reach_what_an_earlier_cupel_started(self):
        self.write(tiny(
            stage("A", """timeout(time: 15, unit: 'SECONDS') {
   sh 'trap "" TERM; setsid sleep 1000 & echo $! > /tmp/pid; echo up; wait' }"""),
            post="post { always { sh 'grep State: /proc/$(cat /tmp/pid)/status | grep -v Z || echo gone' } }"))
        first = self.begin()
        first.wait_for("\nup\n", seconds=120)
        self.kill(first)

        out = self.resume(4)

        self.assertIn("\ngone\n", out)

    def test_what_is_printed_while_nobody_listens(self):
        # More than the guest program holds: the script waits, and goes on.
        self.write(tiny(stage("A", "sh 'echo up; seq 1 1500000; echo end'")))
        first = self.begin()
        first.wait_for("\nup\n", seconds=120)
        self.kill(first)

        self.resume()

        numbers = [line for line in self.log().splitlines() if line.isdigit()]
        self.assertEqual(len(numbers), 1500000)
        self.assertTrue(all(int(line) == i + 1 for i, line in enumerate(numbers)))

    def test_the_terminal_closes(self):
        self.write(tiny(stage("A", f"sh '{made('go')}; echo up; {until('go')}'")))
        first = self.begin()
        first.wait_for("\nup\n", seconds=120)
        first.process.send_signal(signal.SIGHUP)
        first.end()
        (machine, state), = self.machines().items()
        self.assertEqual(state, "orphaned")
        self.let(machine)

        self.resume()


class Given(Resuming):
    """Runs that are not resumed, or cannot be."""

    def orphan(self):
        self.write(tiny(stage("A", "sh 'echo up; sleep 1000'"),
                        post="post { always { echo 'post ran' } }"))
        running = self.begin()
        running.wait_for("\nup\n", seconds=120)
        self.kill(running)
        (machine, state), = self.machines().items()
        self.assertEqual(state, "orphaned")
        return machine

    def test_up_with_its_journal(self):
        machine = self.orphan()
        self.journal.unlink()

        said = self.clean()

        self.assertIn(f"removed machine {machine}, whose cupel had died", said)
        self.assertIn("cleaned up after run 1", said)
        self.assert_nothing_left()

    def test_up_by_hand(self):
        machine = self.orphan()
        self.assertEqual(self.cupel("machine", "rm", machine)[0], 0)

        out = self.resume(6)

        self.assertRegex(out, rf"is gone: machine {machine}: it is not there any more")
        self.assertIn("post ran", out)

    def test_up_by_its_machine(self):
        machine = self.orphan()
        (qemu,) = self.qemus()
        os.kill(qemu, signal.SIGKILL)

        out = self.resume(6)

        self.assertRegex(out, rf"machine {machine}.*gone")
        self.assertIn("post ran", out)

    def test_up_by_its_kernel(self):
        machine = self.orphan()
        console = self.home / "state" / "machines" / machine / "console.log"
        written = self.changes(console.parent)
        self.cupel("machine", "exec", machine, "--", "sh", "-c",
                   "(sleep 0.3; echo c > /proc/sysrq-trigger) >/dev/null 2>&1 &")
        written.wait_for(lambda: "Kernel panic" in console.read_text(errors="replace"))

        out = self.resume(1)  # what ran in it did it, as in a run that was not cut off

        self.assertIn("panicked", out)

    def test_up_when_its_time_is_over(self):
        machine = self.orphan()
        record = self.home / "state" / "machines" / machine / "record.json"
        text = record.read_text()
        self.assertIn('"limit":86400', text)
        record.write_text(re.sub(r'"orphaned":\d+', '"orphaned":1', text))

        self.assertIn(f"removed machine {machine}", self.clean())
        self.assertIn("is gone", self.resume(6))

    def test_not_without_a_journal(self):
        self.write(tiny(stage("A", "sh 'echo up; sleep 1000'")))
        running = self.start()
        running.wait_for("\nup\n", seconds=120)
        self.kill(running)

        self.assertIn("removed machine", self.clean())
        self.assertEqual(self.remains(), [])


class KilledAnywhere(Resuming):
    """Killed after some of its records, and again; CUPEL_SEED and CUPEL_KILLS repeat and vary it."""

    def test_nothing_is_lost_or_done_twice(self):
        seed = int(os.environ.get("CUPEL_SEED", 7))
        print(f"CUPEL_SEED={seed}", flush=True)
        chance = random.Random(seed)
        (self.project / "data").mkdir()
        for number in range(40):
            self.write(f"{number}\n" * 20000, f"data/{number}")
        self.write(tiny(
            stage("A", "sh 'echo a >> ran; ls data | wc -l; sleep 0.3'; stash name: 's', includes: 'ran'"),
            stage("B", "sh 'echo b >> ran; seq 1 500; sleep 0.3; seq 501 1000'; sleep 1; echo 'slept'"),
            stage("C", "writeFile file: 'out', text: 'made'; sh 'echo c >> ran; cat ran out'; "
                       "archiveArtifacts 'out'")))
        self.ends(0, "--journal", str(self.root / "whole.journal"))
        records = len((self.root / "whole.journal").read_bytes().splitlines())
        expected = self.told(1)

        for number in range(int(os.environ.get("CUPEL_KILLS", 5))):
            self.journal = self.root / f"{number}.journal"
            self.written = self.changes(self.root)
            points = sorted(chance.sample(range(1, records), 2))
            for point in points:
                running = self.begin()
                self.wait_for_records(point, running)
                time.sleep(chance.random() * 0.2)  # anywhere between two records
                self.kill(running)

            out = self.resume()

            note = f"seed {seed}, killed after {points} of {records}: {out}"
            self.assertEqual(self.told(number + 2), expected, note)

    def told(self, number):
        """What the scripts of a run printed."""
        text = (self.run_directory(number) / "log").read_text()
        return [line for line in text.splitlines() if re.fullmatch(r"\d+|[abc]|made|slept", line)]

    def wait_for_records(self, count, running):
        """Or for its end: as many as another run had may be one more than this one has."""
        self.written.wait_for(lambda: self.records() >= count or running.process.poll() is not None,
                              process=running.process, seconds=120)

    def records(self):
        return len(self.journal.read_bytes().splitlines()) if self.journal.exists() else 0


if __name__ == "__main__":
    unittest.main()
