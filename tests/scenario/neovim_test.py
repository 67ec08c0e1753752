#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`cupel lsp` and `cupel lint` in a real editor: Neovim, set up as docs/editor.md says."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from harness import CUPEL, Scenario

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "editor.md"
MISTAKEN = ("pipeline {\n  agent any\n  stages {\n    stage('x') {\n"
            "      steps { echo '😀ü'; ech 'x' }\n    }\n  }\n}\n")


def block(language):
    """The page's first block of code in that language."""
    return re.search(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.S | re.M)[1]


@unittest.skipUnless(shutil.which("nvim"), "Neovim is not installed: tools/install-packages test")
class Neovim(Scenario):
    def setUp(self):
        super().setUp()
        programs = self.root / "bin"
        programs.mkdir()
        wrapper = programs / "cupel"
        wrapper.write_text(f"#!/bin/sh\n'{CUPEL}' \"$@\"\necho $? >'{self.root}/status'\n")
        wrapper.chmod(0o755)
        for name in ("config", "share", "state", "cache"):
            (self.root / name).mkdir()
        self.environment.update(
            PATH=f"{programs}:{os.environ['PATH']}", XDG_CONFIG_HOME=str(self.root / "config"),
            XDG_DATA_HOME=str(self.root / "share"), XDG_STATE_HOME=str(self.root / "state"),
            XDG_CACHE_HOME=str(self.root / "cache"))

    def edit(self, settings, *words):
        """Neovim with these settings on the Jenkinsfile; what it prints."""
        ending = "lua" if settings is not None and "vim.lsp" in settings else "vim"
        file = self.root / f"init.{ending}"
        file.write_text(settings)
        done = subprocess.run(["nvim", "--headless", "-n", "-i", "NONE", "-u", file, "Jenkinsfile", *words],
                              cwd=self.project, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120)
        return done.stdout.decode(), done.stderr.decode(errors="replace")

    def test_a_session_with_the_language_server(self):
        self.write(MISTAKEN)
        out, err = self.edit(block("lua"), "-c", f"luafile {HERE / 'neovim_session.lua'}")
        told = json.loads(out)
        self.assertNotIn("problem", told, err)
        self.assertEqual(told["filetype"], "groovy")
        # Columns are bytes for Neovim and UTF-16 units on the way.
        self.assertEqual(told["opened"], [{"line": 4, "column": 29, "last": 32,
                                           "text": "unknown step 'ech'; did you mean 'echo'?"}])
        self.assertIn("echo(", told["hover"])
        self.assertLessEqual({"options", "post", "environment"}, set(told["words"]))
        self.assertIn("nonsense", told["edited"][0]["text"])
        self.assertEqual(told["edited"][0]["line"], 1)
        self.assertEqual((self.root / "status").read_text(), "0\n")

    def test_the_quickfix_list_from_lint(self):
        self.write(MISTAKEN)
        out, err = self.edit(block("vim"), "-c", "silent make", "-c",
                             "call writefile([json_encode(getqflist())], 'found.json')", "-c", "qa!")
        found = [one for one in json.loads((self.project / "found.json").read_text()) if one["valid"]]
        self.assertEqual([(one["lnum"], one["type"], one["text"]) for one in found],
                         [(5, "e", "unknown step 'ech'; did you mean 'echo'?")], out + err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
