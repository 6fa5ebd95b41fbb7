"""Completions, embeddings and models through OpenAI's own library for Python."""

import openai

from openai_requests import client
from moso_server import Server
from suite import expect, expect_raises, expect_true


def test_completion(server):
    """A text is continued, whole and streamed, from text or tokens, one or several."""
    request = {"model": Server.model, "max_tokens": 8, "temperature": 0}
    ask = client(server).completions.create
    prompts = ["The capital of France is", "One, two, three,"]
    single = [ask(prompt=prompt, **request) for prompt in prompts]
    expect((single[0].object, single[0].choices[0].finish_reason), ("text_completion", "length"), "the kind")
    texts = [completion.choices[0].text for completion in single]
    expect_true("Paris" in texts[0], f"the continuation is {texts[0]!r}")
    together = ask(prompt=prompts, **request)
    expect([choice.text for choice in together.choices], texts, "both at once")
    expect([choice.index for choice in together.choices], [0, 1], "the indices")
    expect(together.usage.completion_tokens, 16, "the tokens of both")
    tokens = [server.json("POST", "/tokenize", {"model": "smollm2", "prompt": prompt})["tokens"] for prompt in prompts]
    expect(ask(prompt=tokens[0], **request).choices[0].text, texts[0], "the continuation of tokens")
    expect([choice.text for choice in ask(prompt=tokens, **request).choices], texts, "the continuations of tokens")
    streamed = ["", ""]
    for chunk in ask(prompt=prompts, stream=True, **request):
        for choice in chunk.choices:
            streamed[choice.index] += choice.text
    expect(streamed, texts, "the streamed texts")
    expect(ask(prompt=prompts[0], stop=" Paris", **request).choices[0].text, texts[0].split(" Paris")[0], "stopped")
    several = ask(prompt=prompts[0], n=2, **{**request, "temperature": 1.0, "seed": 1})
    expect(len({choice.text for choice in several.choices}), 2, "how many continuations of one text there are")


def test_echo(server):
    """With echo and logprobs a prompt's own tokens are measured, and the first has no value."""
    prompt = "The capital of France is Paris."
    request = {"model": Server.model, "prompt": prompt, "echo": True, "logprobs": 1, "temperature": 0}
    tokens = server.json("POST", "/tokenize", {"model": "smollm2", "prompt": prompt})["tokens"]
    measured = client(server).completions.create(max_tokens=0, **request)
    expect(measured.choices[0].text, prompt, "the text of the prompt alone")
    both = client(server).completions.create(max_tokens=1, **request)
    for completion, more in ((measured, 0), (both, 1)):
        values = completion.choices[0].logprobs
        expect("".join(values.tokens), completion.choices[0].text, "the text of the tokens")
        lengths = {len(one) for one in (values.tokens, values.token_logprobs, values.top_logprobs, values.text_offset)}
        expect(lengths, {len(tokens) + more}, "the lengths of the lists")
        expect((values.token_logprobs[0], values.top_logprobs[0]), (None, None), "what is known of the first token")
        for value, top in zip(values.token_logprobs[1:], values.top_logprobs[1:]):
            expect_true(value <= max(top.values()) and value in top.values(), f"{value} is not among {top}")
        for offset, token in zip(values.text_offset, values.tokens):
            expect(completion.choices[0].text[offset: offset + len(token)], token, "the text at the offset")
    streamed = [
        choice for chunk in client(server).completions.create(max_tokens=1, stream=True, **request) for choice in chunk.choices]
    expect("".join(choice.text for choice in streamed), both.choices[0].text, "the streamed text")
    values = [value for choice in streamed if choice.logprobs for value in choice.logprobs.token_logprobs]
    expect(values, both.choices[0].logprobs.token_logprobs, "the streamed measures")
    expect(both.choices[0].logprobs.token_logprobs[:-1], measured.choices[0].logprobs.token_logprobs, "the measures")


def test_echo_agrees(server):
    """What a token was given while it was generated is what it is given when it is measured."""
    request = {"model": Server.model, "logprobs": 2, "temperature": 0}
    said = client(server).completions.create(prompt="One, two, three,", max_tokens=6, **request).choices[0]
    again = client(server).completions.create(
        prompt="One, two, three," + said.text, max_tokens=0, echo=True, **request).choices[0]
    expect(again.logprobs.tokens[-6:], said.logprobs.tokens, "the tokens")
    expect(again.logprobs.token_logprobs[-6:], said.logprobs.token_logprobs, "the log-probabilities")


def test_embeddings(server):
    """Embeddings have length 1, are the same as numbers or base64, and those of like texts are closer."""
    texts = ["A cat sleeps on the sofa.", "A kitten naps on the couch.", "Stock prices fell sharply on Monday."]
    reply = client(server).embeddings.create(model=Server.model, input=texts)
    vectors = [one.embedding for one in reply.data]
    expect([one.index for one in reply.data], [0, 1, 2], "the indices")
    for vector in vectors:
        expect_true(len(vector) == 576 and abs(sum(x * x for x in vector) - 1) < 1e-3, f"{len(vector)} numbers")
    numbers = client(server).embeddings.create(model=Server.model, input=texts[0], encoding_format="float")
    close = max(abs(a - b) for a, b in zip(numbers.data[0].embedding, vectors[0]))
    expect_true(close < 1e-6, f"numbers and base64 differ by {close}")

    def product(a, b):
        return sum(x * y for x, y in zip(vectors[a], vectors[b]))

    expect_true(product(0, 1) > product(0, 2), f"like texts: {product(0, 1)}, unlike ones: {product(0, 2)}")
    short = client(server).embeddings.create(model=Server.model, input=texts[0], dimensions=64).data[0].embedding
    expect_true(len(short) == 64 and abs(sum(x * x for x in short) - 1) < 1e-3, "the short vector has another length")
    expect_raises(
        openai.BadRequestError, lambda: client(server).embeddings.create(model=Server.model, input=""), "no text")


def test_models(server):
    """Models are listed and found by name."""
    models = list(client(server).models.list())
    expect([(model.id, model.object) for model in models], [("smollm2", "model")], "the models")
    expect(client(server).models.retrieve("smollm2").id, "smollm2", "the model")
    expect_raises(openai.NotFoundError, lambda: client(server).models.retrieve("other"), "another model")
