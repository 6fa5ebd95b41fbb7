#!/usr/bin/env python3
"""Writes Tests/MosoConstraintsTests/Fixtures/schemas.json: schemas, with documents that are valid and that are not.

Schemas are made at random together with documents that a model could write for them; the documents are changed at random,
and the Python package jsonschema says which of the changed ones are invalid. Everything depends on the seed alone.

    pip install 'jsonschema==4.26.0'
    Scripts/make_constraint_schemas.py
"""

import copy
import json
import pathlib
import random

import jsonschema

PATTERNS = [
    ("^[a-z]+$", ["a", "abc", "hello"]),
    ("^[A-Z]{2}-\\d{3,4}$", ["AB-123", "ZZ-0000"]),
    ("^(red|green|blue)( dark)?$", ["red", "blue dark"]),
    ("^#[0-9a-f]{6}$", ["#00ff7f"]),
    ("b+", ["b", "abba", "é b"]),
    ("^x", ["x", "xylophone"]),
    ("ing$", ["ing", "reading"]),
    ("^\\S+@\\S+$", ["a@b", "ü@日本"]),
    ("^[^\"\\\\]*$", ["", "plain", "ü"]),
    ("^\\w+(?:,\\w+)*$", ["a", "a,b_1,c"]),
    ("^.{2,5}$", ["ab", "héllo", "日本"]),
    ("^(?:a|b){0,3}c?$", ["", "abac", "c"]),
    ("^[+-]?\\d+(?:\\.\\d*)?$", ["+1", "-2.5", "3."]),
    ("^\\u0041\\x42\\t$", ["AB\t"]),
]

FORMATS = {
    "date": ["2024-02-29", "1999-12-31"],
    "time": ["10:11:12Z", "23:59:59.123+01:00"],
    "date-time": ["2024-02-29T10:11:12Z", "2021-06-30T00:00:00.5-08:00"],
    "email": ["a@example.com", "first.last+tag@mail.example.org"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000"],
    "ipv4": ["127.0.0.1", "255.255.255.255"],
    "ipv6": ["::1", "2001:db8::ff00:42:8329", "::ffff:1.2.3.4"],
    "hostname": ["example.com", "a-b.c"],
    "uri": ["https://example.org/a/b?c=d#e", "mailto:someone@example.org"],
    "duration": ["P1D", "PT1H30M", "P3Y6M4DT12H30M5S", "P2W"],
    "made-up": ["anything"],
}

WORDS = ["id", "name", "age", "kind", "city", "tags", "naïve", "a b", "x-1", "q\"uote", "日本", "value", "next", "size"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, share):
        return self.random.random() < share

    def schema(self, depth):
        """A schema, and a function that makes a valid document."""
        simple = [self.string, self.integer, self.number, self.boolean, self.enumeration, self.pattern, self.formatted]
        nested = [self.array, self.tuple, self.object, self.object, self.object, self.union, self.merged, self.tagged]
        return self.random.choice(simple if depth == 0 else simple + nested * 3)(depth)

    def string(self, _):
        schema = {"type": "string"}
        low, high = 0, 30
        if self.chance(0.4):
            low = schema["minLength"] = self.random.randint(0, 5)
        if self.chance(0.4):
            high = schema["maxLength"] = low + self.random.randint(0, 8)
        if self.chance(0.1):
            schema["maxLength"] = 100_000
        letters = "abc xyzéß日😀\"\\\n\t/"
        return schema, lambda: "".join(self.random.choices(letters, k=self.random.randint(low, min(high, low + 8))))

    def integer(self, _):
        schema = {"type": "integer"}
        low, high = -(10**6), 10**6
        if self.chance(0.5):
            low = self.random.choice([0, 1, -5, 10, 99, -1000, 12345])
            schema["minimum"] = low
        if self.chance(0.5):
            high = low + self.random.choice([0, 1, 9, 10, 90, 1000, 10**7])
            if self.chance(0.3):
                schema["exclusiveMaximum"] = high + 1
            else:
                schema["maximum"] = high
        step = 1
        if self.chance(0.3) and high - low > 100:
            step = schema["multipleOf"] = self.random.choice([2, 5, 7, 10, 12])
        first = -(-low // step)
        return schema, lambda: step * self.random.randint(first, max(high // step, first))

    def number(self, _):
        schema = {"type": "number"}
        low, high = -1000.0, 1000.0
        if self.chance(0.5):
            low = self.random.choice([0, 0.5, -1.25, -100, 0.001])
            schema[self.random.choice(["minimum", "exclusiveMinimum"])] = low
        if self.chance(0.5):
            high = low + self.random.choice([0.5, 1, 99.75, 1000])
            schema[self.random.choice(["maximum", "exclusiveMaximum"])] = high
        def document():
            share = self.random.choice([0.25, 0.5, 0.125])
            return round(low + (high - low) * share, 6)
        return schema, document

    def boolean(self, _):
        return self.random.choice([({"type": "boolean"}, lambda: self.chance(0.5)), ({"type": "null"}, lambda: None)])

    def enumeration(self, _):
        values = self.random.sample(["a", "b", "é\n", 1, 2.5, None, True, [1, 2], {"k": "v"}], self.random.randint(1, 4))
        if len(values) == 1:
            return {"const": values[0]}, lambda: values[0]
        return {"enum": values}, lambda: self.random.choice(values)

    def pattern(self, _):
        pattern, examples = self.random.choice(PATTERNS)
        schema = {"type": "string", "pattern": pattern}
        if self.chance(0.3):
            schema["maxLength"] = 12
        return schema, lambda: self.random.choice(examples)

    def formatted(self, _):
        name = self.random.choice(list(FORMATS))
        return {"type": "string", "format": name}, lambda: self.random.choice(FORMATS[name])

    def array(self, depth):
        items, item = self.schema(depth - 1)
        schema = {"type": "array", "items": items}
        low, high = 0, 4
        if self.chance(0.4):
            low = schema["minItems"] = self.random.randint(0, 3)
        if self.chance(0.4):
            high = schema["maxItems"] = low + self.random.randint(0, 3)
        return schema, lambda: [item() for _ in range(self.random.randint(low, max(low, min(high, low + 2))))]

    def tuple(self, depth):
        parts = [self.schema(depth - 1) for _ in range(self.random.randint(1, 3))]
        schema = {"type": "array", "prefixItems": [part[0] for part in parts], "minItems": len(parts)}
        if self.chance(0.5):
            schema["maxItems"] = len(parts)
            return schema, lambda: [part[1]() for part in parts]
        rest, more = self.schema(0)
        schema["items"] = rest
        return schema, lambda: [part[1]() for part in parts] + [more() for _ in range(self.random.randint(0, 2))]

    def members(self, depth, words):
        return [(word, *self.schema(depth - 1), self.chance(0.6)) for word in words]

    def object(self, depth):
        words = self.random.sample(WORDS, self.random.randint(0, 5))
        members = self.members(depth, words)
        schema = {"type": "object", "properties": {word: member for word, member, _, _ in members}}
        schema["required"] = [word for word, _, _, required in members if required]
        extra = None
        kind = self.random.choice(["absent", "false", "true", "schema", "pattern"])
        if kind == "false":
            schema["additionalProperties"] = False
        elif kind == "true":
            schema["additionalProperties"] = True
            extra = ("other", lambda: [1, {"z": None}])
        elif kind == "schema":
            schema["additionalProperties"], value = self.schema(0)
            extra = ("other", value)
        elif kind == "pattern":
            schema["patternProperties"], schema["additionalProperties"] = {"^y-": {"type": "integer"}}, False
            extra = ("y-1", lambda: 5)
        if not words:
            del schema["properties"], schema["required"]
        if self.chance(0.15):
            schema["maxProperties"] = len(members) + 1

        def document():
            result = {word: value() for word, _, value, required in members if required or self.chance(0.5)}
            if extra and self.chance(0.5):
                result[extra[0]] = extra[1]()
            return result

        return schema, document

    def union(self, depth):
        parts = [self.schema(depth - 1) for _ in range(self.random.randint(2, 3))]
        return {"anyOf": [part[0] for part in parts]}, lambda: self.random.choice(parts)[1]()

    def merged(self, depth):
        words = self.random.sample(WORDS, 4)
        first, second = self.members(depth, words[:2]), self.members(depth, words[2:])
        def part(members):
            return {
                "properties": {word: member for word, member, _, _ in members},
                "required": [word for word, _, _, required in members if required],
            }
        schema = {"type": "object", "allOf": [part(first), part(second)]}
        return schema, lambda: {w: value() for w, _, value, required in first + second if required or self.chance(0.5)}

    def tagged(self, depth):
        parts = []
        for tag in self.random.sample(["alpha", "beta", "gamma", "delta"], 3):
            members = self.members(depth, self.random.sample(WORDS, 2))
            schema = {
                "type": "object",
                "properties": {"tag": {"const": tag}, **{word: member for word, member, _, _ in members}},
                "required": ["tag"] + [word for word, _, _, _ in members],
                "additionalProperties": False,
            }
            parts.append((schema, tag, members))

        def document():
            _, tag, members = self.random.choice(parts)
            return {"tag": tag, **{word: value() for word, _, value, _ in members}}

        return {"oneOf": [part[0] for part in parts]}, document

    def recursive(self):
        value, make = self.schema(1)
        schema = {
            "$ref": "#/$defs/node",
            "$defs": {
                "node": {
                    "type": "object",
                    "properties": {
                        "value": value,
                        "left": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                        "children": {"type": "array", "items": {"$ref": "#/$defs/node"}, "maxItems": 3},
                    },
                    "required": ["value", "left"],
                    "additionalProperties": False,
                }
            },
        }

        def node(depth):
            result = {"value": make(), "left": node(depth - 1) if depth and self.chance(0.5) else None}
            if self.chance(0.5):
                result["children"] = [node(depth - 1) for _ in range(self.random.randint(0, 2))] if depth else []
            return result

        return schema, lambda: node(2)

    def changed(self, document):
        """The document with a value, a name or a length that is another one."""
        document = copy.deepcopy(document)
        places = []

        def collect(value, path):
            places.append(path)
            if isinstance(value, dict):
                for key in value:
                    collect(value[key], path + [key])
            elif isinstance(value, list):
                for index, element in enumerate(value):
                    collect(element, path + [index])

        collect(document, [])
        path = self.random.choice(places)
        holder, key = [document], 0
        for step in path:
            holder, key = holder[key], step
        value = holder[key]
        if isinstance(value, dict) and value and self.chance(0.5):
            value.pop(self.random.choice(list(value)))
        elif isinstance(value, dict) and self.chance(0.5):
            value["zzz"] = 1
        elif isinstance(value, list) and self.chance(0.6):
            value.append(copy.deepcopy(value[-1]) if value else 0)
        elif isinstance(value, str) and self.chance(0.7):
            cut = self.random.randint(0, len(value))
            text = self.random.choice([value[:cut], value + "b", value[:cut] + "é" + value[cut:], "2024-02-30", value * 3])
            if path:
                holder[key] = text
            else:
                return text
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and self.chance(0.7):
            number = self.random.choice([value + 1, -value, value * 10, value + 0.5, value * 1000 + 7])
            if path:
                holder[key] = number
            else:
                return number
        else:
            other = self.random.choice([None, True, 0, -3, 2.5, "", "other", [], {}, [1], {"a": 1}])
            if path:
                holder[key] = other
            else:
                return other
        return document


def write(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def main():
    cases = []
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    seed = 0
    while len(cases) < 250:
        seed += 1
        maker = Maker(seed)
        schema, make = maker.recursive() if seed % 10 == 0 else maker.schema(1 + seed % 3)
        if len(write(schema)) > 900:
            continue
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
        valid, invalid = [], []
        for _ in range(6):
            document = make()
            if validator.is_valid(document) and write(document) not in valid and len(write(document)) < 300:
                valid.append(write(document))
            for _ in range(3):
                other = maker.changed(document)
                if not validator.is_valid(other) and write(other) not in invalid and len(invalid) < 5 and len(write(other)) < 200:
                    invalid.append(write(other))
        cases.append({"schema": schema, "valid": valid[:3], "invalid": invalid})
    target = pathlib.Path(__file__).parent.parent / "Tests/MosoConstraintsTests/Fixtures/schemas.json"
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(len(cases), sum(len(c["valid"]) for c in cases), sum(len(c["invalid"]) for c in cases), target.stat().st_size)


if __name__ == "__main__":
    main()
