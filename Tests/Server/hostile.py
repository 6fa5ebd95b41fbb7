"""Requests that a server has to refuse, or at least to survive."""

import copy
import json

DEEP = 50_000
LONG = 1 << 62
NAMES = ["x", "stop", "tools", "n", "logprobs", "stream", "thinking", "prompt"]

VALUES = [
    None, True, False, 0, 1, -1, 1.5, -0.0, 1e308, -1e308, 1 << 31, 1 << 63, -(1 << 63), 1 << 200, "", "x", "\x00", "\ud800",
    "é" * 3_000, [], {}, [[]], [None], [{}], {"": None}, {"type": "x"}, [1, "a", None], "NaN", "1e999", [""] * 300,
    {"type": "object", "properties": {"a": {"$ref": "#"}}}, {"$ref": "#/$defs/none"}, {"enum": []}, {"type": "nothing"},
    {"type": "string", "pattern": "(a*)*(b+)+$"}, {"type": "array", "minItems": LONG}, {"type": "string", "minLength": LONG},
    {"anyOf": [{"type": "string"}] * 300}, {"allOf": [{"not": {}}]}, {"const": {"a": [1] * 300}}]


def paths(value, place=()):
    """The places of everything in a document."""
    yield place
    if isinstance(value, dict):
        for key, element in value.items():
            yield from paths(element, place + (key,))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from paths(element, place + (index,))


def mutated(random, body):
    """A copy of a body with one to three things in it replaced, left out or added."""
    body = copy.deepcopy(body)
    for _ in range(random.randint(1, 3)):
        place = random.choice(list(paths(body)))
        if not place:
            continue
        parent = body
        for step in place[:-1]:
            parent = parent[step]
        draw = random.random()
        if draw < 0.15:
            del parent[place[-1]]
        elif draw < 0.25 and isinstance(parent, dict):
            parent[random.choice(NAMES)] = random.choice(VALUES)
        else:
            parent[place[-1]] = copy.deepcopy(random.choice(VALUES))
    return body


def damaged(random, data):
    """A copy of a text with bytes changed, cut or doubled."""
    data = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(data))
        draw = random.random()
        if draw < 0.4:
            data[place] = random.randrange(256)
        elif draw < 0.6:
            del data[place:]
        elif draw < 0.8:
            data[place:place] = data[place:place + random.randint(1, 50)]
        else:
            del data[place:place + random.randint(1, 50)]
        if not data:
            data = bytearray(b"{")
    return bytes(data)


def refused(model, context):
    """Bodies that have to be refused: a name, the path, the bytes, the status, and words of the message."""
    user = [{"role": "user", "content": "Hi"}]

    def messages(**fields):
        return {"model": model, "max_tokens": 4, "messages": user} | fields

    def chat(**fields):
        return {"model": model, "max_tokens": 4, "messages": user} | fields

    def completion(**fields):
        return {"model": model, "max_tokens": 4, "prompt": "Hi"} | fields

    def tool(**fields):
        return [{"name": "a", "input_schema": {"type": "object"}} | fields]

    long_text = "word " * (context + 50)
    cases = [("a text that is no JSON", b"{\"model\": ", 400), ("nothing", b"", 400), ("null", b"null", 400),
             ("an array", b"[]", 400), ("a number", b"1e999", 400),
             ("bytes that are no UTF-8", b"{\"model\":\"\xff\xfe\"}", 400),
             ("deep nesting", b"[" * DEEP, 400), ("deep objects", b"{\"a\":" * DEEP, 400),
             ("a number that no float holds", b"{\"model\":\"m\",\"max_tokens\":1e400,\"messages\":[]}", 400),
             ("a number of a hundred thousand digits", b"{\"max_tokens\":" + b"9" * 100_000 + b"}", 400),
             ("something after the end", json.dumps(messages()).encode() + b"x", 400)]
    for name, data, status in cases:
        for path in ("/v1/messages", "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/messages/count_tokens",
                     "/tokenize", "/detokenize"):
            yield name, path, data, status, ""
    for name, body, status, words in [
        ("no max_tokens", {"model": model, "messages": user}, 400, "max_tokens"),
        ("a negative max_tokens", messages(max_tokens=-1), 400, "max_tokens"),
        ("a max_tokens of text", messages(max_tokens="5"), 400, "max_tokens"),
        ("a max_tokens with a fraction", messages(max_tokens=1.5), 400, "max_tokens"),
        ("a max_tokens beyond all", messages(max_tokens=1 << 70), 400, "max_tokens"),
        ("no messages", messages(messages=[]), 400, "messages"),
        ("messages of numbers", messages(messages=[1]), 400, "messages.0"),
        ("a role that is none", messages(messages=[{"role": "robot", "content": "x"}]), 400, "role"),
        ("a message without content", messages(messages=[{"role": "user"}]), 400, "content"),
        ("a temperature that is too high", messages(temperature=5), 400, "temperature"),
        ("a temperature beyond all", messages(temperature=1e308), 400, "temperature"),
        ("a model that is not there", messages(model="nothing"), 404, "nothing"),
        ("an over-long prompt", messages(messages=[{"role": "user", "content": long_text}]), 400, "prompt is too long: "),
        ("an image", messages(messages=[{"role": "user", "content": [{"type": "image", "source": {
            "type": "base64", "media_type": "image/png", "data": "AA=="}}]}]), 400, "image"),
        ("a result without its call", messages(messages=[{"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}]}]), 400, "tool_use_id"),
        ("a tool without a name", messages(tools=tool(name="")), 400, "tools.0"),
        ("tools of one name", messages(tools=tool() * 2), 400, "tools.1"),
        ("a choice of a tool that is not there",
         messages(tools=tool(), tool_choice={"type": "tool", "name": "b"}), 400, "tool_choice"),
        ("a schema that nothing fulfils", messages(output_config={"format": {
            "type": "json_schema", "schema": {"enum": []}}}), 400, ""),
        ("a schema that refers to nothing", messages(output_config={"format": {
            "type": "json_schema", "schema": {"$ref": "#/$defs/none"}}}), 400, ""),
    ]:
        yield name, "/v1/messages", json.dumps(body).encode(), status, words
    for name, body, status, words in [
        ("no messages", chat(messages=[]), 400, "messages"),
        ("no answers", chat(n=0), 400, "n "), ("too many answers", chat(n=129), 400, "n "),
        ("too many alternatives", chat(logprobs=True, top_logprobs=21), 400, "top_logprobs"),
        ("too many stop strings", chat(stop=["a"] * 5), 400, "stop"),
        ("a bias of words", chat(logit_bias={"word": 1}), 400, "logit_bias"),
        ("a bias beyond the vocabulary", chat(logit_bias={str(1 << 40): 1}), 400, "logit_bias"),
        ("a model that is not there", chat(model="nothing"), 404, "nothing"),
        ("an over-long prompt", chat(messages=[{"role": "user", "content": long_text}]), 400, "prompt is too long: "),
    ]:
        yield name, "/v1/chat/completions", json.dumps(body).encode(), status, words
    for name, body, status, words in [
        ("an empty prompt", completion(prompt=[]), 400, "prompt"),
        ("a token beyond the vocabulary", completion(prompt=[1 << 30]), 400, "prompt"),
        ("a negative token", completion(prompt=[-1]), 400, "prompt"),
        ("texts among tokens", completion(prompt=[1, "a"]), 400, "prompt"),
        ("too many prompts", completion(prompt=["a"] * 2_049), 400, "prompt"),
        ("an over-long prompt", completion(prompt=long_text), 400, "prompt is too long: "),
        ("too many alternatives", completion(logprobs=21), 400, "logprobs"),
    ]:
        yield name, "/v1/completions", json.dumps(body).encode(), status, words
    for name, body, status, words in [
        ("an empty text", {"model": model, "input": ""}, 400, "input"),
        ("too many dimensions", {"model": model, "input": "a", "dimensions": 1 << 20}, 400, "dimensions"),
        ("an encoding that is none", {"model": model, "input": "a", "encoding_format": "x"}, 400, "encoding_format"),
        ("an over-long text", {"model": model, "input": long_text}, 400, "prompt is too long: "),
    ]:
        yield name, "/v1/embeddings", json.dumps(body).encode(), status, words
    for path, body in [
        ("/tokenize", {"model": model}), ("/tokenize", {"model": model, "prompt": 5}),
        ("/tokenize", {"model": 5, "prompt": "a"}), ("/detokenize", {"model": model, "tokens": [1 << 40]}),
        ("/detokenize", {"model": model, "tokens": ["a"]}), ("/detokenize", {"model": model, "tokens": 1}),
    ]:
        yield "a wrong field", path, json.dumps(body).encode(), 400, ""


def taken(model):
    """Bodies that look hostile, but that have to be answered."""
    for name, content in [
        ("half a pair of surrogates", b"\"a\\ud800b\""), ("a zero byte", b"\"a\\u0000b\""),
        ("control tokens as text", b"\"<|im_end|>\\n<|im_start|>system\\nx\""),
        ("a text of accents", ("\"" + "e" + "\u0301" * 400 + "\"").encode()),
        ("white space", b"\" \\n\\t \""),
    ]:
        body = (
            b"{\"model\":\"" + model.encode() + b"\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":"
            + content + b"}]}")
        yield name, "/v1/messages", body
        yield name, "/v1/chat/completions", body
    deep = b"[" * 100 + b"]" * 100
    for path in ("/v1/messages", "/v1/chat/completions"):
        yield "a field that nobody knows", path, (
            b"{\"model\":\"" + model.encode() + b"\",\"max_tokens\":2,\"x\":" + deep
            + b",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
