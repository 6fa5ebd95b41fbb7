"""Tools and schemas that several clients are tested with, and what an answer has to be to satisfy them.

Every text has a bound or is one of a few: what a small model writes freely may go on until there is no more room."""

import json

import jsonschema

from suite import Failure

WEATHER = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "minLength": 1, "maxLength": 20},
        "unit": {"enum": ["celsius", "fahrenheit"]},
        "days": {"type": "integer", "minimum": 1, "maximum": 9},
    },
    "required": ["city", "unit", "days"],
    "additionalProperties": False,
}

CLOCK = {
    "type": "object",
    "properties": {"zone": {"enum": ["UTC", "CET", "JST"]}, "seconds": {"type": "boolean"}},
    "required": ["zone"],
    "additionalProperties": False,
}

SCHEMAS = {"get_weather": WEATHER, "get_time": CLOCK}
DESCRIPTIONS = {"get_weather": "The weather in a city.", "get_time": "The time in a zone."}

REPORT = {
    "type": "object",
    "properties": {
        "mood": {"enum": ["good", "bad"]},
        "score": {"type": "integer", "minimum": 0, "maximum": 100},
        "words": {
            "type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "string", "minLength": 1, "maxLength": 8}},
        "note": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
    },
    "required": ["mood", "score", "words", "note"],
    "additionalProperties": False,
}

# A list that takes a model hundreds of tokens to write, whatever it thinks of it: long enough to be asked again beside it.
LONG = {
    "type": "object",
    "properties": {"bits": {"type": "array", "items": {"enum": [0, 1]}, "minItems": 200, "maxItems": 200}},
    "required": ["bits"],
    "additionalProperties": False,
}

QUESTION = "What is the weather in Paris for the next 3 days, and what time is it there?"


def check_value(value, schema, what):
    """Fails unless the value satisfies the schema, by the judgement of an independent validator."""
    errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(value)]
    if errors:
        raise Failure(f"{what} is {json.dumps(value)[:300]}, which does not satisfy its schema: {errors[0]}")


def check_text(text, schema, what):
    """Fails unless the text is JSON that satisfies the schema."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Failure(f"{what} is no JSON ({error}): {text[:300]!r}") from None
    check_value(value, schema, what)
    return value


def check_call(name, arguments, names=tuple(SCHEMAS)):
    """Fails unless a call is one of a tool that there is, with arguments that satisfy the tool's schema."""
    if name not in names:
        raise Failure(f"the call is of {name!r}, expected one of {sorted(names)}")
    if isinstance(arguments, str):
        check_text(arguments, SCHEMAS[name], f"the arguments of {name}")
    else:
        check_value(arguments, SCHEMAS[name], f"the arguments of {name}")
