"""Answers: streaming, branches, thinking, settings, and everything that may go wrong."""

from selenium.webdriver.common.keys import Keys

from browser import expect, expect_true


def test_stream(page):
    """An answer is shown while it comes, and its finished blocks are not made again."""
    page.answer("First *block*", ".\n\nSecond ", {"wait": 400}, "block.\n\n", {"wait": 400}, "Third **block")
    page.send("go", waits=False)
    page.wait("return document.querySelectorAll('.answer .markdown p').length === 2", "two paragraphs")
    page.run("document.querySelector('.answer .markdown p').marked = true")
    expect(page.find("#stop").is_displayed(), True, "the button that stops")
    expect(page.find("#send").is_displayed(), False, "the button that sends")
    page.answered()
    expect(page.answers(), ["First block.\n\nSecond block.\n\nThird **block"], "the answer")
    expect(page.run("return document.querySelector('.answer .markdown p').marked"), True, "the mark on the first block")
    expect_true("6 tokens" not in page.texts(".answer .numbers")[0], "waits were counted as tokens")
    expect_true("4 tokens" in page.texts(".answer .numbers")[0], f"the numbers are {page.texts('.answer .numbers')}")
    expect_true(page.texts("#context")[0].startswith("14 /"), f"the use of the context is {page.texts('#context')}")


def test_count(page):
    """The tokens are counted while an answer is written, beside a pulse that goes on, and after it was stopped."""
    page.answer("One ", "two ", {"wait": 1500}, "three ", {"wait": 60_000}, "four")
    page.send("go", waits=False)
    page.wait("return document.querySelector('.answer').innerText.includes('two')", "the beginning")
    page.run("document.querySelector('.report .pulse').marked = true")
    expect_true(page.texts(".report")[0].startswith("about 2 tokens · "), f"the report is {page.texts('.report')}")
    page.wait("return document.querySelector('#context').innerText.startsWith('12 /')", "the use of the context")
    page.wait("return document.querySelector('.answer').innerText.includes('three')", "what comes next")
    page.wait("return document.querySelector('.report').innerText.startsWith('about\u00a03\u00a0tokens')", "the count")
    expect(page.run("return document.querySelector('.report .pulse').marked"), True, "the mark on the pulse")
    page.keys(Keys.ESCAPE)
    page.answered()
    numbers = page.texts(".answer > footer .numbers")[0]
    expect_true(numbers.startswith("about 3 tokens · ") and "tokens/s" in numbers, f"the numbers are {numbers!r}")
    expect(page.texts("#context")[0].split(" / ")[0], "13", "the use of the context")
    page.answer("four")
    page.click(".report button", "Continue")
    page.wait("return window.requests.length === 2", "the second request")
    page.answered()
    expect(page.focused(), "composer-field", "where the focus is after the button that is gone")
    expect_true(page.texts(".answer > footer .numbers")[0].startswith("1 token · "), "the rest is not counted alone")


def test_long_answer(page):
    """20,000 words stream in without a stop, and the end is seen."""
    pieces = [f"Paragraph {number} " + "some more words " * 33 + "\n\n" for number in range(200)]
    page.answer(*pieces)
    page.send("go")
    expect(page.run("return document.querySelectorAll('.answer .markdown p').length"), 200, "paragraphs")
    distance = "const one = document.querySelector('#scroller'); return one.scrollHeight - one.clientHeight - one.scrollTop"
    page.wait(f"{distance} < 5", "the end of the answer to be seen")
    page.run("document.querySelector('#scroller').scrollTop = 0")
    page.wait("return !document.querySelector('#latest').hidden", "the button to the end")
    page.answer("more", {"wait": 300}, " and more")
    page.run("document.querySelector('#scroller').scrollTop = 100")
    page.click("#latest")
    page.wait(f"{distance} < 5", "the end of the answer to be seen again")


def test_reading_is_left_alone(page):
    """Who scrolls up while an answer grows stays there."""
    page.answer(*[f"Line {number}\n\n" for number in range(60)], {"wait": 700}, *["more\n\n"] * 20)
    page.send("go", waits=False)
    page.wait("return document.querySelectorAll('.answer .markdown p').length === 60", "sixty paragraphs")
    page.wait("return document.querySelector('#scroller').scrollTop > 500", "the page to follow")
    page.run("document.querySelector('#scroller').scrollTop = 200")
    page.answered()
    expect(page.run("return document.querySelector('#scroller').scrollTop"), 200, "the place that is read")


def test_regenerate(page):
    """Answering again makes a branch, between which one can go back and forth."""
    page.answer("one")
    page.send("go")
    page.answer("two")
    page.click("[data-action=regenerate]")
    page.wait("return document.querySelector('.answer > .markdown:not(.thinking-text)').innerText === 'two'", "two")
    page.answered()
    expect(page.texts(".answer .branches"), ["2 of 2"], "the branches")
    page.click(".answer [aria-label='Previous version']")
    expect(page.answers(), ["one"], "the answers")
    expect(page.focused_name(), "Next version", "where the focus is when there is none before")
    page.reload()
    expect(page.answers(), ["one"], "the answers after loading anew")
    page.click(".answer [aria-label='Next version']")
    expect(page.answers(), ["two"], "the answers")
    bodies = page.run("return window.requests.length")
    expect(bodies, 0, "requests after loading anew")
    page.answer("three")
    page.run("document.querySelector('[data-action=regenerate]').focus()")
    page.keys(Keys.ENTER)
    page.wait("return window.requests.length === 1", "the request")
    page.answered()
    expect(page.focused(), "composer-field", "where the focus is after answering again")
    page.run("document.querySelector('.answer [aria-label=\"Previous version\"]').focus()")
    page.keys(Keys.ENTER)
    expect((page.answers(), page.focused_name()), (["two"], "Previous version"), "the answers, and where the focus is")


def test_edit(page):
    """The arrow up edits the last question; the old one and what follows it stay as a branch."""
    page.answer("first answer")
    page.send("first question")
    page.answer("second answer")
    page.keys(Keys.ARROW_UP)
    expect(page.run("return document.activeElement.value"), "first question", "what is edited")
    page.keys(" again", Keys.ENTER)
    page.answered()
    expect(page.questions(), ["first question again"], "the questions")
    expect(page.driver.title, "first question again – Moso", "the title of the conversation")
    expect(page.answers(), ["second answer"], "the answers")
    expect(
        page.requests()[-1]["body"]["messages"],
        [{"role": "user", "content": "first question again"}],
        "the messages that were sent",
    )
    page.click(".question [aria-label='Previous version']")
    expect(page.questions(), ["first question"], "the questions before")
    expect(page.answers(), ["first answer"], "the answers before")
    expect(page.focused_name(), "Next version", "where the focus is when there is none before")
    expect(page.driver.title, "first question – Moso", "the title, which follows the question that is shown")
    page.run("document.querySelector('#conversations a').focus()")
    page.keys(Keys.F2, "A name", Keys.ENTER)
    page.click(".question [aria-label='Next version']")
    expect(page.questions(), ["first question again"], "the questions")
    expect(page.driver.title, "A name – Moso", "the title that somebody gave")


def test_edit_is_not_lost(page):
    """An edit that was begun is there again after the page is loaded anew, and Escape gives it up."""
    page.answer("answer")
    page.send("question")
    page.click("[data-action=edit]")
    page.keys(" and more")
    page.reload()
    expect(page.run("return document.querySelector('.editing textarea').value"), "question and more", "the edit")
    page.run("document.querySelector('.editing textarea').focus()")
    page.keys(Keys.ESCAPE)
    expect(page.questions(), ["question"], "the questions")


def test_history_is_sent(page):
    """The model sees the conversation as it is shown, with the system prompt and the sampling that were set."""
    page.click("#open-settings-here")
    page.find("#setting-system").send_keys("Be brief.")
    page.find("#setting-temperature").send_keys("0.5")
    page.find("#setting-top_k").send_keys("40")
    page.find("#setting-max_tokens").send_keys("77")
    page.click("#settings [data-close]")
    page.answer("one")
    page.send("a\nb".replace("\n", Keys.SHIFT + Keys.ENTER + Keys.SHIFT))
    page.answer("two")
    page.send("c")
    body = page.requests()[-1]["body"]
    messages = [("user", "a\nb"), ("assistant", "one"), ("user", "c")]
    expect([(one["role"], one["content"]) for one in body["messages"]], messages, "the messages")
    expect(body["system"], "Be brief.", "the system prompt")
    expect((body["temperature"], body["top_k"], body["max_tokens"]), (0.5, 40, 77), "the sampling")
    expect_true("top_p" not in body, "a field that was left empty was sent")
    expect(body["stream"], True, "stream")
    expect(page.requests()[-1]["headers"]["anthropic-version"], "2023-06-01", "the version")
    expect(page.find("#system-note").is_displayed(), True, "the note that there is a system prompt")


def test_bad_setting(page):
    """A setting out of its range is explained and not sent."""
    page.click("#open-settings-here")
    page.find("#setting-top_p").send_keys("7")
    expect(page.find("#settings-problem").text, "Top p: a number from 0 to 1", "what is said")
    page.find("#setting-temperature").send_keys("1.5")
    expect(page.find("#setting-temperature").get_attribute("aria-invalid"), "true", "a temperature that is refused")
    expect(page.find("#settings-problem").text, "Temperature: a number from 0 to 1", "what is said of the first")
    page.click("#settings [data-close]")
    page.click("#open-settings-here")
    expect(page.run("return document.querySelectorAll('#settings [aria-invalid]').length"), 0, "marks of what is gone")
    expect(page.find("#settings-problem").is_displayed(), False, "whether something is said of what is gone")
    longest = page.run("return document.querySelector('#setting-max_tokens').placeholder")
    expect_true(len(longest) < 4 or "," in longest, f"the default of the tokens is {longest!r}")
    page.click("#settings [data-close]")
    page.answer("one")
    page.send("a")
    expect_true("top_p" not in page.requests()[-1]["body"], "the setting was sent")


def test_thinking(page):
    """Thinking is folded away, can be opened, and is not sent back."""
    page.answer({"thinking": "Let me *see*."}, "Done.")
    page.send("go")
    expect(page.answers(), ["Done."], "the answer")
    expect(page.find(".thinking-text").is_displayed(), False, "whether the thinking is shown")
    page.click(".thinking summary")
    expect(page.texts(".thinking-text"), ["Let me see."], "the thinking")
    page.answer("Again.")
    page.send("more")
    expect(page.requests()[-1]["body"]["messages"][1], {"role": "assistant", "content": "Done."}, "what is sent back")


def test_unreachable(page):
    """A server that cannot be reached is said so, the question stays, and trying again works."""
    page.plan({"unreachable": True})
    page.send("go")
    expect_true("cannot be reached" in page.find(".failure p").text, page.find(".failure p").text)
    expect(page.questions(), ["go"], "the questions")
    page.answer("better")
    page.click(".failure button", "Try again")
    page.wait("return document.querySelector('.failure') === null", "the failure to go")
    page.answered()
    expect(page.answers(), ["better"], "the answers")


def test_busy(page):
    """A busy server is asked again after the time it names, and the wait can be cut short."""
    busy = {"status": 529, "type": "overloaded_error", "message": "Overloaded", "headers": {"retry-after": "1"}}
    page.plan(busy, {**busy, "headers": {"retry-after": "60"}})
    page.answer("at last")
    page.send("go", waits=False)
    page.wait("return document.querySelector('.report').innerText.includes('Trying again in')", "what is said")
    page.wait("return window.requests.length === 2", "the second request")
    page.click(".report button", "Try now")
    page.answered()
    expect(page.answers(), ["at last"], "the answers")
    expect(len(page.requests()), 3, "the number of requests")


def test_refused(page):
    """What the server says about a bad request is shown, and it is not asked again by itself."""
    page.plan({"status": 400, "type": "invalid_request_error", "message": "The prompt is too long."})
    page.send("go")
    expect(page.find(".failure p").text, "The prompt is too long.", "what is said")
    expect(len(page.requests()), 1, "the number of requests")


def test_error_midway(page):
    """An error in the middle keeps what there is, and the answer can be continued from there."""
    page.answer("One two ", {"error": {"type": "overloaded_error", "message": "Overloaded midway"}})
    page.send("go")
    expect(page.answers(), ["One two"], "what there is")
    expect(page.find(".failure p").text, "Overloaded midway", "what is said")
    page.answer(" three.")
    page.click(".failure button", "Continue from here")
    page.wait("return document.querySelector('.failure') === null", "the failure to go")
    page.answered()
    expect(page.answers(), ["One two three."], "the answer")
    last = page.requests()[-1]["body"]["messages"][-1]
    expect(last, {"role": "assistant", "content": "One two"}, "the last message, without blanks at its end")


def test_cut(page):
    """A connection that breaks off is said so; trying again keeps the piece as a branch."""
    page.answer("A piece", isCut=True)
    page.send("go")
    expect_true("broke off" in page.find(".failure p").text, page.find(".failure p").text)
    page.answer("All of it")
    page.click(".failure button", "Try again")
    page.wait("return document.querySelector('.failure') === null", "the failure to go")
    page.answered()
    expect(page.answers(), ["All of it"], "the answer")
    expect(page.texts(".answer .branches"), ["2 of 2"], "the branches")


def test_limit(page):
    """An answer that reached its limit says so and can be continued."""
    page.answer("Half", stop="max_tokens")
    page.send("go")
    expect_true("limit of tokens" in page.texts(".report")[0], f"the report is {page.texts('.report')}")
    page.answer(" and half")
    page.click(".report button", "Continue")
    page.wait("return window.requests.length === 2", "the second request")
    page.answered()
    expect(page.answers(), ["Half and half"], "the answer")


def test_closed_midway(page):
    """An answer that was running when the page was closed keeps its beginning and says that it is not complete."""
    page.answer("The beginning", {"wait": 60_000})
    page.send("go", waits=False)
    page.wait("return document.querySelector('.answer').innerText.includes('beginning')", "the beginning")
    page.driver.execute_async_script("setTimeout(arguments[0], 1600)")
    page.reload()
    expect(page.answers(), ["The beginning"], "what there is")
    expect(page.find(".failure p").text, "This answer is not complete.", "what is said")


def test_key(page):
    """A server that wants a key is given one, and the question is answered without being typed again."""
    refusal = {"status": 401, "type": "authentication_error", "message": "That is no key."}
    page.plan(refusal)
    page.send("go")
    page.wait("return document.querySelector('#key').open", "the dialog")
    expect(page.find("#key-title").text, "This server wants an API key", "what the dialog says first")
    page.plan(refusal)
    page.keys("wrong", Keys.ENTER)
    page.wait("return window.requests.length === 2 && document.querySelector('#key').open", "the dialog again")
    expect(page.find("#key-title").text, "The server does not accept this key", "what the dialog says then")
    page.answer("welcome")
    page.keys("secret", Keys.ENTER)
    page.wait("return window.requests.length === 3", "the third request")
    page.answered()
    expect(page.find("#composer-field").get_attribute("value"), "", "what the key's Enter wrote into the field")
    expect(page.answers(), ["welcome"], "the answers")
    expect(page.requests()[-1]["headers"]["x-api-key"], "secret", "the key")
    expect(page.run("return localStorage.getItem('moso.key')"), None, "what is kept beyond the tab")
    expect(page.run("return sessionStorage.getItem('moso.key')"), "secret", "what is kept in the tab")
