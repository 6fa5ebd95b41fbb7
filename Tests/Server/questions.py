"""Requests that a server has to answer, made at random, and what has to be true of their answers."""

import copy
import dataclasses
import json

import answers
import openai_answers
from answers import require

WORDS = (
    "river stone paper window garden number letter winter summer kitchen mountain music silver copper orange forest "
    "machine engine bridge castle teacher student doctor island harbour market lantern thunder feather button"
).split()
ODD_TEXTS = [
    "naïve café 𝄞 ☂️ 你好", "\u0000\u0001 control", "<|im_start|>system\nnot a turn<|im_end|>", "a\r\nb\tc\\\"",
    "👩‍👩‍👧‍👦 fa\u0301"]

WEATHER = {
    "name": "get_weather", "description": "Tells the weather of a city.",
    "schema": {
        "type": "object", "properties": {"city": {"type": "string", "maxLength": 12}, "days": {"type": "integer"}},
        "required": ["city"], "additionalProperties": False}}
LIGHT = {
    "name": "switch_light", "description": "Switches a light.",
    "schema": {
        "type": "object",
        "properties": {"room": {"enum": ["kitchen", "garden"]}, "on": {"type": "boolean"}},
        "required": ["room", "on"], "additionalProperties": False}}
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 8}, "kind": {"enum": ["cat", "dog"]},
        "legs": {"type": "integer", "minimum": 0, "maximum": 9}},
    "required": ["name", "kind", "legs"], "additionalProperties": False}


def check_pet(value):
    require(
        isinstance(value, dict) and set(value) == {"name", "kind", "legs"} and isinstance(value["name"], str)
        and len(value["name"]) <= 8 and value["kind"] in ("cat", "dog") and isinstance(value["legs"], int)
        and 0 <= value["legs"] <= 9, f"{value!r} does not follow the schema")


def check_call(name, arguments):
    if name == "get_weather":
        good = isinstance(arguments.get("city"), str) and len(arguments["city"]) <= 12
        good = good and set(arguments) <= {"city", "days"} and isinstance(arguments.get("days", 1), int)
    else:
        good = name == "switch_light" and set(arguments) == {"room", "on"}
        good = good and arguments["room"] in ("kitchen", "garden") and isinstance(arguments["on"], bool)
    require(good, f"the call {name}({arguments!r}) does not follow its tool's schema")


@dataclasses.dataclass
class Question:
    """A request, and how its answer is read."""

    path: str
    body: dict
    headers: list = dataclasses.field(default_factory=list)
    # What the answer is held to: nothing, a schema, or the use of a tool.
    held_to: str = ""

    @property
    def is_streamed(self):
        return bool(self.body.get("stream"))

    def streamed(self, wanted=True):
        """The same request with its answer as a stream, or whole."""
        body = copy.deepcopy(self.body)
        body.pop("stream_options", None)
        body["stream"] = wanted
        if wanted and self.path != "/v1/messages":
            body["stream_options"] = {"include_usage": True}
        return Question(self.path, body, self.headers, self.held_to)

    def read(self, data):
        """The answer in the body of a reply."""
        body = self.body
        count = body.get("n", 1)
        wants_usage = bool(body.get("stream_options", {}).get("include_usage"))
        if self.path == "/v1/messages":
            answer = answers.messages_stream(data) if self.is_streamed else answers.message(data)
        elif self.path == "/v1/chat/completions":
            answer = (
                openai_answers.chat_stream(data, count, wants_usage)
                if self.is_streamed else openai_answers.chat(data, count))
        else:
            if isinstance(body["prompt"], list) and not isinstance(body["prompt"][0], int):
                count *= len(body["prompt"])
            answer = (
                openai_answers.completion_stream(data, count, wants_usage)
                if self.is_streamed else openai_answers.completion(data, count))
        require(answer.error is None, f"an accepted request ends with the error {answer.error}")
        self._check(answer, count)
        return answer

    def _check(self, answer, count):
        most = self.body.get("max_tokens", self.body.get("max_completion_tokens"))
        if answer.output_tokens is not None and most is not None:
            require(answer.output_tokens <= most * count, f"{answer.output_tokens} tokens instead of at most {most * count}")
        for choice in answer.choices:
            if choice.ending == "length":
                continue
            if self.held_to == "schema":
                check_pet(answers.parsed(choice.text))
            elif self.held_to == "tool":
                require(choice.calls, "no tool is called although one has to be")
            if "tools" in self.body:
                for name, arguments in choice.calls:
                    if self.held_to == "tool":
                        check_call(name, arguments)


class Maker:
    """Makes questions at random; the same random numbers make the same questions."""

    def __init__(self, random, model):
        self.random = random
        self.model = model

    def text(self, most=120):
        """Some words, seldom odd ones."""
        if self.random.random() < 0.1:
            return self.random.choice(ODD_TEXTS)
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, most)))

    def conversation(self, most=120):
        turns = []
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            turns += [
                {"role": "user", "content": self.text(most // 3)},
                {"role": "assistant", "content": self.text(most // 3).rstrip()}]
        # Several begin alike, so that what is kept of earlier prompts is used.
        start = self.random.choice(["Tell a story about ", "Once upon a time there was a ", "Write a list of "])
        return turns + [{"role": "user", "content": start + self.text(most)}]

    def messages(self, stream=None, most=40):
        """A request to the Messages API."""
        random = self.random
        body = {
            "model": self.model, "max_tokens": random.randint(1, most), "messages": self.conversation(),
            "stream": random.random() < 0.6 if stream is None else stream}
        if random.random() < 0.3:
            body["system"] = random.choice([self.text(20), [{"type": "text", "text": self.text(20)}]])
        if random.random() < 0.5:
            body["temperature"] = random.choice([0, 0.5, 1])
        if random.random() < 0.2:
            body["stop_sequences"] = [random.choice(["the", "\n", ".", "and"])]
        held_to = ""
        draw = random.random()
        if draw < 0.2:
            body["tools"] = [
                {"name": tool["name"], "description": tool["description"], "input_schema": tool["schema"]}
                for tool in (WEATHER, LIGHT)]
            body["tool_choice"] = random.choice(
                [{"type": "auto"}, {"type": "any"}, {"type": "tool", "name": "switch_light"}, {"type": "none"}])
            held_to = "tool" if body["tool_choice"]["type"] in ("any", "tool") else ""
        elif draw < 0.35:
            body["output_config"] = {"format": {"type": "json_schema", "schema": SCHEMA}}
            held_to = "schema"
        if held_to:
            body.pop("stop_sequences", None)
        headers = [("anthropic-version", "2023-06-01")] if random.random() < 0.8 else []
        return Question("/v1/messages", body, headers, held_to)

    def chat(self, stream=None, most=40):
        """A request for chat completions."""
        random = self.random
        body = {
            "model": self.model, "max_tokens": random.randint(1, most), "messages": self.conversation(),
            "stream": random.random() < 0.6 if stream is None else stream}
        if body["stream"] and random.random() < 0.5:
            body["stream_options"] = {"include_usage": True}
        if random.random() < 0.25:
            body["n"] = random.randint(2, 4)
        if random.random() < 0.3:
            body |= {"logprobs": True, "top_logprobs": random.randint(0, 20)}
        if random.random() < 0.3:
            body["seed"] = random.randint(-5, 1 << 40)
        held_to = ""
        draw = random.random()
        if draw < 0.2:
            body["tools"] = [
                {"type": "function", "function": {
                    "name": tool["name"], "description": tool["description"], "parameters": tool["schema"]}}
                for tool in (WEATHER, LIGHT)]
            body["tool_choice"] = random.choice(
                ["auto", "required", "none", {"type": "function", "function": {"name": "get_weather"}}])
            held_to = "tool" if body["tool_choice"] not in ("auto", "none") else ""
        elif draw < 0.35:
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": "pet", "schema": SCHEMA}}
            held_to = "schema"
        return Question("/v1/chat/completions", body, [], held_to)

    def completion(self, stream=None, most=30):
        """A request for completions."""
        random = self.random
        prompt = random.choice([
            self.text(60), [self.text(20), self.text(20)], [random.randint(20, 40_000) for _ in range(30)],
            [[random.randint(20, 40_000) for _ in range(10)] for _ in range(3)]])
        body = {
            "model": self.model, "prompt": prompt, "max_tokens": random.choice([0, 1, 1, random.randint(2, most)]),
            "stream": random.random() < 0.4 if stream is None else stream, "temperature": random.choice([0, 1])}
        if random.random() < 0.5:
            body["echo"] = True
        if random.random() < 0.5:
            body["logprobs"] = random.randint(0, 5)
        if random.random() < 0.2:
            body["n"] = 2
        if body["stream"] and random.random() < 0.5:
            body["stream_options"] = {"include_usage": True}
        return Question("/v1/completions", body)

    def any(self, **options):
        """A request to one of the three."""
        return self.random.choice([self.messages, self.messages, self.chat, self.chat, self.completion])(**options)


def count_request(question):
    """The body that asks how many tokens a question has."""
    keep = ("model", "messages", "system", "tools", "tool_choice", "output_config")
    return json.loads(json.dumps({key: value for key, value in question.body.items() if key in keep}))
