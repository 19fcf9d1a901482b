"""Screenshots for the root README and for `docs/questions.html`, taken from the demonstration.

    ./run                                       # in one terminal
    .venv/bin/python docs/tour.py [--port 8000]  # in another one

The pictures are retaken after a sign-in with the one-click buttons of the demonstration, and written to
`docs/tour/*.png`. Nothing is changed on the site.
"""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "tour"
HEAVIEST = 250_000
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 900}


def public_home(page: Page) -> None:
    page.goto("/")


def desk(page: Page) -> None:
    sign_in(page, "officer")


def sitting(page: Page) -> None:
    """Open the plenary that the demonstration has convened: to come on the day that it tells, past on a later one."""
    sign_in(page, "officer")
    page.goto("/bureau/seances/")
    rows = page.get_by_role("row").filter(has_text="Séance plénière : accès aux soins")
    rows.first.get_by_role("link").first.click()
    page.wait_for_url("**/bureau/seances/*/")


def minutes(page: Page) -> None:
    """Open the writing screen of an item of minutes that are still being written."""
    sign_in(page, "officer")
    page.locator("main a", has_text="Finir le compte rendu").first.click()
    page.wait_for_url("**/compte-rendu/")
    page.locator("main li a[href*='/points/']").first.click()
    page.wait_for_url("**/points/*/")


def member_home(page: Page) -> None:
    sign_in(page, "member")


def verified(page: Page) -> None:
    """Open the check of the last published document."""
    page.goto("/publications/")
    page.locator("main a[href^='/verifier/']").first.click()
    page.wait_for_url("**/verifier/*/")


def opinion(page: Page) -> None:
    """Open the last published opinion, on the cards of its recommendations."""
    page.goto("/avis/")
    page.locator("main a[href^='/avis/']").first.click()
    page.wait_for_url("**/avis/*/")


PICTURES: tuple[tuple[str, dict[str, int], Callable[[Page], None]], ...] = (
    ("1-portail", DESK, public_home),
    ("2-bureau", DESK, desk),
    ("3-seance", DESK, sitting),
    ("4-compte-rendu", DESK, minutes),
    ("5-espace-membre", PHONE, member_home),
    ("6-verifier", DESK, verified),
    ("7-avis", PHONE, opinion),
)


def sign_in(page: Page, role: str) -> None:
    page.goto("/compte/connexion/")
    page.locator(f"form:has(input[value='{role}@demo.example.org']) button").click()
    page.wait_for_url(lambda address: "/compte/" not in address)


def take(browser: Browser, site: str, name: str, size: dict[str, int], walk: Callable[[Page], None]) -> int:
    """Walk to the page in a browser of its own and write what it shows; return its weight in bytes."""
    context = browser.new_context(base_url=site, locale="fr-FR", timezone_id="Europe/Paris", viewport=size)
    context.set_default_timeout(60_000)
    page = context.new_page()
    walk(page)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    context.close()
    return file.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description="Retake the pictures of the README.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    FOLDER.mkdir(exist_ok=True)
    installed = next(
        filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser", "chromium-headless-shell"))),
        None,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM_ARGUMENTS)
        for name, size, walk in PICTURES:
            weight = take(browser, f"http://localhost:{port}", name, size, walk)
            print(f"{name}.png  {weight / 1000:.0f} kB")
            if weight > HEAVIEST:
                raise SystemExit(f"{name}.png is heavier than {HEAVIEST / 1000:.0f} kB.")
        browser.close()


if __name__ == "__main__":
    main()
