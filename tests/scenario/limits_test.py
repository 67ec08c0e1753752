#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile pipelines end in the clear error of a limit, within the memory and time that it says."""
import resource
import unittest

from harness import Scenario

# What each does, the limit that stops it (none: one that cannot be set), and what the error says.
HOSTILE = {
    "endless loop": ("while (true) { }", "steps=100000", "more than 100000 expressions (limit 'steps')"),
    "endless loop in time": ("while (true) { }", "time=300ms", "more than 300 ms without a step (limit 'time')"),
    "endless recursion": ("def f(n) { f(n + 1) }\nf(0)", "depth=50", "nested more than 50 deep (limit 'depth')"),
    "recursion beyond the stack": ("def f(n) { f(n + 1) }\nf(0)", "depth=100000", "nested too deep"),
    "recursion of a closure": ("def c\nc = { c(it + 1) }\nc(0)", "depth=50", "(limit 'depth')"),
    "recursion of toString": ("class A { String toString() { \"${this}\" } }\necho \"${new A()}\"", "depth=50",
                              "(limit 'depth')"),
    "growing list": ("def l = []\nwhile (true) { l << 'x' * 1000 }", "memory=64MiB",
                     "more than 64 MiB of memory (limit 'memory')"),
    "growing map": ("def m = [:]\nint i = 0\nwhile (true) { m[\"k${i++}\"] = [1, 2, 3] }", "memory=64MiB",
                    "(limit 'memory')"),
    "caught all the same": ("try { while (true) { } } catch (Throwable t) { echo 'cau' + 'ght' }", "steps=100000",
                            "(limit 'steps')"),
    "catastrophic regex": ("def s = 'a' * 40 + 'b'\necho \"${s ==~ /(a|aa)+[cd]/}\"", "regex=100000",
                           "takes too much work on a text of 41 bytes (match limit exceeded; limit 'regex')"),
    "catastrophic split": ("('a' * 40 + 'b').split('(a|aa)+[cd]')", "regex=1000", "limit 'regex'"),
    "billion laughs": ("def a = 'lol'\n30.times { a = \"${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}\" }\necho a", None,
                       "too large"),
    "doubling text": ("def a = 'lol'\nwhile (true) { a += a }", None, "longer than 64 MiB"),
    "multiplied text": ("def s = 'x' * 1000000000", None, "longer than 64 MiB"),
    "padded text": ("'x'.padLeft(2000000000)", None, "longer than 64 MiB"),
    "multiplied list": ("def l = [0] * 500000000", None, "more than 5000000 items"),
    "text as list": ("('ab' * 10000000).each { }", None, "too large for a list"),
    "long work in few calls": ("def l = (1..400000).toList()\nwhile (true) { l.sort(); l.sum() }", "time=500ms",
                               "(limit 'time')"),
    "range as list": ("def l = (1..2000000000).toList()", None, "too large"),
    "power": ("echo 10.power(100000000).toString()", None, "262144 bits"),
    "deep JSON": ("new groovy.json.JsonSlurperClassic().parseText('[' * 200000)", None, "nested more than 190 deep"),
    "deep readJSON": ("readJSON text: '{\"a\":' * 200000", None, "nested more than 190 deep"),
    "deep YAML": ("readYaml text: '[' * 100000", None, "nested more than 190 deep"),
    "YAML aliases": ("def y = 'a: &a [x,x]\\n'\ndef p = 'a'\n('b'..'z').each { y += \"$it: &$it [\" + "
                     "([\"*$p\"] * 9).join(',') + ']\\n'; p = it }\nreadYaml text: y", None, "aliases"),
}


class Limits(Scenario):
    def watched(self, *words):
        """The run with its memory and processor time bounded from outside."""
        def bound():
            resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
            resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        return self.run_pipeline(*words, preexec_fn=bound)

    def test_hostile_code_ends_in_a_clear_error(self):
        for name, (code, limit, words) in HOSTILE.items():
            with self.subTest(name):
                self.write(code + "\n")
                status, out, err = self.watched(*(["--limit", limit] if limit else []))
                self.assertEqual(status, 1, out[-2000:] + err)
                failed = [line for line in out.splitlines() if line.startswith("Failed:")]
                self.assertEqual(len(failed), 1, out[-2000:])
                self.assertIn(words, failed[0])
                self.assertNotIn("caught", out)
                self.assertIn("Run ", out.splitlines()[-1])

    def test_values_nested_without_end_are_let_go(self):
        self.write("def l = []\ndef m = [:]\n50000.times { l = [l]; m = [m: m] }\necho 'built'\n"
                   "l = null\nm = null\necho 'gone'\n")
        status, out, err = self.watched()
        self.assertEqual(status, 0, out[-2000:] + err)
        self.assertIn("gone", out)

    def test_settings_of_a_project_only_lower(self):
        own = self.root / "own.toml"
        own.write_text("[limits]\ndepth = 200\n")
        self.write("def f(n) { n == 0 ? 0 : f(n - 1) }\nf(150)\necho 'through'\n")
        for project, words, status in (("depth = 100", [], 1), ("depth = 100", ["--limit", "depth=300"], 0),
                                       ("depth = 5000", ["--config", str(own)], 0)):
            with self.subTest(project=project, words=words):
                self.write(f"[limits]\n{project}\n", "cupel.toml")
                self.assertEqual(self.watched(*words)[0], status)
        self.write("def f(n) { n == 0 ? 0 : f(n - 1) }\nf(250)\n")
        self.write("[limits]\ndepth = 5000\n", "cupel.toml")
        status, out, _ = self.watched("--config", str(own))
        self.assertEqual(status, 1)
        self.assertIn("more than 200 deep", out)

    def test_a_wrong_limit_is_one_line(self):
        self.write("echo 'x'\n")
        for limit, words in (("tim=3s", "did you mean 'time'?"), ("time=3", "with its unit"),
                             ("memory=12", "with its unit"), ("depth=0", "from 10 to 100000"),
                             ("steps=", "must be a number")):
            with self.subTest(limit):
                status, out, err = self.run_pipeline("--limit", limit)
                self.assertEqual((status, out), (2, ""))
                self.assertEqual(err.count("\n"), 1)
                self.assertIn(words, err)
        self.write("[limits]\nstepz = 4\n", "cupel.toml")
        status, out, err = self.run_pipeline()
        self.assertEqual((status, out), (2, ""))
        self.assertIn("cupel.toml:2:1: unknown key 'stepz' in [limits]: did you mean 'steps'?", err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
