"""Reads answers of both APIs, whole and streamed, and raises a `Problem` at the first thing that is not as it has to be."""

import dataclasses
import json

from wire import Problem

STOP_REASONS = {"end_turn", "max_tokens", "stop_sequence", "tool_use", "model_context_window_exceeded"}
FINISH_REASONS = {"stop", "length", "tool_calls"}
# What a reason of one API is called by the other.
ENDINGS = {
    "end_turn": "stop", "stop_sequence": "stop", "tool_use": "tool_calls", "max_tokens": "length",
    "model_context_window_exceeded": "length"}


@dataclasses.dataclass
class Choice:
    """One of the answers to a request."""

    text: str = ""
    calls: list = dataclasses.field(default_factory=list)
    ending: str = ""
    measured: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Answer:
    """What was answered, in the same form for both APIs; names that are drawn at random are left out."""

    choices: list = dataclasses.field(default_factory=list)
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    error: dict | None = None

    def same_part(self):
        """What has to be the same whenever the same is asked."""
        return [dataclasses.asdict(choice) for choice in self.choices], self.error


def require(condition, message):
    if not condition:
        raise Problem(message)


def parsed(data):
    """The JSON of a text or bytes."""
    try:
        return json.loads(data)
    except ValueError as error:
        raise Problem(f"no JSON ({error}): {data[:200]!r}") from None


def frames(data):
    """The events of a stream as pairs of a name (or `None`) and a text of data; comments are left out."""
    text = data.decode("utf-8")
    require(text == "" or text.endswith("\n\n"), f"the stream ends within a frame: {text[-80:]!r}")
    for frame in text.split("\n\n")[:-1]:
        name, values = None, []
        for line in frame.split("\n"):
            if line.startswith("event: "):
                require(name is None, f"a frame has two names: {frame[:200]!r}")
                name = line[7:]
            elif line.startswith("data: "):
                values.append(line[6:])
            else:
                require(line.startswith(":"), f"a frame has the line {line[:100]!r}")
        require(len(values) == 1 or (not values and name is None), f"a frame with {len(values)} lines of data")
        if values:
            yield name, values[0]


def whole_prefix(data):
    """The part of an interrupted stream that consists of whole frames."""
    end = data.rfind(b"\n\n")
    return data[: end + 2] if end >= 0 else b""


# The Messages API


def messages_usage(answer, usage):
    counts = [usage.get(key) for key in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")]
    require(all(isinstance(count, int) and count >= 0 for count in counts), f"usage is {usage}")
    require(isinstance(usage.get("output_tokens"), int), f"usage is {usage}")
    answer.prompt_tokens, answer.output_tokens = sum(counts), usage["output_tokens"]


def message(data):
    """A whole answer of the Messages API."""
    body = parsed(data)
    require(body.get("type") == "message" and body.get("role") == "assistant", f"no message: {data[:200]!r}")
    require(body.get("id", "").startswith("msg_"), f"the id is {body.get('id')!r}")
    require(body.get("stop_reason") in STOP_REASONS, f"stop_reason is {body.get('stop_reason')!r}")
    choice = Choice(ending=ENDINGS[body["stop_reason"]])
    for block in body["content"]:
        if block["type"] == "text":
            choice.text += block["text"]
        elif block["type"] == "tool_use":
            require(isinstance(block["input"], dict), f"the input of a tool is {block['input']!r}")
            choice.calls.append((block["name"], block["input"]))
        else:
            require(block["type"] == "thinking", f"a block of the type {block['type']!r}")
    require(body["stop_reason"] != "tool_use" or choice.calls, "the answer stops for a tool, but calls none")
    answer = Answer([choice])
    messages_usage(answer, body["usage"])
    return answer


DELTAS = {
    "text": {"text_delta": "text"}, "tool_use": {"input_json_delta": "partial_json"},
    "thinking": {"thinking_delta": "thinking", "signature_delta": "signature"}}


class MessagesStream:
    """The order of events: a start, blocks one after another, one message_delta, one stop; or an error in the place of
    the rest."""

    def __init__(self):
        self.state = "before"
        self.block = None
        self.next_index = 0
        self.arguments = ""
        self.choice = Choice()
        self.answer = Answer([self.choice])

    def take(self, name, text):
        data = parsed(text)
        require(data.get("type") == name, f"the event {name} has data of the type {data.get('type')!r}")
        require(self.state != "over", f"{name} after the end")
        if name == "ping":
            require(self.state != "before", "a ping before message_start")
        elif name == "error":
            require(isinstance(data["error"]["message"], str), f"an error without a message: {text[:200]}")
            self.answer.error, self.state = data["error"], "over"
        elif self.state == "before":
            self._start(name, data)
        elif self.state == "blocks":
            self._within(name, data)
        else:
            require(name == "message_stop", f"{name} after message_delta")
            self.state = "over"

    def _start(self, name, data):
        require(name == "message_start", f"the first event is {name}")
        begun = data["message"]
        require(begun["content"] == [] and begun["stop_reason"] is None, f"it starts with {begun}")
        messages_usage(self.answer, begun["usage"])
        self.prompt_tokens = self.answer.prompt_tokens
        self.state = "blocks"

    def _within(self, name, data):
        if name == "content_block_start":
            require(self.block is None, "a block starts within another")
            require(data["index"] == self.next_index, f"block {data['index']} instead of {self.next_index}")
            self.block, self.arguments, self.has_signature = data["content_block"], "", False
            kind = self.block["type"]
            require(kind in DELTAS, f"a block of the type {kind}")
            blank = {"text": "text", "thinking": "thinking", "tool_use": "input"}[kind]
            require(not self.block[blank], f"a block starts with {self.block}")
        elif name == "content_block_delta":
            require(self.block is not None and data["index"] == self.next_index, f"a delta outside of its block: {data}")
            delta, kind = data["delta"], self.block["type"]
            require(delta["type"] in DELTAS[kind], f"{delta['type']} in a block of the type {kind}")
            require(not self.has_signature, "a delta after the signature")
            value = delta[DELTAS[kind][delta["type"]]]
            self.has_signature = delta["type"] == "signature_delta"
            if kind == "text":
                require(value != "", "an empty piece of text")
                self.choice.text += value
            elif kind == "tool_use":
                self.arguments += value
        elif name == "content_block_stop":
            require(self.block is not None and data["index"] == self.next_index, f"a stop outside of its block: {data}")
            if self.block["type"] == "tool_use":
                self.choice.calls.append((self.block["name"], self.arguments))
            self.block, self.next_index = None, self.next_index + 1
        else:
            require(name == "message_delta", f"{name} among the blocks")
            require(self.block is None, "message_delta within a block")
            reason = data["delta"]["stop_reason"]
            require(reason in STOP_REASONS, f"stop_reason is {reason!r}")
            messages_usage(self.answer, data["usage"])
            require(self.answer.prompt_tokens == self.prompt_tokens, "the tokens of the prompt changed within the stream")
            require(reason != "tool_use" or self.choice.calls, "the answer stops for a tool, but calls none")
            self.choice.ending = ENDINGS[reason]
            self._parse_calls()
            self.state = "stopping"

    def _parse_calls(self):
        """Arguments are whole, except those of the last call of an answer that was cut."""
        calls = self.choice.calls
        for index, (name, text) in enumerate(calls):
            try:
                arguments = json.loads(text or "{}")
            except ValueError:
                is_cut = self.choice.ending == "length" and index == len(calls) - 1
                require(is_cut, f"the arguments of {name} are {text[:200]!r}")
                arguments = {}
            calls[index] = (name, arguments if isinstance(arguments, dict) else {})

    def end(self):
        require(self.state == "over", f"the stream ends in the state {self.state!r} without message_stop or error")
        return self.answer


def messages_stream(data):
    """A complete stream of the Messages API."""
    reader = MessagesStream()
    for name, text in frames(data):
        reader.take(name, text)
    return reader.end()


# Errors

MESSAGES_ERRORS = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
    405: "invalid_request_error", 413: "request_too_large", 504: "timeout_error",
    529: "overloaded_error"}


def refusal(path, status, headers, data):
    """The message of a refusal; checks that it is one in the words of the path's API."""
    body = parsed(data)
    require("request-id" in headers, f"a refusal without request-id: {headers}")
    error = body.get("error")
    require(isinstance(error, dict) and isinstance(error.get("message"), str), f"no error: {data[:200]!r}")
    if path.startswith("/v1/messages"):
        require(body.get("type") == "error", f"an error of the type {body.get('type')!r}")
        require(error["type"] == MESSAGES_ERRORS.get(status), f"status {status} with the type {error['type']!r}")
        require(body.get("request_id") == headers["request-id"], "the body and the header name different requests")
    else:
        require({"message", "type", "param", "code"} <= error.keys(), f"an error with {sorted(error)}")
    if is_overload(status):
        require(headers.get("retry-after", "").isdigit(), f"status {status} without retry-after: {headers}")
    return error["message"]


def is_overload(status):
    return status in (503, 529)
