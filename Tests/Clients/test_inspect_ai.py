"""Inspect, which evaluates models: a task of its own form, through its providers for either API."""

import asyncio
import os
import tempfile

os.environ["INSPECT_LOG_DIR"] = tempfile.mkdtemp(prefix="moso-inspect-")
os.environ["INSPECT_DISPLAY"] = "none"
os.environ["INSPECT_LOG_LEVEL"] = "error"

import pydantic  # noqa: E402
from inspect_ai import Task, eval as evaluate  # noqa: E402
from inspect_ai.dataset import Sample  # noqa: E402
from inspect_ai.model import GenerateConfig, ResponseSchema, get_model  # noqa: E402
from inspect_ai.scorer import includes, match  # noqa: E402
from inspect_ai.solver import generate, system_message, use_tools  # noqa: E402
from inspect_ai.tool import ToolFunction, tool  # noqa: E402
from inspect_ai.util import json_schema  # noqa: E402
from typing_extensions import Literal  # noqa: E402

import tools  # noqa: E402
from suite import Failure, expect, expect_true  # noqa: E402


def both(server, **config):
    """The same model through each of the server's APIs."""
    settings = GenerateConfig(max_retries=0, timeout=120, extra_headers={"moso-seed": "7"}, **config)
    options = {"api_key": server.key, "config": settings, "memoize": False}
    return {
        "messages": get_model("anthropic/smollm2", base_url=server.base, **options),
        "chats": get_model("openai-api/moso/smollm2", base_url=server.base + "/v1", **options),
    }


def run(task, model, **options):
    """The log of a task that has come to its end without an error."""
    log = evaluate(task, model=model, log_format="json", **options)[0]
    if log.status != "success":
        raise Failure(f"the task ended with {log.status}: {log.error.message if log.error else 'no error'}")
    for sample in log.samples:
        expect(sample.error, None, f"the error of sample {sample.id}")
    return log


COLOURS = [Sample(input=f"Repeat this word and nothing else: {word}", target=word) for word in ("blue", "green", "red")]


def test_task(server):
    """A small task is evaluated through both APIs, with all samples answered and scored."""
    for api, model in both(server, max_tokens=24).items():
        task = Task(dataset=COLOURS, solver=[system_message("You repeat words."), generate()], scorer=includes())
        log = run(task, model)
        expect(len(log.samples), len(COLOURS), f"{api}: the number of samples")
        for sample in log.samples:
            usage = sample.output.usage
            expect_true(sample.output.completion != "", f"{api}: an answer is empty")
            expect_true(usage.input_tokens > 0 and 0 < usage.output_tokens <= 24, f"{api}: the usage is {usage}")
            expect_true(sample.output.stop_reason in ("stop", "max_tokens"), f"{api}: {sample.output.stop_reason}")
        expect_true("accuracy" in log.results.scores[0].metrics, f"{api}: there is no accuracy")


def test_count(server):
    """Inspect has the tokens of its conversations counted by the server."""
    count = asyncio.run(both(server)["messages"].count_tokens("How long is this?"))
    body = {"model": "smollm2", "messages": [{"role": "user", "content": "How long is this?"}]}
    expect(count, server.json("POST", "/v1/messages/count_tokens", body)["input_tokens"], "the count of tokens")


def test_tool(server):
    """A tool that the task forces is called with valid arguments, its result goes back, and an answer follows."""
    for api, model in both(server, max_tokens=120, parallel_tool_calls=False).items():
        heard = []

        @tool
        def get_time():
            async def execute(zone: Literal["UTC", "CET", "JST"]):
                """The time in a zone.

                Args:
                    zone: The zone.
                """
                heard.append(zone)
                return "It is noon."

            return execute

        solver = [use_tools(get_time(), tool_choice=ToolFunction(name="get_time")), generate()]
        task = Task(dataset=[Sample(input="What time is it?", target="noon")], solver=solver, scorer=includes())
        log = run(task, model, message_limit=8)
        expect_true(len(heard) >= 1 and set(heard) <= {"UTC", "CET", "JST"}, f"{api}: the tool was called with {heard}")
        roles = [message.role for message in log.samples[0].messages[:4]]
        expect(roles, ["user", "assistant", "tool", "assistant"], f"{api}: the conversation")
        expect(log.samples[0].messages[2].error, None, f"{api}: the error of the tool")


def test_schema(server):
    """A response schema makes the answer JSON of the schema."""

    class Verdict(pydantic.BaseModel):
        mood: Literal["good", "bad"]
        certain: bool

    schema = json_schema(Verdict)
    for api, model in both(
        server, max_tokens=100, response_schema=ResponseSchema(name="verdict", json_schema=schema, strict=True)
    ).items():
        task = Task(dataset=[Sample(input="Is the sea good?", target="good")], solver=generate(), scorer=includes())
        answer = run(task, model).samples[0].output.completion
        tools.check_text(answer, Verdict.model_json_schema(), f"{api}: the answer")


def test_stop(server):
    """Stop sequences and the count of tokens are taken, and the same seed gives the same answer."""
    for api in ("messages", "chats"):
        def answer(**config):
            return run(
                Task(dataset=[Sample(input="Write two sentences about the sea.")], solver=generate(), scorer=match()),
                both(server, **config)[api]).samples[0].output

        whole = answer(max_tokens=40).completion
        expect(answer(max_tokens=40).completion, whole, f"{api}: the answer with the same seed")
        word = max(whole.split()[2:], key=len)
        expect(answer(max_tokens=40, stop_seqs=[word]).completion.rstrip(), whole[: whole.index(word)].rstrip(), api)
        short = answer(max_tokens=3)
        expect((short.usage.output_tokens, short.stop_reason), (3, "max_tokens"), api)


def test_parallel(server):
    """Many samples at a time are all answered."""
    dataset = [Sample(input=f"Count from {n} to {n + 3}.", target=str(n)) for n in range(24)]
    for api, model in both(server, max_tokens=8, max_connections=16).items():
        log = run(Task(dataset=dataset, solver=generate(), scorer=includes()), model)
        expect(len([sample for sample in log.samples if sample.output.completion]), 24, f"{api}: the answers")
