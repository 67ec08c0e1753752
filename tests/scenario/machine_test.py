# SPDX-License-Identifier: Apache-2.0
"""Stories of `cupel run` in machines of cupel/tiny, with the real QEMU."""
import http.server
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import subprocess
import threading
import time
import unittest

import harness
from harness import stage
from machines import Killing, MachineScenario, tiny


class InAMachine(MachineScenario):
    def test_a_run_with_all_that_a_project_does(self):
        self.write('<testsuite name="s"><testcase name="good"/></testsuite>', "good.xml")
        self.write("""pipeline {
 agent none
 environment { TOP = 'top value' }
 stages {
  stage('Make') {
   agent { label 'cupel/tiny' }
   environment { MEMORY = '512' }
   steps {
    sh 'echo "$TOP, $MEMORY, $STAGE_NAME"; mkdir -p out; echo made > out/thing; hostname > out/host'
    stash name: 'things', includes: 'out/**'
   }
  }
  stage('Use') {
   agent { label 'cupel/tiny' }
   steps {
    sh 'test ! -e out'
    unstash 'things'
    sh 'cat out/thing; test "$(cat out/host)" != "$(hostname)" && echo another machine'
    archiveArtifacts 'out/*'
    junit 'good.xml'
   }
  }
 }
 post { always { echo 'post ran' } }
}
""")
        out = self.ends(0, "--artifacts", str(self.root / "artifacts"))
        for words in ("top value, 512, Make", "\nmade\n", "\nanother machine\n", "post ran",
                      "Tests: 1 passed", "nothing was left behind"):
            self.assertIn(words, out)
        self.assertEqual((self.root / "artifacts/out/thing").read_text(), "made\n")
        self.assert_nothing_left()

    def test_failing_step(self):
        self.write(tiny(stage("A", "sh 'exit 3'"), post="post { always { sh 'echo post ran' } }"))
        out = self.ends(1)
        self.assertIn("\npost ran\n", out)
        self.assertIn("exit code 3", out)

    def test_parallel_machines(self):
        self.write("""pipeline {
 agent none
 stages { stage('P') { parallel {
  stage('one') {
   agent { label 'cupel/tiny' }
   steps { sh 'echo in one' }
  }
  stage('two') {
   agent { label 'cupel/tiny' }
   steps { sh 'echo in two' }
  }
 } } }
}
""")
        out = self.ends(0)
        self.assertIn("in one", out)
        self.assertIn("in two", out)


class Killed(Killing):
    """The promise: whatever ends cupel, whenever, the next command leaves nothing."""

    def test_kill_9_at_random_moments(self):
        length = self.length()
        rounds = 60
        order = list(range(rounds))
        self.random.shuffle(order)
        survivors = 0
        for index, place in enumerate(order):
            after = length * (place + self.random.random()) / rounds
            status, out = self.interrupt(signal.SIGKILL, after)
            survivors += status == 0
            self.assertIn(status, (0, -signal.SIGKILL), out)
            self.assert_clean(f"round {index}, killed after {after:.3f} s")
        self.assertLess(survivors, rounds // 4, "hardly any run was killed in its midst")
        self.ends(0)

    def test_signals_at_random_moments(self):
        length = self.length()
        for index in range(20):
            number = (signal.SIGTERM, signal.SIGINT)[index % 2]
            after = length * self.random.random()
            status, out = self.interrupt(number, after)
            note = f"round {index}, {number.name} after {after:.3f} s"
            # Before it listens to signals it just dies, before anything was made.
            self.assertIn(status, (0, 4, -number), f"{note} of seed {self.seed}\n{out}")
            # One that comes when post has begun interrupts post.
            stopped = out.partition("cupel: stopping")[0]
            if status == 4 and "\n== A" in stopped and "== B: " not in stopped:
                self.assertIn("\npost ran", out, f"{note} of seed {self.seed}")
            # A stopped run cleans up by itself.
            self.assertEqual(self.remains(), [], f"{note} of seed {self.seed}\n{out}")

    def test_a_signal_in_a_step(self):
        self.write(tiny(stage("A", "sh 'echo started; sleep 600'"), post=self.post))
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                running = self.start()
                running.wait_for("\nstarted\n")
                running.process.send_signal(number)
                status, out = running.end()
                self.assertEqual(status, 4, out)
                self.assertIn("\npost ran\n", out)
                self.assertIn("nothing was left behind", out)
                self.assertEqual(self.remains(), [])


class KilledWhileFreezing(Killing):
    """The same while the snapshot is made."""

    own_snapshots = True

    def test_kill_9_at_random_moments(self):
        begin = time.monotonic()
        self.ends(0)
        length = time.monotonic() - begin
        snapshots = self.home / "cache" / "snapshots"
        for index in range(6):
            for path in snapshots.iterdir():
                subprocess.run(["rm", "-rf", path], check=True)
            after = length * (index + self.random.random()) / 6
            self.interrupt(signal.SIGKILL, after)
            self.assert_clean(f"round {index}, killed after {after:.3f} s")
        self.ends(0)


class Troubles(MachineScenario):
    """What a guest does to itself is the run's failure, what happens to QEMU is not."""

    post = "post { always { echo 'post ran'; sh 'echo in the machine' } }"

    def troubled(self, status, *, script, says, top="", within=60):
        self.write(script, "trouble.sh")
        self.write(tiny(stage("A", "sh 'sh trouble.sh'"), post=self.post, top=top))
        begin = time.monotonic()
        out = self.ends(status)
        self.assertLess(time.monotonic() - begin, within, out)
        self.assertIn(says, out)
        self.assertIn("\npost ran\n", out)
        self.assertIn("nothing was left behind", out)
        return out

    def setUp(self):
        super().setUp()
        self.write(tiny(stage("A", "sh 'true'")))
        self.ends(0)  # the snapshot is there: what follows is about the machine

    def test_kernel_panic(self):
        out = self.troubled(1, script="echo c > /proc/sysrq-trigger; sleep 600",
                            says="the machine's kernel panicked: sysrq triggered crash", within=15)
        self.assertNotIn("The infrastructure failed", out)

    def test_power_off(self):
        self.troubled(1, script="poweroff -f; sleep 600",
                      says="the machine was powered off from inside", within=15)

    def test_reboot(self):
        self.troubled(1, script="reboot -f; sleep 600", says="the machine rebooted, and all",
                      within=15)

    def test_the_root_directory_is_deleted(self):
        out = self.troubled(1, script="rm -rf /*; echo still here; exit 1", says="exit code",
                            within=90)
        self.assertNotIn("The infrastructure failed", out)

    def test_the_disk_is_filled(self):
        self.troubled(1, script="dd if=/dev/zero of=/fill bs=1M; exit 1",
                      says="exit code 1: the machine's disk is full: no room is left on /")

    def test_memory_is_filled(self):
        self.write("awk 'BEGIN { s = 1; while (1) s = s s }'; exit 1\n", "fill.sh")
        self.write(tiny(stage("A", "sh 'sh fill.sh'"), post=self.post))
        out = self.ends(1)
        self.assertIn("\npost ran\n", out)
        self.assertRegex(out, r"script returned exit code \d+: the machine's memory was full: "
                              r"the kernel killed process \d+ \(awk\)")

    def test_the_memory_of_a_panic_is_an_artifact(self):
        self.write('[[node]]\nname = "k"\nbox = "cupel/tiny"\nmemory = "256MiB"\nvmcore = true\n', "cupel.toml")
        self.write(harness.pipeline(stage("A", "sh 'echo c > /proc/sysrq-trigger; sleep 600'"),
                                    agent="{ label 'k' }"))
        out = self.ends(1)
        self.assertRegex(out, r"panicked: sysrq triggered crash; its memory is in the artifact vmcore-\w{6}")
        image, = (self.run_directory(2) / "artifacts").glob("vmcore-*")
        self.assertEqual(image.read_bytes()[:12], b"makedumpfile")
        self.assertGreater(image.stat().st_size, 1 << 20)

    def test_the_kernel_panics_on_what_its_node_says(self):
        self.write('[[node]]\nname = "k"\nbox = "cupel/tiny"\nmemory = "256MiB"\n'
                   'panic_on = ["oops", "soft-lockup", "hung-task"]\n', "cupel.toml")
        self.write(harness.pipeline(
            stage("A", "sh 'cd /proc/sys/kernel; cat panic_on_oops soft_watchdog softlockup_panic hung_task_panic'"),
            agent="{ label 'k' }"))
        self.assertIn("\n1\n1\n1\n1\n", self.ends(0))

    def test_a_step_that_hangs_under_a_timeout(self):
        self.write(tiny("  stage('A') { options { timeout(time: 3, unit: 'SECONDS') }\n"
                        "   steps { sh 'echo on; sleep 600' } }", post=self.post))
        begin = time.monotonic()
        out = self.ends(4)
        self.assertLess(time.monotonic() - begin, 15)
        self.assertIn("Timeout has been exceeded", out)
        self.assertIn("\nin the machine\n", out)
        self.assert_nothing_left(2)

    def test_a_step_that_daemonises(self):
        self.write("setsid sh -c 'echo $$ > /daemon; exec sleep 600' >/dev/null 2>&1 &\n"
                   "until test -s /daemon; do sleep 0.05; done\n", "daemon.sh")
        self.write(tiny(stage("A", "sh 'sh daemon.sh'"), stage("B", "echo 'on'")))
        begin = time.monotonic()
        self.ends(0)
        self.assertLess(time.monotonic() - begin, 30)

    def test_qemu_is_killed_from_outside(self):
        self.write(tiny(stage("A", "sh 'echo started; sleep 600'"), post=self.post))
        running = self.start()
        running.wait_for("\nstarted\n")
        for pid in self.qemus():
            os.kill(pid, signal.SIGKILL)
        status, out = running.end(30)
        self.assertEqual(status, 6, out)
        self.assertIn("QEMU was killed by signal 9", out)
        self.assertIn("The infrastructure failed", out)
        self.assertIn("\npost ran\n", out)
        self.assertEqual(self.remains(), [])


class Kept(MachineScenario):
    def test_looking_into_a_kept_machine(self):
        self.write(tiny(stage("A", "sh 'echo hi > /kept; exit 1'")))
        code, out, err = self.run_pipeline("--keep", "failed")
        self.assertEqual(code, 1, out + err)
        self.assertIn("nothing else was left behind", out)
        _, listed, _ = self.cupel("machine", "list")
        identity, state = listed.splitlines()[1].split()[:2]
        self.assertEqual(state, "kept")
        self.assertTrue(out.endswith("Look into it: cupel ssh 1\n"), out)
        self.assertEqual(self.status_of(identity), "paused")

        self.assertEqual(self.cupel("machine", "exec", identity, "--", "cat", "/kept")[:2],
                         (0, "hi\n"))
        self.assertEqual(self.cupel("machine", "exec", identity, "--", "hostname")[1],
                         f"cupel-{identity}\n")
        self.assertEqual(self.cupel("machine", "exec", identity, "--", "sh", "-c", "exit 7")[0], 7)
        self.assertEqual(self.fed(b"through\n", "exec", identity, "--", "cat"), b"through\n")
        self.in_a_terminal(identity)
        self.assertEqual(self.status_of(identity), "paused")
        self.on_the_console(identity)

        code, out, err = self.cupel("machine", "rm", identity)
        self.assertEqual((code, out), (0, f"machine {identity} is removed\n"), err)
        self.assert_nothing_left()

    def test_a_shell_where_the_run_failed(self):
        self.write(tiny(stage("A", "dir('inner') { withEnv(['COLOUR=blue']) { sh 'echo $COLOUR; false # so' } }"),
                        top="environment { TOP = 'top value'; SECRET = credentials('s') }"))
        self.write('[credential.s]\nkind = "string"\ntext = "hidden-thing"\n', "own.toml")
        (self.project / "own.toml").chmod(0o600)
        code, out, err = self.run_pipeline("--keep", "failed", "--credentials", "own.toml")
        self.assertEqual(code, 1, out + err)
        said = self.typed("pwd; echo $COLOUR, $TOP, ${SECRET:-none}; cat $HISTFILE; exit 7\n", 7, "ssh", "1")
        for words in ("/inner\r\n", "blue, top value, none\r\n", "echo $COLOUR; false # so\r\n",
                      "the script that failed is in the history"):
            self.assertIn(words, said)
        self.assertNotIn("hidden-thing", (self.home / "state/machines").glob("*/record.json").__next__().read_text())
        self.assertEqual(self.cupel("machine", "rm", "--all")[0], 0)
        code, _, err = self.cupel("ssh", "1")
        self.assertEqual(code, 2)
        self.assertIn("no machine of run 1 was kept", err)
        with self.subTest("at once"):
            said = self.typed("pwd; exit 7\n", 1, "run", "--shell-on-failure", "--credentials", "own.toml")
            self.assertIn("/inner\r\n", said)
            self.assertEqual(self.cupel("machine", "rm", "--all")[0], 0)
            self.assertEqual(self.run_pipeline("--shell-on-failure")[0], 2)

    def test_it_ends_when_its_time_is_up(self):
        self.write(tiny(stage("A", "sh 'false'")))
        code, out, err = self.run_pipeline("--keep", "failed", "--keep-for", "3s")
        self.assertEqual(code, 1, out + err)
        machines = list((self.home / "state/machines").glob("[0-9a-f]*"))
        self.assertEqual(len(machines), 1)
        for pid in self.qemus():
            select.select([os.pidfd_open(pid)], [], [], 60)
        self.assertEqual(self.qemus(), {})

    def status_of(self, identity):
        """What QEMU says: "paused", "running"."""
        with socket.socket(socket.AF_UNIX) as qmp:
            qmp.connect(str(self.home / "state/machines" / identity / "qmp"))
            lines = qmp.makefile("rw")
            lines.readline()
            for command in ("qmp_capabilities", "query-status"):
                lines.write('{"execute": "%s"}\n' % command)
                lines.flush()
                answer = {}
                while "return" not in answer:
                    answer = json.loads(lines.readline())
            return answer["return"]["status"]

    def typed(self, text, status, *words):
        """What a person sees who types `text` as soon as there is a prompt, till the command ends."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.project)
            os.execve(harness.CUPEL, [harness.CUPEL, *words], self.environment)
        said, typed = "", False
        try:
            while select.select([terminal], [], [], 60)[0] and (chunk := os.read(terminal, 4096)):
                said += chunk.decode(errors="replace")
                if not typed and re.search(r"[#$] (\x1b\[6n)?$", said):
                    os.write(terminal, text.encode())
                    typed = True
        except OSError:
            pass  # how a terminal ends
        os.close(terminal)
        _, ended = os.waitpid(pid, 0)
        self.assertEqual(os.waitstatus_to_exitcode(ended), status, said)
        return said

    def test_a_run_that_passed_is_not_kept(self):
        self.write(tiny(stage("A", "sh 'true'")))
        self.ends(0, "--keep", "failed")

    def test_an_unknown_machine(self):
        for words in (("exec", "nope", "--", "true"), ("ssh", "nope"), ("console", "nope"),
                      ("rm", "nope")):
            code, out, err = self.cupel("machine", *words)
            self.assertEqual((code, out), (2, ""))
            self.assertRegex(err, r"^cupel: .*there is no machine .*nope.*\n$")

    def fed(self, text, *words):
        return subprocess.run([harness.CUPEL, "machine", *words], env=self.environment, input=text,
                              capture_output=True, timeout=60, check=True).stdout

    def in_a_terminal(self, identity):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(harness.CUPEL, [harness.CUPEL, "machine", "ssh", identity], self.environment)
        os.write(terminal, b"tty; exit 7\n")
        said = b""
        try:
            while chunk := os.read(terminal, 4096):
                said += chunk
        except OSError:  # the other end was closed
            pass
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 7, said)
        self.assertIn(b"/dev/pts/", said)

    def on_the_console(self, identity):
        process = subprocess.Popen([harness.CUPEL, "machine", "console", identity],
                                   env=self.environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        running = harness.Running(process)
        process.stdin.write(b"echo on-the-$((1 + 1))\n")
        process.stdin.flush()
        running.wait_for("on-the-2")
        process.stdin.write(b"\x1d")
        process.stdin.close()
        self.assertEqual(running.end()[0], 0)


class Snapshots(MachineScenario):
    own_snapshots = True

    def test_a_damaged_snapshot_is_made_anew(self):
        self.write(tiny(stage("A", "sh 'echo in it'")))
        self.assertIn("freezing cupel/tiny", self.ends(0))
        self.assertNotIn("freezing", self.ends(0))
        snapshot, = [path for path in (self.home / "cache/snapshots").iterdir() if path.is_dir()]

        def truncate():
            path = snapshot / "memory"
            path.chmod(0o600)
            os.truncate(path, path.stat().st_size // 2)

        def edit():
            path = snapshot / "state"
            path.chmod(0o600)
            with path.open("r+b") as file:
                file.seek(path.stat().st_size // 2)
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte[0] ^ 1]))

        for damage in (truncate, edit, (snapshot / "manifest.json").unlink):
            with self.subTest(damage=damage.__name__):
                damage()
                out = self.ends(0)
                self.assertRegex(out, "the snapshot .* is damaged .*; making it anew")
                self.assertIn("\nin it\n", out)
        self.assertNotIn("freezing", self.ends(0))

    def test_two_at_once_make_one(self):
        self.write(tiny(stage("A", "sh 'echo in it'")))
        both = [self.start(), self.start()]
        ended = [one.end(120) for one in both]
        texts = [out for _, out in ended]
        self.assertEqual([status for status, _ in ended], [0, 0], "\n".join(texts))
        self.assertEqual(sum("freezing cupel/tiny" in out for out in texts), 1, "\n".join(texts))
        self.assertEqual(sum("waiting" in out for out in texts), 1, "\n".join(texts))
        self.assertEqual(self.remains(), [])


class Output(MachineScenario):
    def test_much_output_in_bounded_memory(self):
        block = ("0123456789" * 9 + "012345678\n") * 10_000
        self.write(block, "block")
        self.write(tiny(stage("Out", "sh 'for i in $(seq 200); do cat block; done'")))
        process = subprocess.Popen([harness.CUPEL, "run"], cwd=self.project, env=self.environment,
                                   stdout=subprocess.DEVNULL)
        peak = harness.peak_memory_of(process)
        self.assertEqual(process.returncode, 0)
        self.assertLess(peak, 200 * 1024, "KiB")
        self.assertGreaterEqual((self.run_directory() / "log").stat().st_size,
                                200 * len(block))
        self.assertEqual(self.remains(), [])

    def test_foreign_bytes_are_kept_in_the_log(self):
        self.write("printf 'a\\000b\\377c\\n'\n", "bytes.sh")
        self.write(tiny(stage("Out", "sh 'sh bytes.sh'")))
        self.ends(0)
        self.assertIn(b"a\0b\xffc\n", (self.run_directory() / "log").read_bytes())


class Network(MachineScenario):
    def test_a_server_on_the_hosts_loopback(self):
        class Hello(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"hello from the host\n")

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Hello)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.write(tiny(stage("N", f"sh 'wget -q -O - http://10.0.2.2:{server.server_port}/'")))
        self.assertIn("\nhello from the host\n", self.ends(0))

    def test_a_name_is_resolved(self):
        sources = "".join(path.read_text() for path in pathlib.Path("/etc/apt").glob("sources.list*/*")
                          if path.is_file())
        if pathlib.Path("/etc/apt/sources.list").is_file():
            sources += pathlib.Path("/etc/apt/sources.list").read_text()
        for name in sorted(set(re.findall(r"https?://([A-Za-z][A-Za-z0-9.-]*)", sources))):
            try:
                socket.getaddrinfo(name, 80, socket.AF_INET)
            except OSError:
                continue
            self.write(tiny(stage("N", f"sh 'nslookup {name}'")))
            self.assertIn(name, self.ends(0))
            return
        self.skipTest("needs a host that resolves the name of its own Debian mirror")


if __name__ == "__main__":
    unittest.main(verbosity=2)
