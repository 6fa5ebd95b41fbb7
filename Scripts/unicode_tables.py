#!/usr/bin/env python3
"""Writes the Unicode tables of MosoTokenizers.

    pip install unicodedataplus==16.0.0.post1 tokenizers
    python3 Scripts/unicode_tables.py            # writes the two Swift files
    python3 Scripts/unicode_tables.py --check    # writes nothing; compares every code point with Hugging Face tokenizers

Hugging Face `tokenizers` (0.23) sees three versions of Unicode, each found by asking it about every code point:

* its regular expressions (Oniguruma) know the categories and White_Space of Unicode 16.0;
* its `Digits` pre-tokenizer asks Rust's `char::is_numeric`, which knows the numbers of Unicode 17.0;
* its NFC normaliser knows the combining classes and compositions of Unicode 9.0.

A text may be cut differently with any other version, so the tables are made for exactly these.
"""

import sys
import unicodedataplus as unicode

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]

# Code points that are numbers in Unicode 17.0 and unassigned in 16.0 (UnicodeData.txt 17.0, categories Nd, Nl and No).
NEW_NUMBERS = set(range(0x11DE0, 0x11DEA)) | {0x16FF4, 0x16FF5, 0x16FF6}

# Other_Alphabetic that is neither a letter, a mark nor a number: the circled and squared Latin letters.
CIRCLED_LETTERS = (
    set(range(0x24B6, 0x24EA)) | set(range(0x1F130, 0x1F14A)) | set(range(0x1F150, 0x1F16A))
    | set(range(0x1F170, 0x1F18A))
)

WHITE_SPACE = {
    *range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
}


def letter_of(code):
    """One letter for everything the scanners ask about a code point; `CharacterClass.swift` gives their meaning."""
    if code in (0x0A, 0x0D):
        return "r"
    if code in WHITE_SPACE:
        return "w"
    if code in NEW_NUMBERS:
        return "x"
    if code in CIRCLED_LETTERS:
        return "s"
    if code in (0x200C, 0x200D):
        return "j"
    category = unicode.category(chr(code)) if not 0xD800 <= code <= 0xDFFF else "Cs"
    table = {
        "Lu": "U", "Lt": "U", "Ll": "l", "Lm": "o", "Lo": "o", "Mn": "M", "Mc": "M", "Me": "M",
        "Nd": "d", "Nl": "d", "No": "n", "Pc": "c",
    }
    if category in table:
        return table[category]
    return {"P": "P", "S": "S", "C": "z"}[category[0]]


def runs(letters):
    """`aaab` becomes `a3b`."""
    out, start = [], 0
    for index in range(1, len(letters) + 1):
        if index == len(letters) or letters[index] != letters[start]:
            count = index - start
            out.append(letters[start] + (str(count) if count > 1 else ""))
            start = index
    return "".join(out)


def is_old(code):
    age = unicode.age(chr(code))
    return age[0].isdigit() and tuple(int(part) for part in age.split(".")) <= (9, 0)


def combining_runs():
    """Runs of equal canonical combining class: `gap:length:class`, in hexadecimal, separated by spaces."""
    out, previous, code = [], 0, 0
    classes = {c: unicode.combining(chr(c)) for c in SCALARS if is_old(c) and unicode.combining(chr(c))}
    codes = sorted(classes)
    index = 0
    while index < len(codes):
        first = codes[index]
        last = first
        while index + 1 < len(codes) and codes[index + 1] == last + 1 and classes[codes[index + 1]] == classes[first]:
            index += 1
            last += 1
        out.append(f"{first - previous:x}:{last - first + 1:x}:{classes[first]:x}")
        previous = last + 1
        index += 1
    return " ".join(out)


def decompositions():
    """`gap=first+second`, or `gap=only`; a `!` before the `=` marks what is never composed again."""
    out, previous = [], 0
    for code in SCALARS:
        text = unicode.decomposition(chr(code))
        if not text or text.startswith("<") or not is_old(code):
            continue
        parts = "+".join(f"{int(part, 16):x}" for part in text.split())
        mark = "" if unicode.normalize("NFC", chr(code)) == chr(code) else "!"
        out.append(f"{code - previous:x}{mark}={parts}")
        previous = code
    return " ".join(out)


def literal(text, width=112):
    lines = []
    while text:
        lines.append("    " + text[:width])
        text = text[width:]
    return "\\\n".join(lines)


HEADER = "// Written by Scripts/unicode_tables.py; do not edit.\n\n"


def write():
    folder = "Sources/MosoTokenizers/Unicode/"
    letters = "".join(letter_of(code) for code in range(0x110000))
    with open(folder + "CharacterClassRuns.swift", "w") as file:
        file.write(
            HEADER
            + "/// The class of every code point from 0 to 0x10FFFF (Unicode 16.0), as runs: a letter and, when above one, how many.\n"
            + "enum CharacterClassRuns {\n  static let text: StaticString = \"\"\"\n"
            + literal(runs(letters)) + "\n    \"\"\"\n}\n"
        )
    with open(folder + "NormalizationRuns.swift", "w") as file:
        file.write(
            HEADER
            + "/// Canonical combining classes and decompositions of Unicode 9.0.\n"
            + "enum NormalizationRuns {\n"
            + "  /// Runs of code points of one combining class: `gap:length:class` in hexadecimal.\n"
            + "  static let combiningClasses: StaticString = \"\"\"\n" + literal(combining_runs()) + "\n    \"\"\"\n\n"
            + "  /// `gap=first+second` or `gap=only` in hexadecimal; `!` marks what is never composed again.\n"
            + "  static let decompositions: StaticString = \"\"\"\n" + literal(decompositions()) + "\n    \"\"\"\n}\n"
        )


def check():
    from tokenizers import Regex, normalizers, pre_tokenizers

    letters = {code: letter_of(code) for code in SCALARS}
    wanted = {
        r"\p{L}": "Ulo", r"\p{Ll}": "l", r"[\p{Lu}\p{Lt}]": "U", r"[\p{Lm}\p{Lo}]": "o", r"\p{M}": "M", r"\p{N}": "dn",
        r"\p{P}": "Pc", r"\p{S}": "Ss", r"\s": "rw", r"[\r\n]": "r",
    }
    failures = 0
    for pattern, kinds in wanted.items():
        remove = normalizers.Replace(Regex(pattern), "")
        kept = set()
        for start in range(0, len(SCALARS), 4096):
            kept.update(map(ord, remove.normalize_str("".join(map(chr, SCALARS[start:start + 4096])))))
        wrong = [hex(c) for c in SCALARS if (c not in kept) != (letters[c] in kinds)]
        failures += len(wrong)
        print(pattern, "differs at", len(wrong), wrong[:10])
    digits = pre_tokenizers.Digits(individual_digits=True)
    wrong = [hex(c) for c in SCALARS if (len(digits.pre_tokenize_str("a" + chr(c))) == 2) != (letters[c] in "dnx")]
    failures += len(wrong)
    print("Digits differs at", len(wrong), wrong[:10])
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    check() if "--check" in sys.argv else write()
