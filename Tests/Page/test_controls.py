"""Keys, dialogs, names for screen readers, themes, and narrow screens."""

from selenium.webdriver.common.keys import Keys

from browser import expect, expect_true

NAMELESS = """
const name = (one) => one.getAttribute("aria-label") || one.title || one.innerText.trim() || one.placeholder ||
  [...(one.labels ?? [])].map((label) => label.textContent.trim()).join(" ") ||
  (document.getElementById(one.getAttribute("aria-labelledby"))?.textContent ?? "");
return [...document.querySelectorAll("button, input, textarea, select, a, summary, dialog, [role=menu]")]
  .filter((one) => !name(one)).map((one) => one.outerHTML.slice(0, 120));
"""


def test_names(page):
    """Every control has a name, in the empty page and in a conversation."""
    expect(page.run(NAMELESS), [], "controls without a name")
    page.answer({"thinking": "Hm."}, "```swift\nlet x = 1\n```\n\n| a |\n|---|\n| b |\n\n[link](https://example.com)")
    page.send("go")
    page.answer("again")
    page.click("[data-action=regenerate]")
    page.answered()
    expect(page.run(NAMELESS), [], "controls without a name in a conversation")
    page.wait("return document.querySelector('#spoken').textContent === 'again'", "the answer to be said to screen readers")


def test_tab(page):
    """The tabulator reaches everything that can be clicked, and one sees where it is."""
    page.answer("answer")
    page.send("go")
    wanted = page.run(
        "return [...document.querySelectorAll('body button, body a, body select, body textarea, body input')]"
        ".filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0)"
        ".map((one) => (one.dataset.visited = 'no', one)).length"
    )
    page.run("document.activeElement.blur()")
    unseen = []
    for _ in range(wanted + 12):
        page.keys(Keys.TAB)
        seen = page.run(
            "const one = document.activeElement; one.dataset.visited = 'yes';"
            "const frame = one.id === 'composer-field' ? one.parentNode : one;"
            "return one === document.body || getComputedStyle(one).outlineStyle !== 'none' || frame !== one"
            " ? null : one.outerHTML.slice(0, 100)"
        )
        if seen:
            unseen.append(seen)
    expect(unseen, [], "where the focus is not seen")
    missed = page.run("return [...document.querySelectorAll('[data-visited=no]')].map((one) => one.outerHTML.slice(0, 100))")
    expect(missed, [], "what the tabulator does not reach")


def test_keys(page):
    """Keys search, begin a conversation, open the settings and the list of keys."""
    page.answer("answer")
    page.send("go")
    page.chord(Keys.CONTROL, "k")
    expect(page.focused(), "search", "where Ctrl+K goes")
    page.chord(Keys.CONTROL, Keys.SHIFT, "o")
    expect((page.focused(), page.questions()), ("composer-field", []), "where Ctrl+Shift+O goes")
    page.chord(Keys.CONTROL, "/")
    expect(page.run("return document.querySelector('#help').open"), True, "whether Ctrl+/ opens the list of keys")
    expect_true(len(page.all("#keys kbd")) >= 10, "the list of keys is short")
    page.keys(Keys.ESCAPE)
    expect(page.run("return document.querySelector('#help').open"), False, "whether Escape closes it")
    page.chord(Keys.CONTROL, ",")
    expect(page.run("return document.querySelector('#settings').open"), True, "whether Ctrl+, opens the settings")


def test_escape(page):
    """Escape empties the search and closes a menu; only where there is nothing of that kind it stops the answer."""
    page.answer("One", {"wait": 60_000}, "two")
    page.send("go", waits=False)
    page.wait("return document.querySelector('.answer').innerText.includes('One')", "the beginning")
    page.chord(Keys.CONTROL, "k")
    page.keys("nothing like it", Keys.ESCAPE)
    expect(page.find("#search").get_attribute("value"), "", "what is searched for")
    page.run("document.querySelector('#conversations .icon-button').click()")
    page.keys(Keys.ESCAPE)
    page.wait("return document.querySelector(':popover-open') === null", "the menu to close")
    expect(page.focused_name(), "More for go", "where the focus is after the menu")
    expect(page.run("return document.querySelector('#stop').hidden"), False, "whether the answer was stopped")
    page.keys(Keys.ESCAPE)
    page.answered()


def test_enter(page):
    """Shift+Enter makes a line, Enter alone sends, and blanks are not sent."""
    field = page.find("#composer-field")
    field.send_keys("   ", Keys.ENTER)
    expect(page.questions(), [], "the questions")
    field.clear()
    page.answer("answer")
    field.send_keys("a", Keys.SHIFT + Keys.ENTER + Keys.SHIFT, "b")
    tall = field.size["height"]
    field.send_keys(Keys.ENTER)
    page.answered()
    expect(page.questions(), ["a\nb"], "the questions")
    expect_true(field.size["height"] < tall, "the field does not grow with its text")


def test_stop_button(page):
    """The button that stops does, and the focus is back in the field."""
    page.answer("One", {"wait": 60_000}, "two")
    page.send("go", waits=False)
    page.wait("return document.querySelector('.answer').innerText.includes('One')", "the beginning")
    page.click("#stop")
    page.answered()
    expect(page.answers(), ["One"], "the answer")
    expect_true("about 1 token" in page.texts(".answer .numbers")[-1], f"the count is {page.texts('.answer .numbers')}")
    expect_true("You stopped this answer." in page.texts(".report")[0], f"the report is {page.texts('.report')}")
    expect(page.focused(), "composer-field", "where the focus is")


def test_dialogs(page):
    """A press beside a dialog closes it, one within it does not."""
    page.click("#open-help")
    pressed = "const [x, y] = arguments; document.querySelector('#help').dispatchEvent(new PointerEvent('pointerdown', "
    pressed += "{ clientX: x, clientY: y })); return document.querySelector('#help').open"
    box = page.run("const one = document.querySelector('#help').getBoundingClientRect(); return [one.left, one.top]")
    expect(page.run(pressed, box[0] + 3, box[1] + 3), True, "whether it is open after a press at its edge")
    expect(page.run(pressed, box[0] - 3, box[1] + 3), False, "whether it is open after a press beside it")


def test_copy(page):
    """Code, questions and answers are copied as they were written."""
    page.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.answer("An *answer*:\n\n```swift\nlet x = 1 // one\n\nlet y = 2\n```\n")
    page.send("A *question*")
    field = page.find("#composer-field")
    for selector, expected in [
        (".code button", "let x = 1 // one\n\nlet y = 2\n"),
        ("[aria-label='Copy this message']", "A *question*"),
        ("[aria-label='Copy this answer as Markdown']", "An *answer*:\n\n```swift\nlet x = 1 // one\n\nlet y = 2\n```\n"),
    ]:
        page.run("document.querySelector(arguments[0]).click()", selector)
        page.wait("return document.querySelector(arguments[0] + ' .icon-check') !== null", "the sign that it worked", selector)
        field.clear()
        field.click()
        page.chord(Keys.CONTROL, "v")
        expect(field.get_attribute("value"), expected, selector)


def test_selected_code(page):
    """Code that is selected over many lines has no lines more or less."""
    code = "".join(f"line {number}\n" for number in range(160))
    page.answer(f"```\n{code}```")
    page.send("go")
    selected = page.run(
        "getSelection().selectAllChildren(document.querySelector('.code pre')); return getSelection().toString()"
    )
    expect(selected.rstrip("\n"), code.rstrip("\n"), "the selected code")


def test_themes(page):
    """The page follows the system's theme until one is chosen, and remembers the choice."""
    ground = "return getComputedStyle(document.body).backgroundColor"
    page.scheme("light")
    light = page.run(ground)
    page.scheme("dark")
    dark = page.run(ground)
    expect_true(light != dark, "both themes have the same ground")
    page.click("#open-settings-here")
    page.click("#theme span", "Light")
    expect(page.run(ground), light, "the ground after choosing light")
    page.scheme("light")
    page.click("#theme span", "Dark")
    page.reload()
    expect(page.run(ground), dark, "the ground after choosing dark and loading anew")


def test_contrast(page):
    """Text stands out from its ground by 4.5 to 1 or more in both themes."""
    page.answer({"thinking": "Hm."}, "Text, `code`, [link](https://example.com)\n\n> quote\n\n```swift\nlet x = 1 // no\n```")
    page.send("go")
    page.plan({"status": 400, "type": "invalid_request_error", "message": "no"})
    page.send("again")
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        page.driver.execute_async_script("setTimeout(arguments[0], 250)")
        poor = page.run(CONTRAST)
        expect(poor, [], f"text that hardly stands out in the {scheme} theme")


CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = (colour) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
};
const luminance = (colour) => {
  const [red, green, blue] = colour.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ground = (one) => {
  for (let at = one; at; at = at.parentElement) {
    const colour = rgba(getComputedStyle(at).backgroundColor);
    if (colour[3] > 0.99) return colour;
  }
  return [1, 1, 1, 1];
};
const poor = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const one = walker.currentNode.parentElement;
  if (walker.currentNode.data.trim() === "" || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
  if (one.closest(".visually-hidden, .skip, :disabled, dialog:not([open])")) continue;
  const [light, dark] = [rgba(getComputedStyle(one).color), ground(one)].map(luminance).sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${one.className || one.nodeName}: ${walker.currentNode.data.slice(0, 30)}`);
}
return poor;
"""


def test_phone(page):
    """At 360 pixels nothing has to be scrolled sideways, and the list of conversations comes and goes."""
    wide = "`" + "x" * 200 + "` " + "y" * 300 + "\n\n```\n" + "z" * 400 + "\n```\n\n|" + " column |" * 12 + "\n|" + "---|" * 12
    page.width(360)
    try:
        page.reload()
        sideways = (
            "return [document.documentElement, document.querySelector('#scroller')]"
            ".map((one) => one.scrollWidth - one.clientWidth)"
        )
        expect(page.run(sideways), [0, 0], "what stands out from the empty page")
        page.answer(wide)
        page.send("w" * 120)
        expect(page.run(sideways), [0, 0], "what stands out from a conversation")
        outside = page.run(
            "return [...document.querySelectorAll('button, select, textarea')].filter((one) => one.checkVisibility("
            "{ visibilityProperty: true })).map((one) => [one.getBoundingClientRect(), one])"
            ".filter(([box, one]) => !one.closest('#sidebar, .beginnings') && (box.left < 0 || box.right > 360))"
            ".map(([, one]) => one.outerHTML.slice(0, 100))"
        )
        expect(outside, [], "controls outside the screen")
        page.click("#toggle-sidebar")
        page.wait("return document.querySelector('#sidebar').getBoundingClientRect().left === 0", "the list")
        expect(page.run("return document.querySelector('main').inert"), True, "whether what the list covers is left out")
        page.click("#conversations a")
        page.wait("return document.querySelector('#sidebar').getBoundingClientRect().right <= 0", "the list to go")
        expect(page.run("return document.querySelector('main').inert"), False, "whether the page is still left out")
        expect(page.focused(), "toggle-sidebar", "where the focus is after the list")
        page.click("#open-settings-here")
        sideways = "const one = document.querySelector('#settings'); return one.scrollWidth - one.clientWidth"
        expect(page.run(sideways), 0, "what stands out from the settings")
    finally:
        page.width(None)


def test_line_below(page):
    """What stands below the field stays in one line, at a phone's width and with great numbers."""
    answer = {"role": "assistant", "text": "b", "parent": 0, "chosen": None, "inputTokens": 123_456, "stop": "end_turn"}
    question = {"role": "user", "text": "a", "parent": None, "chosen": 1}
    stored = {"id": "one", "title": "a", "chosen": 0, "settings": {"system": "c"}, "messages": [question, answer]}
    page.width(360)
    try:
        page.import_file([stored])
        page.wait("return document.querySelector('#context').innerText.startsWith('123,456 /')", "the use of the context")
        high = "return [...document.querySelectorAll('.below > *')].map((one) => one.getClientRects().length)"
        expect([count for count in page.run(high) if count > 1], [], "what is broken into lines")
        over = "const one = document.querySelector('.below'); return one.scrollWidth - one.clientWidth"
        expect(page.run(over), 0, "what stands out")
        expect_true(page.find(".below").size["height"] < 40, "the line is too high")
    finally:
        page.width(None)


def test_touch(page):
    """What appears under a pointer that hovers is always there on a screen that one touches."""
    page.answer("answer")
    page.send("go")
    page.width(360)
    try:
        page.reload()
        page.click("#toggle-sidebar")
        page.wait("return matchMedia('(hover: none)').matches", "a screen on which nothing hovers")
        unseen = "return [...document.querySelectorAll('#conversations button, article > footer button')]"
        unseen += ".filter((one) => !one.disabled && getComputedStyle(one).opacity !== '1').map((one) => one.title)"
        expect(page.run(unseen), [], "what is not seen")
    finally:
        page.width(None)


def test_toast(page):
    """A notice is in the middle of the conversation, not of the window."""
    middle = "const one = document.querySelector(arguments[0]).getBoundingClientRect(); return (one.left + one.right) / 2"
    page.import_file([{"messages": []}])
    page.wait("return !document.querySelector('#toast').hidden", "the notice")
    expect(page.run(middle, "#toast"), page.run(middle, "main"), "the middle of the notice beside the list")
    page.click("#toggle-sidebar")
    expect(page.run(middle, "#toast"), page.run(middle, "main"), "the middle of the notice without the list")
