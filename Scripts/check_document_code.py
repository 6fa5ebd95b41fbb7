#!/usr/bin/env python3
"""Every block of Swift in the documents has to stand, line for line, in a program under Examples/, which is compiled and
run, and every link to a file has to lead to one. A block is marked ```swift; one that is not meant to be compiled is marked
otherwise."""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "Docs").rglob("*.md")),
    *sorted((ROOT / "Sources").rglob("*.docc/**/*.md")),
]
BLOCK = re.compile(r"^```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def main() -> int:
    programs = [path.read_text() for path in sorted((ROOT / "Examples").rglob("*.swift"))]
    blocks = failures = 0
    for document in DOCUMENTS:
        text = document.read_text()
        for block in BLOCK.finditer(text):
            blocks += 1
            # Whole lines only, as they stand or within one pair of braces.
            forms = ["\n" + block[1], "\n" + textwrap.indent(block[1], "  ")]
            if not any(form in "\n" + program for program in programs for form in forms):
                line = text.count("\n", 0, block.start()) + 1
                print(f"{document.relative_to(ROOT)}:{line}: this code is in no program under Examples/", file=sys.stderr)
                failures += 1
        for link in LINK.finditer(text):
            if "://" not in link[1] and not (document.parent / link[1]).exists():
                line = text.count("\n", 0, link.start()) + 1
                print(f"{document.relative_to(ROOT)}:{line}: there is no {link[1]}", file=sys.stderr)
                failures += 1
    if not programs or not blocks:
        print("no examples, or no code in the documents", file=sys.stderr)
        return 1
    if failures == 0:
        print(f"examples: {blocks} blocks of Swift in the documents are in Examples/")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
