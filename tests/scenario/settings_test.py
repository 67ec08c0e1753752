#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands that read a pipeline know what cupel.toml says."""
import json
import subprocess
import unittest

from harness import Scenario, pipeline, stage
from lsp_client import Client

MAPPED = '[steps]\nsonarScan = { script = "sonar-scanner" }\n'
COMMIT = "0123456789" * 4


class Settings(Scenario):
    def lint(self, *words):
        """Status and the messages, without the lines of the file."""
        status, out, err = self.cupel("lint", *words)
        return status, [line for line in (out + err).splitlines() if line.startswith(("Jenkinsfile", "cupel", "ci/"))]

    def library(self, **keys):
        lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
        self.write(f"[[library]]\nname = \"acme\"\nimplicit = true\n{lines}", "cupel.toml")

    def test_mapped_steps_are_known_to_each_command(self):
        self.write(pipeline(stage("a", "sonarScan key: 'x'")))
        self.assertEqual(self.lint()[0], 1)
        self.write(MAPPED, "cupel.toml")
        self.assertEqual(self.lint(), (0, ["Jenkinsfile: no errors"]))
        self.assertEqual(self.cupel("plan")[0], 0)
        self.assertEqual(self.cupel("convert", "--to", "json")[0], 0)
        self.assertIn("sonarScan", self.cupel("steps")[1])
        (self.project / "cupel.toml").rename(self.root / "other.toml")
        for words in (["lint"], ["plan"], ["convert", "--to", "json"], ["steps", "sonarScan"]):
            with self.subTest(words=words):
                self.assertNotEqual(self.cupel(*words)[0], 0)
                self.assertEqual(self.cupel(*words, "--config", str(self.root / "other.toml"))[0], 0)

    def test_the_nearest_file_upwards_counts(self):
        inner = self.project / "part" / "ci"
        inner.mkdir(parents=True)
        self.write(pipeline(stage("a", "sonarScan key: 'x'")), "part/ci/Jenkinsfile")
        self.write(MAPPED, "cupel.toml")
        # Without a repository a project ends at its directory.
        self.assertEqual(self.lint("part/ci/Jenkinsfile")[0], 0)
        self.assertEqual(self.lint("-C", "part", "ci/Jenkinsfile")[0], 1)
        subprocess.run(["git", "init", "-q", str(self.project)], check=True)
        self.assertEqual(self.lint("-C", "part", "ci/Jenkinsfile")[0], 0)
        self.write("[steps]\nother = { noop = 'x' }\n", "part/cupel.toml")
        self.assertEqual(self.lint("part/ci/Jenkinsfile")[0], 1)
        # One command, files of two projects.
        self.write(pipeline(stage("a", "sonarScan key: 'x'")))
        status, lines = self.lint("Jenkinsfile", "part/ci/Jenkinsfile")
        self.assertEqual(status, 1)
        self.assertEqual(lines[0], "Jenkinsfile: no errors")
        self.assertIn("part/ci/Jenkinsfile", self.cupel("lint", "part/ci/Jenkinsfile")[1])
        self.assertEqual(self.run_pipeline("-C", "part", "ci/Jenkinsfile")[0], 2)

    def test_variables_of_implicit_libraries_are_known(self):
        (self.project / "lib" / "vars").mkdir(parents=True)
        self.write("def call(Map all) { }\n", "lib/vars/deploy.groovy")
        self.write("help\n", "lib/vars/deploy.txt")
        self.write(pipeline(stage("a", "deploy to: 'x'\n deplyo 'y'")))
        self.assertEqual(len(self.lint()[1]), 2)
        self.library(path='"lib"')
        status, lines = self.lint()
        self.assertEqual(status, 1)
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("unknown step 'deplyo': did you mean 'deploy'?", lines[0].replace(", did", ": did").replace("; did", ": did"))
        # One that only a remote has: nothing can be said, nobody is asked.
        self.library(remote='"https://unreachable.invalid/x.git"')
        self.assertEqual(self.lint(), (0, ["Jenkinsfile: no errors"]))
        # Its commit was fetched before.
        tree = self.home / "cache" / "libraries" / "trees" / COMMIT / "vars"
        tree.mkdir(parents=True)
        (tree / "deplyo.groovy").write_text("def call(x) { }\n")
        self.library(remote='"https://unreachable.invalid/x.git"', ref=f'"{COMMIT}"')
        status, lines = self.lint()
        self.assertEqual((status, len(lines)), (1, 1))
        self.assertIn("unknown step 'deploy'", lines[0])

    def test_libraries_and_labels_that_nobody_has(self):
        self.write("@Library('acne@v1') _\n" + pipeline(stage("a", "anything 'x'"), agent="{ label 'bfp' }"))
        status, lines = self.lint()
        self.assertEqual(status, 0)
        self.assertEqual([line.split(": ")[1] for line in lines], ["warning", "warning", "no errors"])
        self.assertEqual(self.lint("--syntax-only"), (0, ["Jenkinsfile: no errors"]))
        self.write('[[node]]\nname = "bpf"\n[[library]]\nname = "acme"\npath = "."\n', "cupel.toml")
        status, lines = self.lint()
        self.assertEqual(status, 1)
        self.assertEqual(len(lines), 2, lines)
        self.assertIn("error: no library 'acne' is defined", lines[0])
        self.assertIn("did you mean 'acme'?", lines[0])
        self.assertIn("error: no node has the label 'bfp', did you mean 'bpf'?", lines[1])
        self.assertEqual(self.cupel("plan")[0], 2)

    def test_nodes_in_code_that_nobody_has(self):
        self.write("node('bfp') { parallel(a: { node { echo 'x' } }, b: { node('cupel/tiny') { } }) }\n")
        status, lines = self.lint()
        self.assertEqual((status, len(lines)), (0, 2), lines)
        self.assertIn("Jenkinsfile:1:6: warning: no node has the label 'bfp'", lines[0])

    def test_wrong_settings_are_one_line(self):
        self.write(pipeline(stage("a", "echo 'x'")))
        self.write("[[node]]\nname = \"a\"\ncpux = 2\n", "cupel.toml")
        expected = f"cupel: {self.project.resolve()}/cupel.toml:3:1: unknown key 'cpux' in [[node]]: did you mean 'cpus'?\n"
        for words in (["lint"], ["plan"], ["convert", "--to", "json"], ["steps"], ["run", "--on", "host"]):
            with self.subTest(words=words):
                self.assertEqual(self.cupel(*words), (2, "", expected))
        status, out, err = self.cupel("lint", "--config", "missing.toml")
        self.assertEqual((status, out, err.count("\n")), (2, "", 1))
        self.assertIn("--config: ", err)
        status, out, _ = self.cupel("lint", "--format", "json")
        self.assertEqual((status, out), (2, ""))

    def test_an_editor_has_them_as_they_change(self):
        uri = f"file://{self.project}/Jenkinsfile"
        text = pipeline(stage("a", "sonarScan key: 'x'"))
        client = Client(environment=self.environment)
        self.addCleanup(client.process.kill)
        client.request("initialize", {"capabilities": {}})

        def change():
            client.notify("textDocument/didChange", {"textDocument": {"uri": uri}, "contentChanges": [{"text": text}]})
            return client.receive()

        client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "text": text}})
        self.assertIn("sonarScan", json.dumps(client.receive()))
        self.write(MAPPED, "cupel.toml")
        self.assertEqual(change()["params"]["diagnostics"], [])
        words = client.request("textDocument/completion", {
            "textDocument": {"uri": uri}, "position": {"line": 4, "character": 25}})["result"]
        self.assertIn("sonarScan", [one["label"] for one in words])
        self.write("[steps\n", "cupel.toml")
        shown = change()
        self.assertEqual(shown["method"], "window/showMessage")
        self.assertIn("cupel.toml:1:7", shown["params"]["message"])
        self.assertEqual(len(client.receive()["params"]["diagnostics"]), 1)
        # Said once.
        self.assertEqual(change()["method"], "textDocument/publishDiagnostics")
        client.request("shutdown")
        client.notify("exit")
        self.assertEqual(client.end(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
