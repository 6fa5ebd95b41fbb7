"""Pictures of the page, to be looked at: both themes, wide and at a phone's width."""

ANSWER = """Here is a **small parser** for calendar dates. It accepts `2026-11-23` and nothing else.

```swift
/// A calendar date, as in `2026-11-23`.
struct CalendarDate: Equatable {
  var year: Int, month: Int, day: Int

  init?(_ text: String) {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return nil }
    (year, month, day) = (parts[0], parts[1], parts[2])  // the day is not checked yet
  }
}
```

What it checks:

1. There are **three** parts.
2. The month is in range:
   - January is 1,
   - December is 12.

| Input | Accepted | Time |
|:------|:--------:|-----:|
| `2026-11-23` | yes | 120 ns |
| `2026-13-01` | no | 95 ns |

> A date without a time zone names a day, not an instant.
"""

# The default model answers these well without chance, which is not so of every question.
QUESTIONS = [
    "Write a Python function that checks whether a word is a palindrome.",
    "Give me three tips for growing bamboo in my garden: soil, water and light.",
]


def take_answer(page, folder):
    """What the served model really answers: this picture is Docs/Pictures/page.png. Without chance the texts are always the
    same; the speed is the machine's."""
    page.scheme("light")
    page.open()
    page.click("#open-settings-here")
    page.find("#setting-temperature").send_keys("0")
    page.click("#make-default")
    page.click("#settings [data-close]")
    for question in QUESTIONS:
        page.click("#new-conversation")
        page.send(question)
    page.wait("return document.querySelector('#toast').hidden", "the notice to go")
    page.click("#composer-field")
    page.screenshot(folder / "page.png")


def take_pictures(page, folder):
    take_answer(page, folder)
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        for name, width in ((scheme, None), (f"{scheme}-phone", 360)):
            page.width(width)
            page.open()
            page.screenshot(folder / f"{name}-empty.png")
            page.answer({"thinking": "The user wants a parser.\n\nKeep it small."}, ANSWER)
            page.send("Write a Swift type for calendar dates that parses ISO 8601")
            page.screenshot(folder / f"{name}-end.png")
            page.run("document.querySelector('.thinking').open = true; document.querySelector('#scroller').scrollTop = 0")
            page.screenshot(folder / f"{name}-conversation.png")
            page.answer("Of course. I would begin with", {"wait": 60_000})
            page.send("Can you test it?", waits=False)
            page.wait("return document.querySelector('.answer:last-child').innerText.includes('begin')", "the beginning")
            page.screenshot(folder / f"{name}-running.png")
            page.click("#stop")
            page.plan({"unreachable": True})
            page.send("And now?")
            page.screenshot(folder / f"{name}-failure.png")
            page.click("[data-action=edit]")
            page.screenshot(folder / f"{name}-edit.png")
            page.click("#toggle-sidebar")
            page.screenshot(folder / f"{name}-list.png")
            if width:
                page.click("#close-sidebar")
            page.click("#open-settings-here")
            page.screenshot(folder / f"{name}-settings.png")
            page.click("#settings [data-close]")
            page.run("document.querySelector('#help').showModal()")
            page.screenshot(folder / f"{name}-help.png")
            page.run("document.querySelector('#help').close(); document.querySelector('#key').showModal()")
            page.screenshot(folder / f"{name}-key.png")
    page.width(None)
