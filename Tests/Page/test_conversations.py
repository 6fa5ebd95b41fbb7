"""The list of conversations, and what the browser keeps."""

import json
import time

from selenium.webdriver.common.keys import Keys

from browser import Failure, expect, expect_true

STORED = {
    "id": "stored-1",
    "title": "Stored",
    "created": 1_700_000_000_000,
    "updated": 1_700_000_000_000,
    "settings": {"system": "Be kind."},
    "chosen": 0,
    "messages": [
        {"role": "user", "text": "A <b>question</b>", "parent": None, "chosen": 1},
        {"role": "assistant", "text": "An *answer*", "parent": 0, "chosen": None, "thinking": "Hm.", "stop": "end_turn"},
    ],
}
HOSTILE = (
    "<script>window.wasRun = 1</script>\n\n<img src=x onerror='window.wasRun = 1'> [click](javascript:window.wasRun=1) "
    "[data](data:text/html,<script>window.wasRun=1</script>) ![picture](https://192.0.2.1/a.png) "
    "<svg onload=window.wasRun=1> [&#x6a;avascript:](&#x6a;avascript:window.wasRun=1)\n\n"
    "```html\n<script>window.wasRun = 1</script>\n```\n\n"
    "| <script>window.wasRun = 1</script> |\n|---|\n| <iframe src=javascript:window.wasRun=1></iframe> |\n"
)


def exported(page, name):
    path = page.downloads / name
    for _ in range(200):
        if path.exists():
            return json.loads(path.read_text())
        time.sleep(0.05)
    raise Failure(f"no file {name} was saved")


def titles(page):
    return page.texts("#conversations a")


def two_conversations(page):
    page.answer("about apples")
    page.send("Apples")
    page.click("#new-conversation")
    page.answer("about pears")
    page.send("Pears")
    page.wait("return document.querySelectorAll('#conversations a').length === 2", "two conversations")


def test_hostile(page):
    """What a model or a file says is never taken as HTML: scripts stay text, and no address but the web's is a link."""
    messages = [
        {"role": "user", "text": HOSTILE, "parent": None, "chosen": 1},
        {"role": "assistant", "text": HOSTILE, "parent": 0, "chosen": None, "thinking": HOSTILE},
    ]
    page.import_file([{**STORED, "title": HOSTILE, "messages": messages}])
    page.wait("return document.querySelectorAll('.answer').length === 1", "the imported conversation")
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    page.answer(*[HOSTILE[at : at + 3] for at in range(0, len(HOSTILE), 3)])
    page.send("<script>window.wasRun = 1</script>")
    expect(page.questions()[1], "<script>window.wasRun = 1</script>", "the question")
    for answer in page.answers():
        expect_true(answer.startswith("<script>window.wasRun = 1</script>"), f"the answer begins {answer[:50]!r}")
    foreign = page.run(
        "return [...document.querySelectorAll('main article *')].map((one) => one.nodeName)"
        ".filter((name) => ['SCRIPT', 'IMG', 'IFRAME', 'OBJECT', 'STYLE', 'FORM', 'LINK'].includes(name))"
    )
    expect(foreign, [], "elements in messages")
    links = page.run("return [...document.querySelectorAll('main article a')].map((one) => [one.href, one.rel])")
    expect(links, [["https://192.0.2.1/a.png", "noopener noreferrer"]] * 3, "the links")
    attributes = page.run(
        "return [...document.querySelectorAll('body *')].flatMap((one) => [...one.attributes])"
        ".map((one) => one.name).filter((name) => name.startsWith('on') || name === 'style')"
    )
    expect(attributes, [], "attributes with code or style")
    expect(page.run("return window.wasRun"), None, "what a script left")


def test_bad_files(page):
    """A file that cannot be read is refused in a sentence and changes nothing."""
    message = {"role": "user", "text": "x", "parent": 5, "chosen": None}
    page.import_file([{**STORED, "messages": [message]}])
    page.wait("return document.querySelector('#toast').innerText.includes('number 1, that cannot be read')", "the sentence")
    expect(titles(page), [], "the conversations")
    # What is shown next is the message itself: a loop, if it were believed.
    page.import_file([{**STORED, "messages": [{**STORED["messages"][0], "chosen": 0}]}])
    page.wait("return document.querySelectorAll('.bubble').length === 1", "the conversation")


def test_list(page):
    """Conversations are listed newest first, opened by a click, and searched by what was said."""
    two_conversations(page)
    expect(titles(page), ["Pears", "Apples"], "the list")
    page.click("#conversations a", "Apples")
    expect(page.answers(), ["about apples"], "the answers")
    page.find("#search").send_keys("ABOUT pea")
    expect(titles(page), ["Pears"], "what is found")
    page.find("#search").send_keys("x")
    expect(titles(page), [], "what is found")
    page.find("#search").send_keys(Keys.BACKSPACE, Keys.ENTER)
    expect(page.answers(), ["about pears"], "the answers of what was found")
    page.driver.back()
    page.wait("return document.querySelector('.bubble')?.innerText === 'Apples'", "the conversation before")


def test_rename(page):
    """A title can be changed, with the keyboard alone."""
    two_conversations(page)
    page.run("document.querySelector('#conversations a').focus()")
    page.keys(Keys.F2)
    page.keys("Quinces", Keys.ENTER)
    expect(titles(page), ["Quinces", "Apples"], "the list")
    page.keys(Keys.ARROW_DOWN, Keys.F2)
    page.keys("Medlars", Keys.ESCAPE)
    expect(titles(page), ["Quinces", "Apples"], "the list after Escape")
    page.reload()
    expect(titles(page), ["Quinces", "Apples"], "the list after loading anew")


def test_delete(page):
    """A deleted conversation is gone, unless the deletion is taken back."""
    two_conversations(page)
    page.run("document.querySelector('#conversations li .icon-button').click()")
    page.click("#menu [data-action=delete]")
    expect(titles(page), ["Apples"], "the list")
    expect(page.focused_name(), "Apples", "where the focus is after deleting what is open")
    page.click("#toast button", "Undo")
    page.wait("return document.querySelectorAll('#conversations a').length === 2", "the conversation to come back")
    expect(page.focused(), "composer-field", "where the focus is after the deletion was taken back")
    page.run("document.querySelectorAll('#conversations a')[1].focus()")
    page.keys(Keys.DELETE)
    page.wait("return document.querySelectorAll('#conversations a').length === 1", "the conversation to go")
    expect(page.focused_name(), "Pears", "where the focus is")
    page.driver.execute_async_script("setTimeout(arguments[0], 300)")
    page.reload()
    expect(titles(page), ["Pears"], "the list after loading anew")
    page.run("document.querySelector('#conversations a').focus()")
    page.keys(Keys.DELETE)
    page.wait("return document.querySelectorAll('#conversations a').length === 0", "the last one to go")
    expect(page.focused(), "conversations", "where the focus is after the last one")


def test_menu_outlasts_the_list(page):
    """A menu that was open while the list was drawn anew deletes what it was opened for, and the focus is not lost."""
    two_conversations(page)
    page.answer("The beginning", {"wait": 700}, " and the end")
    page.send("more", waits=False)
    page.wait("return document.querySelector('.answer:last-child').innerText.includes('beginning')", "the beginning")
    page.run("document.querySelectorAll('#conversations li .icon-button')[1].click()")
    page.answered()
    page.keys(Keys.ESCAPE)
    page.wait("return document.querySelector(':popover-open') === null", "the menu to close")
    page.wait("return document.activeElement.title === 'More for Apples'", "the focus on the button of the menu")
    page.keys(Keys.ENTER)
    page.wait("return document.querySelector(':popover-open') !== null", "the menu to open")
    page.keys(Keys.ARROW_UP, Keys.ENTER)
    page.wait("return document.querySelectorAll('#conversations a').length === 1", "the conversation to go")
    expect(page.focused_name(), "Pears", "where the focus is")


def test_export(page):
    """What is exported can be imported again, with its branches, and stands beside what is there."""
    page.answer("one")
    page.send("go")
    page.answer("two")
    page.click("[data-action=regenerate]")
    page.wait("return document.querySelector('.branches').dataset.key !== undefined", "the branch")
    page.answered()
    page.click("#open-settings-here")
    page.click("#export-all")
    file = exported(page, "moso-conversations.json")
    expect([one["text"] for one in file["conversations"][0]["messages"]], ["go", "one", "two"], "the exported messages")
    page.click("#settings [data-close]")
    page.import_file(file["conversations"])
    page.wait("return document.querySelectorAll('#conversations a').length === 2", "the imported conversation")
    expect(page.answers(), ["two"], "the answers")
    page.click(".answer [aria-label='Previous version']")
    expect(page.answers(), ["one"], "the other branch")
    (page.downloads / "moso-conversations.json").unlink()


def test_drafts(page):
    """What is typed and not sent stays with its conversation, over loading anew and going elsewhere."""
    two_conversations(page)
    page.find("#composer-field").send_keys("about the pears")
    page.click("#conversations a", "Apples")
    expect(page.find("#composer-field").get_attribute("value"), "", "the field of the other conversation")
    page.find("#composer-field").send_keys("about the apples")
    page.reload()
    expect(page.find("#composer-field").get_attribute("value"), "about the apples", "the field")
    page.click("#conversations a", "Pears")
    expect(page.find("#composer-field").get_attribute("value"), "about the pears", "the field")
    page.find("#composer-field").clear()
    page.find("#composer-field").send_keys("x", Keys.BACKSPACE)
    page.answer("yes")
    page.send("sent")
    page.wait("return !Object.values(localStorage).includes('sent')", "the draft to be forgotten")
    page.reload()
    expect(page.find("#composer-field").get_attribute("value"), "", "the field after sending")


def test_unsent_settings(page):
    """A system prompt of a conversation that has not begun is kept, used for it, and not for the next one."""
    page.click("#open-settings-here")
    page.find("#setting-system").send_keys("Be brief.")
    page.click("#settings [data-close]")
    page.reload()
    page.answer("one")
    page.send("first")
    expect(page.requests()[-1]["body"].get("system"), "Be brief.", "the system prompt")
    page.click("#new-conversation")
    page.answer("two")
    page.send("second")
    expect(page.requests()[-1]["body"].get("system"), None, "the system prompt of the next conversation")
    page.click("#open-settings-here")
    page.find("#setting-system").send_keys("Be kind.")
    page.click("#make-default")
    page.click("#settings [data-close]")
    page.click("#new-conversation")
    page.answer("three")
    page.send("third")
    expect(page.requests()[-1]["body"].get("system"), "Be kind.", "the system prompt that was made the default")


def test_sent_and_closed(page):
    """A question is not lost where the page is closed in the moment in which it is sent."""
    page.find("#composer-field").send_keys("precious")
    page.answer({"wait": 60_000})
    page.run(
        "document.querySelector('#composer-field').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));"
        "location.reload()"
    )
    page.wait("return window.plans === undefined", "the page to be loaded anew")
    page.ready()
    found = [*page.questions(), page.find("#composer-field").get_attribute("value")]
    expect_true("precious" in found, f"what is there is {found}")


def test_elsewhere(page):
    """An answer goes on while one looks at another conversation, and no question is sent into the wrong one."""
    two_conversations(page)
    page.answer("The beginning", {"wait": 1500}, " and the end")
    page.send("more", waits=False)
    page.wait("return document.querySelector('.answer:last-child').innerText.includes('beginning')", "the beginning")
    page.click("#conversations a", "Apples")
    expect(page.answers(), ["about apples"], "the answers here")
    expect(page.find("#stop").is_displayed(), False, "whether something can be stopped here")
    page.click("#conversations a", "Pears")
    expect(page.find("#stop").is_displayed(), True, "whether something can be stopped there")
    page.find("#composer-field").send_keys("too early", Keys.ENTER)
    expect(page.find("#composer-field").get_attribute("value"), "too early", "what is typed while an answer comes")
    page.answered()
    expect(page.answers(), ["about pears", "The beginning and the end"], "the answers there")
