"""Gestures that come again on the desk of the mission: fill in, send, confirm in a dialog."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.live import PHONE

MISSION = "/bureau/mission"


def fill_in(page: Page, /, **fields: Any) -> None:
    """Fill in fields of the main part by their names; select an option by its value."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("field => field.localName") == "select":
            field.select_option(str(value), force=True)
        else:
            field.fill(str(value))


def send(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def save(page: Page, place: str, button: str = "Enregistrer", /, **fields: Any) -> None:
    """Open a form of the mission, fill it in, send it."""
    page.goto(f"{MISSION}/{place}")
    fill_in(page, **fields)
    send(page, button)


def confirm(page: Page, words: str) -> None:
    """Take a step that asks in a dialog."""
    page.get_by_role("link", name=words, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=words, exact=True).click()


def taken(page: Page, link: Locator) -> Path:
    """Return the file that a link downloads."""
    with page.expect_download() as download:
        link.click()
    return download.value.path()


def is_as_narrow_as_a_phone(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
