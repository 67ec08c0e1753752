#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that each folder under src/ includes only from the folders that its USES names."""
import pathlib
import re
import sys


def read_plan(text):
    plan = {}
    for call in re.findall(r"^cupel_folder\(([^)]*)\)", text, re.M):
        words = call.split()
        uses, reading = [], False
        for word in words[1:]:
            if word.isupper():
                reading = word == "USES"
            elif reading:
                uses.append(word)
        plan[words[0]] = uses
    return plan


def folder_of(path, plan):
    candidates = [name for name in plan if path == name or path.startswith(name + "/")]
    return max(candidates, key=len, default=None)


def main():
    root = pathlib.Path(sys.argv[1]) / "src"
    plan = read_plan((root / "CMakeLists.txt").read_text())
    broken = []
    for file in sorted(root.rglob("*.[ch]pp")):
        relative = file.relative_to(root).as_posix()
        own = folder_of(relative, plan)
        if own is None:
            broken.append(f"src/{relative}: its folder has no cupel_folder() line")
            continue
        lines = file.read_text().splitlines()
        if not lines or not lines[0].startswith("// SPDX-License-Identifier: "):
            broken.append(f"src/{relative}:1: the first line must be the SPDX line")
        for number, line in enumerate(lines, 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not match:
                continue
            target = folder_of(match[1], plan)
            if target == own or match[1].startswith("support/") and own:
                continue
            if target not in plan[own]:
                broken.append(f'src/{relative}:{number}: {own} must not include "{match[1]}"')
    print("\n".join(broken) or f"{len(plan)} folders keep to their floors")
    return 1 if broken else 0


sys.exit(main())
