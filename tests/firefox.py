"""Firefox ESR, driven by WebDriver BiDi, which it answers by itself: real pressed keys, no driver program.

Playwright speaks to a Firefox of its own making only. `Firefox.open()` gives a page in a user context of its own
(its own cookies and storage), `Page` the few gestures that our tests make.
"""

import json
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from assembly.local import processes

SECONDS = 15.0  # what is waited for comes in moments; a loaded machine is not a fault
PROGRAMS = ("firefox-esr", "firefox")
LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)\n")
PREFERENCES = {
    "intl.accept_languages": "fr-FR, fr",
    "intl.locale.requested": "fr",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_beforeunload": True,
}
# As the WebDriver standard names the keys that write nothing.
KEYS = {
    "Backspace": "\ue003", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009",
    "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011", "ArrowLeft": "\ue012", "ArrowRight": "\ue014",
    "Delete": "\ue017",
}  # fmt: skip
# The middle of the first visible element that a selector finds and whose words begin with these.
FIND = """(selector, text) => {
  const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0
  const textOf = (element) => (element.innerText ?? element.value ?? "").replace(/\\s+/g, " ").trim()
  const match = [...document.querySelectorAll(selector)].find((e) => isShown(e) && textOf(e).startsWith(text))
  if (!match) return null
  match.scrollIntoView({ block: "center" })
  const box = match.getBoundingClientRect()
  return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]
}"""


class BrowserError(Exception):
    """Firefox refused a command, or a script of ours threw in the page."""


class Page:
    """One top-level browsing context."""

    def __init__(self, browser: "Firefox", context: str, user_context: str) -> None:
        self.browser, self.context, self.user_context = browser, context, user_context

    def goto(self, address: str) -> None:
        """Return once the page and what it loads have come."""
        self.browser.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, function: str, *values: Any) -> Any:
        """Call a function (async ones are waited for) on values that JSON can hold; return what it returns."""
        answer = self.browser.send(
            "script.callFunction",
            functionDeclaration=f"async (json) => JSON.stringify((await ({function})(...JSON.parse(json))) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(values)}],
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise BrowserError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait(self, function: str, *values: Any, seconds: float = SECONDS) -> Any:
        """Call it again and again until it returns something true; raise AssertionError after `seconds`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if found := self.evaluate(function, *values):
                    return found
            except BrowserError as error:
                if "JSWindowActor" not in str(error) and "no such" not in str(error):  # the page is being replaced
                    raise
            time.sleep(0.05)
        raise AssertionError(f"not so after {seconds} s: {function} {values} in\n{self.text()[:800]}")

    def text(self, selector: str = "body") -> str:
        """Return the text that this element shows."""
        return self.evaluate("(selector) => document.querySelector(selector)?.innerText ?? ''", selector)

    def wait_text(self, words: str, selector: str = "body") -> None:
        self.wait("(selector, text) => document.querySelector(selector)?.innerText.includes(text)", selector, words)

    def wait_path(self, pattern: str) -> None:
        """Wait until the address of the page, without its host, matches this regular expression."""
        self.wait(
            "(pattern) => document.readyState === 'complete' && RegExp(pattern).test(location.pathname)", pattern
        )

    def click(self, selector: str, words: str = "") -> None:
        """Move the pointer to the element and press its first button."""
        x, y = self.wait(FIND, selector, words)
        actions = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.perform({"type": "pointer", "id": "mouse", "actions": actions})

    def fill(self, selector: str, words: str) -> None:
        """Click into the field, then type."""
        self.click(selector)
        self.type(words)

    def type(self, words: str) -> None:
        """Press the key of each character."""
        for letter in words:
            self.press(letter)

    def press(self, *keys: str) -> None:
        """Press these keys, each held until the last is down: `press("Control", "z")`."""
        values = [KEYS.get(key, key) for key in keys]
        actions = [{"type": "keyDown", "value": value} for value in values]
        actions += [{"type": "keyUp", "value": value} for value in reversed(values)]
        self.perform({"type": "key", "id": "keyboard", "actions": actions})

    def perform(self, source: dict[str, Any]) -> None:
        """Hand these actions to the window, in front first: elsewhere Home, End and the arrows do nothing."""
        if self.browser.front != self.context:
            self.browser.send("browsingContext.activate", context=self.context)
            self.browser.front = self.context
        self.browser.send("input.performActions", context=self.context, actions=[source])

    def add_cookie(self, name: str, value: str, host: str) -> None:
        """Set a cookie for every page that this page's user context opens there."""
        self.browser.send(
            "storage.setCookie",
            cookie={"name": name, "value": {"type": "string", "value": value}, "domain": host},
            partition={"type": "storageKey", "userContext": self.user_context},
        )

    def add_script(self, function: str) -> None:
        """Run this in every document of the page before its own scripts."""
        self.browser.send("script.addPreloadScript", functionDeclaration=function, contexts=[self.context])

    def close(self) -> None:
        """Close the page with its user context."""
        self.browser.send("browser.removeUserContext", userContext=self.user_context)


class Firefox:
    """A running Firefox and the connection to it. Commands are answered in order; events are not asked for."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.numbers = count(1)
        self.front = ""
        self.send("session.new", capabilities={})

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its result; raise BrowserError when Firefox refuses it."""
        number = next(self.numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.connection.recv(timeout=60))
            if answer.get("id") != number:
                continue
            if answer["type"] == "error":
                raise BrowserError(f"{method}: {answer['error']}: {answer['message']}")
            return answer["result"]

    def open(self, width: int = 1280, height: int = 900) -> Page:
        """Open a page with its own cookies and storage."""
        user_context = self.send("browser.createUserContext")["userContext"]
        context = self.send("browsingContext.create", type="window", userContext=user_context)["context"]
        self.send("browsingContext.setViewport", context=context, viewport={"width": width, "height": height})
        return Page(self, context, user_context)


@contextmanager
def launch() -> Iterator[Firefox]:
    """Start Firefox without windows, with a profile of its own; end it afterwards. No Firefox: AssertionError."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, "no Firefox: ./run test --all installs it"
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as folder:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (Path(folder) / "user.js").write_text("\n".join(lines), encoding="utf-8")
        said = Path(folder) / "standard-error.log"
        with said.open("wb") as log:
            command = [program, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"]
            process = processes.spawn(command, output=log)
        try:
            with connect(f"{address(process, said)}/session", max_size=None, compression=None) as connection:
                yield Firefox(connection)
        finally:
            processes.stop_process(process, signal.SIGTERM, 15)


def address(process: "subprocess.Popen[bytes]", said: Path) -> str:
    """Return the address that the process prints on its standard error."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if found := LISTENING.search(said.read_bytes()):
            return found[1].decode()
        time.sleep(0.05)
    raise AssertionError(f"Firefox does not listen: {said.read_text(errors='replace')[-800:]}")
