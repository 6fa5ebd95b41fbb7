"""The page with the server's own model and headers."""

import re

from selenium.webdriver.common.keys import Keys

from browser import PATIENCE, Failure, expect, expect_true

DIRECTIVES = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
}


def nothing_was_violated(page):
    """After every test: no violated policy, nothing from elsewhere, no error in the console."""
    expect(page.run("return window.violations"), [], "violations of the policy")
    outside = page.run(
        "return performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((name) => !/^(blob|data):/.test(name) && new URL(name).origin !== location.origin)"
    )
    expect(outside, [], "what was loaded from elsewhere")
    errors = [entry["message"] for entry in page.driver.get_log("browser") if entry["level"] == "SEVERE"]
    expect(errors, [], "errors in the console")


def limit(page, tokens):
    page.click("#open-settings-here")
    field = page.find("#setting-max_tokens")
    field.clear()
    field.send_keys(str(tokens))
    page.click("#settings [data-close]")


def test_policy(page):
    """The server sends the content-security policy that the page was written for."""
    found = page.driver.execute_async_script(
        "const done = arguments[0]; fetch('.').then((one) => done(one.headers.get('content-security-policy')))"
    )
    policy = dict((part.split()[0], part.split()[1:]) for part in (found or "").split(";") if part.strip())
    for name, values in DIRECTIVES.items():
        expect(sorted(policy.get(name, [])), sorted(values), name)
    expect_true("unsafe" not in found, f"the policy is {found}")


def test_files(page):
    """Every file comes with its type, and no browser has to guess it."""
    names = page.run("return performance.getEntriesByType('resource').map((one) => one.name)")
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    checked = 0
    for name in names:
        for ending, kind in kinds.items():
            if name.endswith(ending):
                found = page.driver.execute_async_script(
                    "fetch(arguments[0]).then((one) => arguments[1](one.headers.get('content-type')))", name
                )
                expect((found or "").split(";")[0], kind, name)
                checked += 1
    expect_true(checked > 15, f"only {checked} files were loaded: {names}")


def test_welcome(page):
    """An empty page offers beginnings, and a command for the same model."""
    model = page.run("return document.querySelector('#model').value")
    expect(page.texts("#model option:checked"), [model], "what the picker shows")
    expect_true(page.find("#model").get_attribute("title") != "", "the picker does not say what else the model is called")
    expect_true(len(page.all(".beginnings button")) >= 3, "there are too few beginnings")
    command = page.find(".command code").text
    expect_true(f'"model":"{model}"' in command, f"the command does not name {model}: {command}")
    expect_true(f"{page.base}v1/messages" in command, f"the command does not name the server: {command}")
    page.click(".beginnings button")
    expect_true(page.find("#composer-field").get_attribute("value") != "", "a beginning was not put into the field")
    expect(page.focused(), "composer-field", "where the focus is")


def test_answer(page):
    """A question is answered by the server's model, with counts and speed."""
    limit(page, 24)
    page.send("Name three colours.")
    expect(page.questions(), ["Name three colours."], "the questions")
    expect_true(len(page.answers()) == 1 and page.answers()[0] != "", f"the answers are {page.answers()}")
    numbers = page.texts(".answer .numbers")[0]
    expect_true("token" in numbers and "first after" in numbers, f"the numbers are {numbers!r}")
    context = page.texts("#context")[0]
    expect_true(re.fullmatch(r"[\d,]+ / [\d,]+ tokens", context), f"the use of the context is {context!r}")
    expect(page.driver.title, "Name three colours. – Moso", "the title")
    page.send("Name one more.")
    expect(len(page.answers()), 2, "the number of answers")


def test_stop(page):
    """Escape stops the server's model, keeps what there is, and the next question is answered."""
    limit(page, 3000)
    for _ in range(3):
        page.send("Write a very long story about a river, with many chapters.", waits=False)
        page.wait(
            "return document.querySelector('#stop').hidden || "
            "document.querySelector('.answer:last-child > .markdown:not(.thinking-text)').innerText.length > 20 || "
            "document.querySelector('.answer:last-child .thinking-text').textContent.length > 20",
            "the beginning of an answer",
            patience=PATIENCE,
        )
        page.keys(Keys.ESCAPE)
        page.answered()
        if "You stopped this answer." in page.texts(".answer:last-child .report")[0]:
            break
    else:
        raise Failure("no answer could be stopped")
    numbers = page.texts(".answer:last-child > footer .numbers")[0]
    expect_true(re.match(r"about \d+ tokens? · ", numbers), f"the numbers of the stopped answer are {numbers!r}")
    limit(page, 16)
    page.send("Thank you.")
    expect_true("stopped" not in page.texts(".answer:last-child .report")[0], "the next answer was stopped too")


def test_answer_is_kept(page):
    """What the server's model answered is there again after the page is loaded anew."""
    limit(page, 16)
    page.send("Say hello.")
    before = page.answers()
    page.reload()
    expect(page.questions(), ["Say hello."], "the questions")
    expect(page.answers(), before, "the answers")
