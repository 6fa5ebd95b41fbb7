"""Reads answers of OpenAI's API, whole and streamed, as answers.py reads those of the Messages API."""

import base64
import math
import struct

from answers import FINISH_REASONS, Answer, Choice, frames, parsed, require


def usage(answer, counts):
    require(counts["total_tokens"] == counts["prompt_tokens"] + counts.get("completion_tokens", 0), f"usage is {counts}")
    answer.prompt_tokens, answer.output_tokens = counts["prompt_tokens"], counts.get("completion_tokens", 0)


def call_arguments(name, text, is_cut):
    if is_cut:
        return {}
    arguments = parsed(text)
    require(isinstance(arguments, dict), f"the arguments of {name} are {text[:200]!r}")
    return arguments


def measured(logprobs):
    """The log-probabilities of a choice, checked: none is positive, and each has its alternatives in order."""
    entries = (logprobs or {}).get("content") or []
    for entry in entries:
        require(entry["logprob"] <= 0, f"a log-probability of {entry['logprob']}")
        best = [other["logprob"] for other in entry["top_logprobs"]]
        require(best == sorted(best, reverse=True), f"alternatives are not in order: {best}")
        require(bytes(entry["bytes"]) is not None, "an entry without bytes")
    return entries


def chat(data, count):
    """A whole answer of chat completions to a request for `count` of them."""
    body = parsed(data)
    require(body.get("object") == "chat.completion", f"no completion: {data[:200]!r}")
    answer = Answer()
    require([choice["index"] for choice in body["choices"]] == list(range(count)), f"{len(body['choices'])} choices")
    for given in body["choices"]:
        reason, said = given["finish_reason"], given["message"]
        require(reason in FINISH_REASONS, f"finish_reason is {reason!r}")
        require(said["role"] == "assistant", f"the role is {said['role']!r}")
        choice = Choice(text=said.get("content") or "", ending=reason, measured=measured(given.get("logprobs")))
        calls = said.get("tool_calls") or []
        for index, call in enumerate(calls):
            name, text = call["function"]["name"], call["function"]["arguments"]
            is_cut = reason == "length" and index == len(calls) - 1
            choice.calls.append((name, call_arguments(name, text, is_cut)))
        require(reason != "tool_calls" or choice.calls, "the answer stops for a tool, but calls none")
        answer.choices.append(choice)
    usage(answer, body["usage"])
    return answer


class ChunkStream:
    """The order of chunks: each choice ends once and says nothing afterwards; then the usage, where it was asked for, and
    [DONE] as the last."""

    def __init__(self, kind, count, wants_usage):
        self.kind, self.wants_usage = kind, wants_usage
        self.choices = [Choice() for _ in range(count)]
        self.has_begun = [False] * count
        self.arguments = [[] for _ in range(count)]
        self.answer = Answer(self.choices)
        self.name = None
        self.is_over = False

    def take(self, name, text):
        require(name is None, f"the event {name} in a stream of chunks")
        require(not self.is_over, f"{text[:80]!r} after [DONE]")
        if text == "[DONE]":
            self.is_over = True
            return
        require(self.answer.error is None, "a chunk after an error")
        data = parsed(text)
        if "error" in data:
            self.answer.error = data["error"]
            return
        require(data["object"] == self.kind, f"an object of the kind {data['object']!r}")
        require(self.name in (None, data["id"]), "the id changed within the stream")
        self.name = data["id"]
        require(self.answer.output_tokens is None, "a chunk after the usage")
        if not data["choices"]:
            require(self.wants_usage and self._all_ended(), f"an empty chunk: {text[:200]!r}")
            usage(self.answer, data["usage"])
            return
        require(data.get("usage") is None, "usage before the end")
        for given in data["choices"]:
            self._grow(given["index"], given)

    def _grow(self, index, given):
        choice = self.choices[index]
        require(choice.ending == "", f"choice {index} goes on after its end")
        if self.kind == "text_completion":
            choice.text += given["text"]
            if given["logprobs"] is not None:
                choice.measured.append(given["logprobs"])
        else:
            delta = given["delta"]
            require(("role" in delta) == (not self.has_begun[index]), f"choice {index} begins with {delta}")
            choice.text += delta.get("content") or ""
            choice.measured += measured(given.get("logprobs"))
            for call in delta.get("tool_calls") or []:
                self._call(index, call)
        self.has_begun[index] = True
        if (reason := given["finish_reason"]) is not None:
            require(reason in FINISH_REASONS, f"finish_reason is {reason!r}")
            choice.ending = reason

    def _call(self, index, call):
        known = self.arguments[index]
        if "id" in call:
            require(call["index"] == len(known), f"call {call['index']} instead of {len(known)}")
            known.append([call["function"]["name"], ""])
        require(call["index"] == len(known) - 1, f"a piece of call {call['index']} of {len(known)}")
        known[-1][1] += call["function"]["arguments"]

    def _all_ended(self):
        return all(choice.ending for choice in self.choices)

    def end(self):
        require(self.is_over, "the stream ends without [DONE]")
        if self.answer.error is not None:
            return self.answer
        require(self._all_ended(), "[DONE] before every choice has ended")
        require((self.answer.output_tokens is not None) == self.wants_usage, "the usage is missing")
        for choice, calls in zip(self.choices, self.arguments):
            for index, (name, text) in enumerate(calls):
                is_cut = choice.ending == "length" and index == len(calls) - 1
                choice.calls.append((name, call_arguments(name, text, is_cut)))
            require(choice.ending != "tool_calls" or choice.calls, "the answer stops for a tool, but calls none")
        return self.answer


def chunks(data, kind, count, wants_usage):
    """A complete stream of chunks of `kind`."""
    reader = ChunkStream(kind, count, wants_usage)
    for name, text in frames(data):
        reader.take(name, text)
    return reader.end()


def chat_stream(data, count, wants_usage):
    return chunks(data, "chat.completion.chunk", count, wants_usage)


def completion_stream(data, count, wants_usage):
    return chunks(data, "text_completion", count, wants_usage)


def completion(data, count):
    """A whole answer of completions to a request for `count` of them."""
    body = parsed(data)
    require(body.get("object") == "text_completion", f"no completion: {data[:200]!r}")
    require([choice["index"] for choice in body["choices"]] == list(range(count)), f"{len(body['choices'])} choices")
    answer = Answer()
    for given in body["choices"]:
        require(given["finish_reason"] in FINISH_REASONS, f"finish_reason is {given['finish_reason']!r}")
        choice = Choice(text=given["text"], ending=given["finish_reason"])
        if given.get("logprobs") is not None:
            choice.measured = [given["logprobs"]]
            check_measures(given["logprobs"])
        answer.choices.append(choice)
    usage(answer, body["usage"])
    return answer


def check_measures(logprobs):
    """The four lists of a completion's log-probabilities belong together."""
    count = len(logprobs["tokens"])
    for key in ("token_logprobs", "top_logprobs", "text_offset"):
        require(len(logprobs[key]) == count, f"{key} has {len(logprobs[key])} elements for {count} tokens")
    require(logprobs["text_offset"] == sorted(logprobs["text_offset"]), "offsets go back")
    require(all(value is None or value <= 0 for value in logprobs["token_logprobs"]), "a positive log-probability")


def embeddings(data, count):
    """The vectors of `count` texts; each has length 1."""
    body = parsed(data)
    require([entry["index"] for entry in body["data"]] == list(range(count)), f"{len(body['data'])} vectors")
    vectors = []
    for entry in body["data"]:
        vector = entry["embedding"]
        if isinstance(vector, str):
            raw = base64.b64decode(vector)
            vector = list(struct.unpack(f"<{len(raw) // 4}f", raw))
        require(abs(math.sqrt(sum(value * value for value in vector)) - 1) < 1e-3, "a vector's length is not 1")
        vectors.append(vector)
    return vectors
