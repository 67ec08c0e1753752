# SPDX-License-Identifier: Apache-2.0
"""Stories of several machines with links between them."""
import unittest

import harness
from harness import stage
from machines import MachineScenario

LAB = """[[switch]]
name = "sw1"
""" + "".join(f"""[[machine]]
name = "r{i}"
box = "tiny"
cpus = 1
addresses = {{ eth1 = "10.9.0.{i}/24" }}
[[link]]
name = "r{i}-sw1"
ends = ["r{i}:eth1", "sw1"]
capture = {"true" if i == 1 else "false"}
""" for i in (1, 2, 3))

REACHES = "ping -c 1 -W 10 10.9.0.2 >/dev/null && echo r2 answers"
MISSES = "ping -c 2 -W 1 10.9.0.2 >/dev/null || echo r2 is silent"


def lab(*stages):
    return harness.pipeline(*stages, agent="{ topology 'lab.toml' }")


def on(machine, script):
    return f"machine('{machine}') {{ sh '{script}' }}"


def frames(pcap):
    """The frames of a capture, whose form is checked on the way."""
    assert pcap[:4] == b"\x4d\x3c\xb2\xa1", pcap[:24]
    at, all_frames = 24, []
    while at < len(pcap):
        size = int.from_bytes(pcap[at + 8:at + 12], "little")
        all_frames.append(pcap[at + 16:at + 16 + size])
        at += 16 + size
    return all_frames


class Topologies(MachineScenario):
    def artifact(self, name):
        return (self.run_directory() / "artifacts" / name).read_bytes()

    def test_a_link_goes_down_and_up_and_loses_all(self):
        self.write(LAB, "lab.toml")
        self.write(lab(stage("A", f"""
            {on("r1", REACHES)}
            onMachines('r1', 'r2', 'r3') {{ sh 'test -f lab.toml; ip -o -4 addr show dev eth1' }}
            link(name: 'r2-sw1', state: 'down')
            {on("r1", MISSES)}
            script {{ link('r2-sw1').up() }}
            {on("r1", REACHES)}
            script {{ def cable = link('r2-sw1'); cable.capture('lossy.pcap'); cable.set(loss: 100) }}
            {on("r1", MISSES)}
            script {{ link('r2-sw1').set(loss: 0); link('r2-sw1').stopCapture() }}
            {on("r1", REACHES)}""")))

        out = self.ends(0)

        said = [line for line in out.splitlines() if line in ("r2 answers", "r2 is silent")]
        self.assertEqual(said, ["r2 answers", "r2 is silent"] * 2 + ["r2 answers"], out)
        for i in (1, 2, 3):
            self.assertIn(f"inet 10.9.0.{i}/24", out)
        self.assertIn("Link r2-sw1 is down", out)
        captured = frames(self.artifact("r1-sw1.pcap"))
        r1, r2 = b"\x02\xc0\0\0\1\1", b"\x02\xc0\0\0\2\1"
        self.assertTrue([one for one in captured if one[:12] == r2 + r1], captured)
        self.assertTrue([one for one in captured if one[:12] == r1 + r2], captured)
        self.assertEqual(frames(self.artifact("lossy.pcap")), [])

    def test_two_at_once_do_not_hear_each_other(self):
        """The same file twice: the same names, addresses and MACs, but payloads of their own."""
        self.write(LAB, "lab.toml")
        each = ", ".join(f"""{name}: {{ topology('lab.toml') {{
              machine('r1') {{ sh 'ping -c 2 -W 10 -p {name} 10.9.0.2 >/dev/null' }} }} }}"""
                         for name in ("aa", "bb"))
        self.write(f"parallel {each}\n")

        self.ends(0)

        heard = {}
        for name in ("r1-sw1.pcap", "r1-sw1-2.pcap"):
            pings = [one for one in frames(self.artifact(name)) if one[12:14] == b"\x08\0"]
            heard[name] = {payload for payload in (b"\xaa", b"\xbb") for one in pings
                           if payload * 16 in one}
        self.assertEqual(sorted(map(sorted, heard.values())), [[b"\xaa"], [b"\xbb"]])

    def test_mistakes_are_told(self):
        self.write(LAB.replace("\"sw1\"]", "\"sw2\"]", 1), "lab.toml")
        self.write(lab(stage("A", on("r1", "true"))))
        said = "lab.toml:10:20: there is no machine or switch 'sw2'"
        self.assertIn(said, self.cupel("lint")[1])
        self.assertIn(said, self.ends(2))
        self.write(LAB, "lab.toml")
        self.write(lab(stage("A", "script { link('r2-sw').down() }")))
        self.assertIn("there is no link 'r2-sw', did you mean 'r2-sw1'?", self.ends(1))
        self.write(lab(stage("A", on("r9", "true"))))
        self.assertIn("there is no machine 'r9' in the topology", self.ends(1))


if __name__ == "__main__":
    unittest.main()
