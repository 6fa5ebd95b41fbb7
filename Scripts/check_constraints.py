#!/usr/bin/env python3
"""Validates documents that Moso's constraints wrote with the Python package jsonschema.

    pip install 'jsonschema==4.26.0' rfc3339-validator
    MOSO_CONSTRAINT_DOCUMENTS=/tmp/documents.jsonl swift test --disable-xctest --filter SchemaCorpusTests
    Scripts/check_constraints.py /tmp/documents.jsonl

Each line of the file is an object with a schema and the text of a document, written by random walks in
Tests/MosoConstraintsTests/SchemaCorpusTests.swift.
"""

import json
import pathlib
import sys

import jsonschema

# White space as ECMA-262 has it; Python's own \\s holds four control characters more.
SPACE = "\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"


def translated(schema):
    """The schema with patterns that mean in Python what they mean in ECMA-262."""
    if isinstance(schema, dict):
        result = {key: translated(value) for key, value in schema.items()}
        if isinstance(schema.get("pattern"), str):
            result["pattern"] = schema["pattern"].replace("\\S", f"[^{SPACE}]").replace("\\s", f"[{SPACE}]")
        return result
    return [translated(value) for value in schema] if isinstance(schema, list) else schema


def main():
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    count, problems = 0, 0
    for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        case = json.loads(line)
        count += 1
        try:
            validator = jsonschema.Draft202012Validator(translated(case["schema"]), format_checker=checker)
            errors = [error.message for error in validator.iter_errors(json.loads(case["document"]))]
        except ValueError as error:
            errors = [f"no JSON: {error}"]
        if errors:
            problems += 1
            print(case["document"][:300], errors[0][:300], json.dumps(case["schema"])[:600], sep="\n  ")
    print(f"{count} documents, {problems} of them invalid")
    sys.exit(1 if problems or not count else 0)


if __name__ == "__main__":
    main()
