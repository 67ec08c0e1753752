#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the pages say is tried: their links, their settings, their commands, the manual's options."""
import pathlib
import re
import shlex
import unittest

from harness import Scenario

TOP = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([TOP / "README.md", TOP / "CONTRIBUTING.md", *TOP.glob("docs/**/*.md"),
                *TOP.glob("examples/**/*.md"), *TOP.glob("benchmarks/*.md")])
COMMANDS = ["run", "lint", "plan", "convert", "steps", "lsp", "machine list", "machine exec", "machine ssh",
            "machine console", "machine pause", "machine resume", "machine rm", "box list", "box build", "box rm", "snapshot list", "snapshot show", "snapshot rm",
            "snapshot pin", "snapshot unpin", "snapshot prune", "doctor", "version"]


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.S | re.M)


def prose(page):
    """The page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M)


def anchor(heading):
    """As the forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


class Pages(Scenario):
    def test_links_lead_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
                if "://" in target:
                    continue
                with self.subTest(page=page.name, link=target):
                    path, _, place = target.partition("#")
                    file = page.parent / path if path else page
                    self.assertTrue(file.exists(), "there is no such file")
                    if place:
                        anchors = [anchor(one) for one in re.findall(r"^#+ (.*)", file.read_text(), re.M)]
                        self.assertIn(place, anchors)

    def test_other_pages_are_linked(self):
        names = {page.name for page in TOP.glob("docs/*.md")}
        for page in TOP.glob("docs/*.md"):
            text = re.sub(r"\[[^\]]*\]\([^)]*\)|`[^`]*`", "", prose(page))
            named = [name for name in re.findall(r"[\w-]+\.md", text) if name in names]
            self.assertEqual(named, [], f"{page.name} names pages without a link")

    def test_settings_are_taken(self):
        for page in PAGES:
            for number, text in enumerate(blocks(page, "toml")):
                with self.subTest(page=page.name, block=number):
                    if "[[credential]]" in text or "credential" in page.name or "[[link]]" in text:
                        continue  # another file's form
                    # What belongs to the person's own file is refused in a project's.
                    own = self.root / f"{page.stem}-{number}.toml"
                    own.write_text(text)
                    for file in re.findall(r'file = "([^"]+)"', text):
                        (self.root / file).parent.mkdir(exist_ok=True)
                        (self.root / file).write_text("")
                    status, out, err = self.cupel("steps", "sh", "--config", str(own))
                    self.assertEqual((status, err), (0, ""), out)

    def test_commands_have_the_options_that_are_shown(self):
        helps = {command: self.cupel(*command.split(), "--help")[1] for command in COMMANDS}
        for page in PAGES:
            shown = re.findall(r"`(cupel [^`\n]+)`", prose(page))
            for language in ("console", "sh"):
                for text in blocks(page, language):
                    shown += re.findall(r"^\$? ?(cupel .*)$", text, re.M)
            for line in shown:
                words = shlex.split(line.replace("'", " "), comments=True)[1:]
                command = next((one for one in COMMANDS if words[:len(one.split())] == one.split()), None)
                for option in re.findall(r"(?<![\w-])(--[a-z][a-z-]*)", " ".join(words)):
                    with self.subTest(page=page.name, line=line):
                        self.assertIsNotNone(command if option not in ("--help", "--version") else "")
                        self.assertIn(option, helps[command or "run"] + "--version")

    def test_the_manual_has_every_option(self):
        manual = (TOP / "docs/man/cupel.1").read_text().replace("\\-", "-")
        for command in COMMANDS:
            for option in re.findall(r"(--[a-z][a-z-]+)", self.cupel(*command.split(), "--help")[1]):
                with self.subTest(command=command, option=option):
                    self.assertTrue(option == "--help" or option in manual)
            with self.subTest(command=command):
                self.assertIn(command.split()[-1], manual)


if __name__ == "__main__":
    unittest.main(verbosity=2)
