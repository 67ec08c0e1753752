# SPDX-License-Identifier: Apache-2.0
"""Shared libraries from real git repositories and directories."""
import subprocess
import unittest

from harness import Scenario

USES = "@Library('acme{}') _\ngreet('cupel')\n"


class Library(Scenario):
    def setUp(self):
        super().setUp()
        self.library = self.root / "acme"
        (self.library / "vars").mkdir(parents=True)
        self.say("first")

    def say(self, word):
        (self.library / "vars" / "greet.groovy").write_text(
            f"def call(who) {{ echo \"{word} ${{who}}\" }}\n")

    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", self.library, *words],
                       check=True, capture_output=True)

    def commit(self, tag):
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-q", "--allow-empty", "-m", tag)
        self.git("tag", tag)

    def configure(self, **keys):
        lines = "".join(f"{key.replace('_', '-')} = {value}\n" for key, value in keys.items())
        self.write(f"[[library]]\nname = \"acme\"\n{lines}", "cupel.toml")

    def run_it(self, *words):
        return self.cupel("run", *self.on, *words)

    def test_a_directory_is_used_as_it_lies(self):
        self.write(USES.format(""))
        status, out, err = self.run_it("--library", f"acme={self.library}")
        self.assertEqual(status, 0, out + err)
        self.assertIn("first cupel", out)

    def test_versions_of_a_repository(self):
        self.commit("v1")
        self.say("second")
        self.commit("v2")
        self.configure(remote=f'"file://{self.library}"')
        for version, word in (("", "second"), ("@v1", "first"), ("@main", "second")):
            with self.subTest(version=version):
                self.write(USES.format(version))
                status, out, err = self.run_it()
                self.assertEqual(status, 0, out + err)
                self.assertIn(f"{word} cupel", out)

    def test_the_cache_may_be_lost(self):
        self.commit("v1")
        self.configure(remote=f'"file://{self.library}"', ref='"v1"')
        self.write(USES.format(""))
        self.assertEqual(self.run_it()[0], 0)
        for repository in (self.home / "cache" / "libraries").glob("*.git"):
            (repository / "HEAD").write_text("damaged")
        for tree in (self.home / "cache" / "libraries" / "trees").iterdir():
            subprocess.run(["rm", "-rf", tree], check=True)
        status, out, err = self.run_it()
        self.assertEqual(status, 0, out + err)

    def test_unknown_version(self):
        self.commit("v1")
        self.configure(remote=f'"file://{self.library}"')
        self.write(USES.format("@v9"))
        status, out, err = self.run_it()
        self.assertEqual(status, 1, out + err)
        self.assertIn("Jenkinsfile:1:10: library 'acme'", out)
        self.assertIn("has no version 'v9'; it has: main, v1", out)

    def test_unreachable_remote(self):
        self.configure(remote=f'"file://{self.root}/nowhere.git"')
        self.write(USES.format(""))
        status, out, err = self.run_it()
        self.assertEqual(status, 1, out + err)
        self.assertIn("library 'acme': list the versions of", out)

    def test_no_definition(self):
        self.write(USES.format(""))
        status, out, err = self.run_it()
        self.assertEqual(status, 1, out + err)
        self.assertIn("Could not find any definition of libraries [acme]", out)

    def test_version_override_is_refused(self):
        self.commit("v1")
        self.configure(remote=f'"file://{self.library}"', ref='"main"', allow_override="false")
        self.write(USES.format("@v1"))
        status, out, err = self.run_it()
        self.assertEqual(status, 1, out + err)
        self.assertIn("Version override not permitted for library acme", out)

    def test_implicit(self):
        self.configure(path=f'"{self.library}"', implicit="true")
        self.write("greet('nobody asked')\n")
        status, out, err = self.run_it()
        self.assertEqual(status, 0, out + err)
        self.assertIn("first nobody asked", out)

    def test_a_pipeline_may_not_name_a_directory_of_this_host(self):
        self.commit("v1")
        self.write(f"library identifier: 'x@v1', retriever: modernSCM([$class: 'GitSCMSource', "
                   f"remote: 'file://{self.library}'])\n")
        status, out, err = self.run_it()
        self.assertEqual(status, 1, out + err)
        self.assertIn("which is a directory of this host", out)


if __name__ == "__main__":
    unittest.main()
