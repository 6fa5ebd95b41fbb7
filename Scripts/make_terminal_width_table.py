#!/usr/bin/env python3
"""Writes what MosoTerminal knows about character widths, and the golden values its tests compare with.

The table (which scalars take two columns) comes from the East Asian Width property of the Unicode Character Database, read
through unicodedata2. The golden values come from wcwidth, an implementation of its own, so that the two check each other.

    python3 -m venv venv && venv/bin/pip install unicodedata2==18.0.0 wcwidth==0.9.4
    venv/bin/python Scripts/make_terminal_width_table.py
"""

import pathlib
import random
import sys

import unicodedata2
import wcwidth

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "Sources/MosoTerminal/Text/WideScalars.swift"
FIXTURES = ROOT / "Tests/MosoTerminalTests/Fixtures"


def runs(value_of, scalars):
    """Run-length codes value_of over consecutive scalars: (first, last, value)."""
    result = []
    for scalar in scalars:
        value = value_of(scalar)
        if result and result[-1][1] == scalar - 1 and result[-1][2] == value:
            result[-1][1] = scalar
        else:
            result.append([scalar, scalar, value])
    return result


def is_wide(scalar):
    if 0x20000 <= scalar <= 0x2FFFD or 0x30000 <= scalar <= 0x3FFFD:
        return True  # wide by default, assigned or not (Unicode Standard Annex 11, section 6)
    if unicodedata2.category(chr(scalar)).startswith("M") or scalar == 0x3164:
        return False  # marks are drawn on the letter before them, and the Hangul filler is not drawn
    return unicodedata2.east_asian_width(chr(scalar)) in "WF"


def write_table():
    wide = [(first, last) for first, last, value in runs(is_wide, range(0x110000)) if value]
    lines = [
        "// Written by Scripts/make_terminal_width_table.py; change the script, not this file.",
        f"// East Asian Width W or F in Unicode {unicodedata2.unidata_version}, {len(wide)} ranges.",
        "",
        "/// The scalars that take two columns on a terminal: first and last of each range, in ascending order.",
        "let wideScalarRanges: [UInt32] = [",
    ]
    row = "  "
    for first, last in wide:
        item = f"0x{first:X}, 0x{last:X}, "
        if len(row) + len(item) > 118:
            lines.append(row.rstrip())
            row = "  "
        row += item
    lines.append(row.rstrip())
    lines.append("]")
    TABLE.write_text("\n".join(lines) + "\n")


def write_scalar_widths():
    """Width of every scalar that is assigned and printable, as ranges."""
    scalars = [
        s
        for s in range(0x20, 0x110000)
        if unicodedata2.category(chr(s)) not in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")
    ]
    lines = [f"{first:X} {last:X} {value}" for first, last, value in runs(lambda s: wcwidth.wcwidth(chr(s)), scalars)]
    (FIXTURES / "scalar-widths.txt").write_text("\n".join(lines) + "\n")


def write_text_widths():
    """Width of texts made of several scalars: scripts, emoji sequences, and seeded mixtures of both."""
    pieces = [
        "a", "é", "e\u0301", "o\u0308\u0323", "漢字", "ｱｲｳ", "ＡＢＣ", "한국어", "\u1112\u1161\u11ab", "नमस्ते", "ภาษาไทย", "שלום",
        "مرحبا", "русский", "①", "…", "—", "👍", "👍🏽", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "❤", "❤\ufe0f", "🇫🇷", "🇯🇵🇰🇷",
        "1\ufe0f\u20e3", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "⌚", "☺", "☺\ufe0f", "\u200b", "\u2060",
        "𠀀", "ﷺ", "👩\u200d💻", "🧑🏿\u200d🚀", "🫠", "⛄", "☃", "x̄", "\u00a0", "„“", "。", "、",
    ]
    source = random.Random(20)
    texts = list(pieces)
    for _ in range(300):
        texts.append(" ".join(source.choice(pieces) for _ in range(source.randint(2, 6))))
    lines = []
    for text in texts:
        scalars = " ".join(f"{ord(c):X}" for c in text)
        lines.append(f"{wcwidth.wcswidth(text)} {scalars}")
    (FIXTURES / "text-widths.txt").write_text("\n".join(lines) + "\n")


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    write_table()
    write_scalar_widths()
    write_text_widths()
    print(f"wrote {TABLE.name}, scalar-widths.txt, text-widths.txt", file=sys.stderr)


main()
