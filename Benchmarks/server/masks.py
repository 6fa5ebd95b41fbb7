"""What it costs to hold an answer to a JSON Schema: the same server, with a schema of twenty fields and without."""

import json
import uuid
from statistics import median

import load
import prompts
import servers

TOKENS = 256
PAIRS = 3
ANSWER_LIMIT = 120
QUESTION = "Describe a village in the mountains."


def schema(name: str) -> dict:
    """Twenty fields of every kind; `name` is part of their names, so that another name makes another schema."""
    fields: dict[str, dict] = {}
    for index in range(4):
        fields[f"text_{name}_{index}"] = {"type": "string", "minLength": 8, "maxLength": 60}
        fields[f"count_{name}_{index}"] = {"type": "integer", "minimum": 0, "maximum": 100_000}
        fields[f"kind_{name}_{index}"] = {"enum": ["red", "green", "blue", "some other colour"]}
        fields[f"flag_{name}_{index}"] = {"type": "boolean"}
    fields[f"day_{name}"] = {"type": "string", "format": "date"}
    fields[f"code_{name}"] = {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}
    fields[f"ratio_{name}"] = {"type": "number", "minimum": 0, "maximum": 1}
    fields[f"list_{name}"] = {
        "type": "array", "items": {"type": "string", "maxLength": 20}, "minItems": 2, "maxItems": 4,
    }
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def pairs(server: servers.Server) -> list[dict]:
    """Seconds a token takes: free, held to a schema that the server has seen, and held to one that is new to it.

    A schema is written into the prompt, so the free question is made as long: tokens deep in a text take longer.
    """
    seen = schema("seen")
    prompt_tokens = _token(server, QUESTION, seen)["prompt_tokens"]
    question = f"{QUESTION} {json.dumps(seen, separators=(',', ':'))}"
    surplus = _token(server, question)["prompt_tokens"] - prompt_tokens
    # Words of one token each make up for what one text has less than the other.
    free, held = question + " and" * max(-surplus, 0), QUESTION + " and" * max(surplus, 0)
    measured = []
    for index in range(PAIRS):
        ways = {
            "free": lambda: _token(server, free),
            "held": lambda: _token(server, held, seen),
            "new": lambda: _token(server, held, schema(uuid.uuid4().hex[:4])),
        }
        order = list(ways) if index % 2 == 0 else list(reversed(ways))
        measured.append({way: ways[way]() for way in order})
    return measured


def share(measured: list[dict], way: str) -> float:
    """The median over pairs of how much longer a token takes when it is held to a schema."""
    return median(pair[way]["token_seconds"] / pair["free"]["token_seconds"] for pair in measured) - 1


def _token(server: servers.Server, question: str, held_to: dict | None = None) -> dict:
    body = prompts.request(question, TOKENS)
    if held_to is not None:
        body["output_config"] = {"format": {"type": "json_schema", "schema": held_to}}
    (answer,) = load.post_at_once(server.port, [body], ANSWER_LIMIT).answers
    return {
        "prompt_tokens": answer.prompt_tokens,
        "output_tokens": answer.output_tokens,
        "token_seconds": (answer.text_times[-1] - answer.text_times[0]) / (answer.output_tokens - 1),
    }
