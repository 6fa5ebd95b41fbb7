"""What is checked while no other clients are there: that nothing is left over, what refused requests cost, and how the
server ends."""

import asyncio
import time

import answers
import hostile
from answers import is_overload
from asking import Refused, ask, ask_bytes
from launch import Metrics
from questions import Question
from wire import Connection, Problem, post

IDLE = "Nothing is left over when all clients are gone"


async def settle(server, tally, within=20):
    """Waits until nothing is under way, and checks that this state comes and is the right one."""
    limit = time.monotonic() + within
    while True:
        counts = await asyncio.to_thread(Metrics.of, server)
        left = {
            name: counts[name]
            for name in ("requests_running", "requests_waiting", "kv_pages_used", "kv_pages_lost") if counts[name]}
        # One connection is the one that asks for the counts.
        if counts.connections > 1:
            left["connections_open"] = counts.connections
        if not left or time.monotonic() > limit:
            break
        await asyncio.sleep(0.25)
    tally.check(not left, IDLE, f"{left} after {within} seconds")
    return counts


def long_question(model, number, tokens, stream=True):
    """A request whose answer takes its time."""
    return Question("/v1/messages", {
        "model": model, "max_tokens": tokens, "stream": stream, "temperature": 1,
        "messages": [{"role": "user", "content": f"Write a long story about the number {number}."}]})


async def check_ledger(server, tally, world):
    """Refused requests cost nothing, and the tokens counted are those that answers told of."""
    before = await settle(server, tally)
    for name, path, data, _, _ in hostile.refused(server.model, world.context):
        async with await Connection.open(server.address) as connection:
            await ask_bytes(connection, path, data, port=server.port)
    after = await settle(server, tally)
    sentence = "Refused requests cost no tokens"
    for name in ("generated_tokens_total", "prompt_tokens_total", "cached_tokens_total"):
        tally.check(before[name] == after[name], sentence, f"{name} went from {before[name]} to {after[name]}")

    # A queue that is full for certain: nobody's answer ends while the crowd comes.
    taken = [asyncio.create_task(ask(server.address, long_question(server.model, number, 60))) for number in range(24)]
    for _ in range(100):
        counts = await asyncio.to_thread(Metrics.of, server)
        if counts["requests_running"] + counts["requests_waiting"] >= 24:
            break
        await asyncio.sleep(0.02)
    crowd = [ask(server.address, long_question(server.model, number, 5, stream=number % 2 > 0)) for number in range(30)]
    results = await asyncio.gather(*taken, *crowd, return_exceptions=True)
    refused = [result for result in results if isinstance(result, Refused)]
    answered = [result for result in results if isinstance(result, answers.Answer)]
    others = [result for result in results if not isinstance(result, (Refused, answers.Answer))]
    tally.check(not others, "A crowd beyond the queue is answered or refused", f"{others[:2]!r}")
    tally.check(len(refused) > 0, "A crowd beyond the queue is refused in part", "nobody was refused")
    last = await settle(server, tally)
    told = sum(answer.output_tokens for answer in answered)
    counted = last["generated_tokens_total"] - after["generated_tokens_total"]
    tally.check(told == counted, "Counted tokens are those that answers tell of", f"{counted} were counted, {told} told")
    missed = last.refused("overloaded") - after.refused("overloaded")
    tally.check(missed == len(refused), "Refusals are counted", f"{missed} were counted of {len(refused)}")


async def check_drain(server, tally):
    """Told to stop, the server ends the streams that are on their way, takes no more, and ends with code 0."""
    questions = [long_question(server.model, number, 60) for number in range(12)]
    connections = [await Connection.open(server.address) for _ in questions]
    idle = await Connection.open(server.address)
    for connection, question in zip(connections, questions):
        await connection.send(post(question.path, server.port, question.body))
    replies = [await connection.reply() for connection in connections]
    parts = [reply.parts() for reply in replies]
    # Some have begun when the signal comes, others wait for their turn.
    starts = [await anext(parts[0])] + [b""] * (len(questions) - 1)
    server.tell_to_stop()

    async def rest(index):
        if is_overload(replies[index].status):
            return
        data = starts[index] + b"".join([part async for part in parts[index]])
        questions[index].read(data)

    results = await asyncio.gather(*(rest(index) for index in range(len(questions))), return_exceptions=True)
    wrong = [f"{type(result).__name__} {result}" for result in results if result is not None]
    tally.check(not wrong, "Streams that are on their way when the server is told to stop come to their end", wrong[:2])
    try:
        await ask(server.address, long_question(server.model, 0, 2))
        tally.failed("No more is taken once the server is told to stop", "a request was answered")
    except (Refused, OSError, Problem):
        tally.passed("No more is taken once the server is told to stop")
    begin = time.monotonic()
    await asyncio.to_thread(server.await_exit, 30)
    tally.check(
        server.exit_code is not None, "Clients that only stay connected do not keep the server from ending",
        f"it still lives {time.monotonic() - begin:.0f} seconds after the last answer")
    for connection in [*connections, idle]:
        connection.close()
    if server.exit_code is None:
        await asyncio.to_thread(server.await_exit, 60)
