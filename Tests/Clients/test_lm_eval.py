"""The Language Model Evaluation Harness: log-likelihoods and answers through completions, chats and messages."""

import os
import pathlib

os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TQDM_DISABLE"] = "1"
os.environ["OPENAI_API_KEY"] = os.environ["ANTHROPIC_API_KEY"] = "not-needed"

import lm_eval  # noqa: E402
from lm_eval.api.instance import Instance  # noqa: E402
from lm_eval.api.registry import get_model  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

from suite import expect, expect_true  # noqa: E402

# The tasks name their data by paths from here.
TASKS = pathlib.Path(__file__).parent / "lm_eval_tasks"
os.chdir(TASKS)
OWN = TaskManager(include_path=str(TASKS), include_defaults=False)


def completions(server, **more):
    return get_model("local-completions")(
        model="smollm2", base_url=server.base + "/v1/completions", tokenizer_backend="remote", max_retries=1, **more)


def evaluate(model, task, **options):
    """What the harness says of a task, and its samples."""
    found = lm_eval.simple_evaluate(
        model=model, tasks=[task], task_manager=OWN, bootstrap_iters=0, **options)
    return found["results"][task], found["samples"][task]


def tokens(server, text):
    return server.json("POST", "/tokenize", {"prompt": text, "add_special_tokens": False})["tokens"]


def measured(server, context, continuation):
    """The log-likelihood of a continuation by a request of our own, and whether each of its tokens is the best one."""
    body = {"model": "smollm2", "prompt": context + continuation, "max_tokens": 0, "echo": True, "logprobs": 1}
    values = server.json("POST", "/v1/completions", body)["choices"][0]["logprobs"]
    pairs = list(zip(values["token_logprobs"], values["top_logprobs"]))[len(context):]
    return sum(value for value, _ in pairs), all(value == max(top.values()) for value, top in pairs)


def test_remote_tokenizer(server):
    """The harness finds the server's own tokenizer by itself, and text goes there and back."""
    model = get_model("local-completions")(model="smollm2", base_url=server.base + "/v1/completions")
    expect(model.tokenizer_backend, "remote", "the tokenizer that was found")
    text = "Gr\u00fc\u00dfe, \U0001f33b and  spaces\n"
    expect(model.tokenizer.decode(model.tok_encode(text)), text, "the text that came back")
    expect(model.tok_encode(text), tokens(server, text), "the tokens")


def test_control_tokens(server):
    """The tokens that begin and end texts are found by their names."""
    information = server.json("GET", "/tokenizer_info")
    tokenizer = completions(server).tokenizer
    expect(tokenizer.decode([tokenizer.eos_token_id]), information["eos_token"], "the token that ends texts")
    expect(tokenizer.decode([tokenizer.bos_token_id]), information["bos_token"], "the token that begins texts")


def test_log_likelihood(server):
    """Log-likelihoods are those that the server tells when it is asked directly, alone, in batches and many at a time."""
    pairs = [("The capital of France is", " Paris"), ("The capital of France is", " purple"), ("One, two,", " three, four")]
    asked = [
        Instance(request_type="loglikelihood", doc={}, arguments=pair, idx=index, metadata=("pairs", index, 1))
        for index, pair in enumerate(pairs)]
    expected = []
    for context, continuation in pairs:
        whole, first = tokens(server, context + continuation), tokens(server, context)
        expected.append(measured(server, first, whole[len(first):]))
    for more in ({}, {"batch_size": 3}, {"num_concurrent": 3}, {"tokenized_requests": False}):
        found = completions(server, **more).loglikelihood(asked)
        for pair, one, other in zip(pairs, found, expected):
            expect_true(abs(one[0] - other[0]) < 1e-4, f"{more}: {pair} has {one[0]}, expected {other[0]}")
            expect(one[1], other[1], f"{more}: whether {pair} is what the model would say")
    expect_true(expected[0][0] > expected[1][0] + 3 and expected[0][1] and not expected[1][1], f"found {expected}")


def test_choices(server):
    """A task that is trivially easy is solved, one request at a time and in batches."""
    for more in ({}, {"batch_size": 8}, {"num_concurrent": 8}):
        results, samples = evaluate(completions(server, **more), "moso_choices")
        expect((results["acc,none"], len(samples)), (1.0, 8), f"{more}: the accuracy and the number of samples")


def test_texts(server):
    """The perplexity of texts is the one that the server's own measures give."""
    model = completions(server)
    results, samples = evaluate(model, "moso_texts")
    total = size = 0
    for sample in samples:
        text = sample["doc"]["text"]
        total += measured(server, [model.prefix_token_id], tokens(server, text))[0]
        size += len(text.encode())
    found = results["bits_per_byte,none"]
    expected = -total / size / 0.6931471805599453
    expect_true(abs(found - expected) < 1e-4, f"there are {found} bits per byte, expected {expected}")
    expect_true(0.2 < found < 2, f"there are {found} bits per byte")


def test_answers(server):
    """Answers end at the stop strings and are those that the server gives when it is asked directly."""
    for more in ({}, {"batch_size": 3}, {"num_concurrent": 3}, {"tokenized_requests": False}):
        results, samples = evaluate(completions(server, **more), "moso_answers")
        for sample in samples:
            body = {
                "model": "smollm2", "prompt": sample["doc"]["sentence"], "max_tokens": 12, "temperature": 0,
                "stop": ["\n", "."]}
            direct = server.json("POST", "/v1/completions", body)["choices"][0]["text"]
            expect(sample["resps"][0][0], direct, f"{more}: the continuation of {sample['doc']['sentence']!r}")
        expect_true(results["exact_match,none"] > 0, f"{more}: no answer is right: {[one['resps'] for one in samples]}")


def test_chats(server):
    """Chats are answered through chat completions, as the server answers when it is asked directly."""
    for more in ({}, {"num_concurrent": 3}):
        model = get_model("local-chat-completions")(
            model="smollm2", base_url=server.base + "/v1/chat/completions", max_retries=1, eos_string="<|im_end|>", **more)
        _, samples = evaluate(model, "moso_answers", apply_chat_template=True, system_instruction="You finish sentences.")
        for sample in samples:
            messages = [
                {"role": "system", "content": "You finish sentences."},
                {"role": "user", "content": sample["doc"]["sentence"]}]
            body = {
                "model": "smollm2", "messages": messages, "max_tokens": 12, "temperature": 0,
                "stop": ["\n", ".", "<|im_end|>"]}
            direct = server.json("POST", "/v1/chat/completions", body)["choices"][0]["message"]["content"]
            expect(sample["resps"][0][0], direct, f"{more}: the answer to {sample['doc']['sentence']!r}")


def test_messages(server):
    """Chats are answered through the Messages API, as the server answers when it is asked directly."""
    model = get_model("anthropic-chat")(model="smollm2", base_url=server.base + "/v1/messages", max_retries=1)
    _, samples = evaluate(model, "moso_answers", apply_chat_template=True, system_instruction="You finish sentences.")
    for sample in samples:
        body = {
            "model": "smollm2", "system": "You finish sentences.", "max_tokens": 12, "temperature": 0,
            "messages": [{"role": "user", "content": sample["doc"]["sentence"]}], "stop_sequences": ["."]}
        reply = server.json("POST", "/v1/messages", body, {"anthropic-version": "2023-06-01"})
        expect(sample["resps"][0][0], reply["content"][0]["text"], f"the answer to {sample['doc']['sentence']!r}")
