"""What a browser without a cache downloads for one page: page, style, fonts, scripts, pictures.

Counted in Chromium, as the bodies that are transferred. Static files are compressed by the product itself; pages are
compressed by the proxy of a deployment, which does not run here: its gzip is applied to uncompressed bodies.
"""

import gzip
import shutil
from collections.abc import Mapping
from typing import Any

from bench.report import say

# Requests that a browser with windows sends after the page; a headless one does not.
AFTERWARDS = """async () => {
  const links = document.querySelectorAll("link[rel~=icon], link[rel=manifest]");
  await Promise.all([...links].map((link) => fetch(link.href)));
}"""
GZIP_LEVEL = 5  # Caddy's own
COMPRESSED = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


def first_visits(site: str, paths: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return kilobytes and requests of each page, or an empty mapping without a browser.

    On localhost Chromium accepts all compressions.
    """
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 -- it marks this thread as running a loop

    from tests.live import BROWSERS, CHROMIUM_ARGUMENTS  # noqa: PLC0415 -- Django is set up by now

    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM_ARGUMENTS)
        except Error as error:
            say(f"First visits: {error}")
            return {}
        figures = {name: visit(browser, site + path) for name, path in paths.items()}
        browser.close()
    return figures


def visit(browser: Any, address: str) -> dict[str, float]:
    """Load one page in a profile of its own."""
    context = browser.new_context(locale="fr-FR", extra_http_headers={"X-Forwarded-Proto": "https"})
    page = context.new_page()
    answers: dict[str, Any] = {}
    page.on("response", lambda answer: answers.setdefault(answer.url, answer))
    page.goto(address, wait_until="networkidle")
    page.evaluate(AFTERWARDS)
    figures = {
        "first_visit_kb": round(sum(map(weigh, answers.values())) / 1000, 1),
        "first_visit_requests": len(answers),
    }
    context.close()
    return figures


def weigh(answer: Any) -> int:
    """Return the bytes of a body as deployed."""
    kind = answer.headers.get("content-type", "")
    if "content-encoding" in answer.headers or not kind.startswith(COMPRESSED):
        return int(answer.request.sizes()["responseBodySize"])
    return len(gzip.compress(answer.body(), GZIP_LEVEL))
