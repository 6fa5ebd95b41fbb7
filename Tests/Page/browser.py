"""A headless Chromium with the page of a running server, and what the tests do with it."""

import json
import pathlib
import shutil
import time

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PATIENCE = 180  # seconds; a server on a slow machine may have a long way to its first token
STAND_IN = (pathlib.Path(__file__).parent / "answers.js").read_text()
WATCH_POLICY = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
"""


class Failure(Exception):
    """What was found, where something else was expected."""


def expect(found, expected, what):
    if found != expected:
        raise Failure(f"{what}: found {shortened(found)}, expected {shortened(expected)}")


def shortened(value):
    text = repr(value)
    return text if len(text) <= 1000 else f"{text[:1000]}… ({len(text)} characters)"


def expect_true(condition, what):
    if not condition:
        raise Failure(what)


class Page:
    def __init__(self, base, downloads):
        options = webdriver.ChromeOptions()
        # Debian's Chromium; without a sandbox because tests may run as root.
        options.binary_location = shutil.which("chromium") or ""
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,860"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.base = base.rstrip("/") + "/"
        self.downloads = pathlib.Path(downloads)
        self.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH_POLICY)
        self.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, what, *arguments, patience=20):
        """Waits until a script gives something true, and gives it."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            found = self.run(script, *arguments)
            if found:
                return found
            time.sleep(0.03)
        raise Failure(f"waited {patience} s in vain: {what}")

    def open(self):
        """Opens the page anew, with nothing in it."""
        self.driver.get(self.base)
        self.run("localStorage.clear(); sessionStorage.clear()")
        self.driver.execute_async_script(
            """const done = arguments[0];
            const request = indexedDB.open("moso");
            request.onsuccess = () => {
              const database = request.result;
              if (!database.objectStoreNames.contains("conversations")) return database.close(), done();
              const store = database.transaction("conversations", "readwrite").objectStore("conversations");
              store.clear().onsuccess = () => { database.close(); done(); };
            };"""
        )
        self.driver.get(self.base)
        self.driver.get_log("browser")
        self.ready()

    def reload(self):
        self.driver.refresh()
        self.ready()

    def ready(self):
        self.wait("return document.querySelector('#model')?.disabled === false", "the list of models", patience=PATIENCE)
        self.run(STAND_IN)

    def plan(self, *plans):
        """Says how the next requests for a message end; see answers.js."""
        self.run("window.plans.push(...JSON.parse(arguments[0]))", json.dumps(plans))

    def answer(self, *pieces, **more):
        self.plan({"pieces": pieces, **more})

    def requests(self):
        return self.run("return window.requests")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector, text=None):
        """Clicks the last element that fits, and that has a text, once there is one."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                for element in reversed(self.all(selector)):
                    if element.is_displayed() and (text is None or element.text.strip() == text):
                        return element.click()
            except StaleElementReferenceException:
                pass
            time.sleep(0.03)
        raise Failure(f"there is no {selector} {text or ''} to click")

    def keys(self, *keys):
        """Presses keys wherever the focus is; modifiers hold for the keys after them."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def chord(self, *keys):
        chain = webdriver.ActionChains(self.driver)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in keys[:-1]:
            chain.key_up(key)
        chain.perform()

    def send(self, text, waits=True):
        field = self.find("#composer-field")
        field.send_keys(text)
        field.send_keys(Keys.ENTER)
        if waits:
            self.answered()

    def answered(self):
        self.wait("return document.querySelector('#stop').hidden", "the end of the answer", patience=PATIENCE)

    def texts(self, selector):
        """What is read there; blanks at which no line breaks are blanks."""
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText.trim())"
        return [text.replace("\u00a0", " ") for text in self.run(script, selector)]

    def answers(self):
        return self.texts(".answer > .markdown:not(.thinking-text)")

    def questions(self):
        return self.texts(".bubble")

    def focused(self):
        return self.run("return document.activeElement.id || document.activeElement.className")

    def focused_name(self):
        """The name of the control that has the focus, or its text."""
        return self.run("const one = document.activeElement; return one.getAttribute('aria-label') ?? one.innerText.trim()")

    def width(self, pixels, height=740):
        """Makes the window as wide as a phone, or what it was for None."""
        if pixels is None:
            self.command("Emulation.clearDeviceMetricsOverride")
            self.command("Emulation.setTouchEmulationEnabled", enabled=False)
        else:
            self.command(
                "Emulation.setDeviceMetricsOverride", width=pixels, height=height, deviceScaleFactor=2, mobile=True
            )
            self.command("Emulation.setTouchEmulationEnabled", enabled=True)

    def scheme(self, name):
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def import_file(self, conversations):
        path = self.downloads / "import.json"
        path.write_text(json.dumps({"format": "moso-conversations", "version": 1, "conversations": conversations}))
        self.find("#import-file").send_keys(str(path))

    def screenshot(self, path):
        time.sleep(0.4)
        self.driver.save_screenshot(str(path))

    def close(self):
        self.driver.quit()
