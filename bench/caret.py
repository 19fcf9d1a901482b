"""Trials of co-editing in Chromium and in Firefox: counts those in which typed text is split or misplaced.

    .venv/bin/python bench/caret.py [--trials 200] [--browsers chromium,firefox] [--seed 0] [--quick]

Two or three people press real keys in one block at once: next to each other, in one place, over deletions, undo,
splits, a cut line, « Je propose » (`tests/e2e/carets.py` describes each trial and its expected text). The site runs in
a process of its own, with everything between a key and the other screens. `--quick`: eighteen trials in Chromium.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.coediting import setup
from bench.environment import open_environment
from bench.report import print_report, say

BATCH = 18  # trials in one text: every kind once
QUICK = 18


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield `open_screen(address, (name, value) of the session)` for Chromium.

    It returns the screen and the function that closes it.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- it marks this thread as running a loop

    from tests.e2e.carets import LINE, READY, ChromiumScreen  # noqa: PLC0415 -- Django is set up by now
    from tests.live import BROWSERS, CHROMIUM_ARGUMENTS  # noqa: PLC0415 -- see above

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM_ARGUMENTS)

        def open_screen(address: str, cookie: Sequence[str]) -> tuple[Any, Callable[[], None]]:
            context = browser.new_context(locale="fr-FR")
            context.add_cookies([{"name": cookie[0], "value": cookie[1], "domain": "localhost", "path": "/"}])
            context.add_init_script(f"({LINE})()")
            page = context.new_page()
            page.goto(address)
            page.wait_for_function(READY)
            return ChromiumScreen(page), context.close

        yield open_screen
        browser.close()


@contextmanager
def firefox() -> Iterator[Any]:
    """Yield the same function for Firefox."""
    from tests.e2e.carets import LINE, READY  # noqa: PLC0415 -- Django is set up by now
    from tests.firefox import launch  # noqa: PLC0415 -- see above

    with launch() as browser:

        def open_screen(address: str, cookie: Sequence[str]) -> tuple[Any, Callable[[], None]]:
            page = browser.open()
            page.add_cookie(*cookie, "localhost")
            page.add_script(LINE)
            page.goto(address)
            page.wait(READY)
            return page, page.close

        yield open_screen


def play(site: str, browser: Any, seeds: Sequence[int], counts: dict[str, Any]) -> None:
    """Play these trials in one text on three screens."""
    from assembly.collab.actions import texts  # noqa: PLC0415 -- Django is set up by now
    from assembly.collab.models import Update  # noqa: PLC0415 -- see above
    from tests.e2e.carets import Table, plan  # noqa: PLC0415 -- see above
    from tests.e2e.coediting import KIND, tree  # noqa: PLC0415 -- see above

    trials = [plan(seed) for seed in seeds]
    section, cookies = counts["people"]["text"], counts["people"]["cookies"]
    author = Update.objects.filter(text=section).first().author
    blocks = tree(*(block for trial in trials for block in trial.tree()))
    text = texts.create(KIND, title="Bancs", assembly=section.assembly, runs=[(author, blocks)], by=author)
    with ExitStack() as closing:
        screens = []
        for cookie in cookies:
            screen, close = browser(f"{site}/essai/{text.public_id}/", cookie.split("=", 1))
            closing.callback(close)
            screens.append(screen)
        for outcome in map(Table(screens).play, trials):
            counts["trials"] += 1
            if not outcome.is_right:
                counts["wrong"] += 1
                say(f"WRONG {outcome}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=200, help="in all, shared out to the browsers")
    parser.add_argument("--browsers", default="chromium,firefox")
    parser.add_argument("--seed", type=int, default=0, help="of the first trial")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.trials, options.browsers = QUICK, "chromium"
    began = os.getloadavg()[0]
    settings = {
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings_test",
        "DATABASE_POOL": "0",
        "SITE_URL": "http://localhost",
    }
    figures: dict[str, Any] = {}
    with open_environment("caret", settings, keep=options.quick):
        from tests.e2e import served  # noqa: F401, PLC0415 -- registers the kind of text of the trials
        from tests.e2e.coediting import Server  # noqa: PLC0415 -- see above

        setup.delete_rows()
        counts: dict[str, Any] = {"people": setup.create_people(3, 0)}
        server = Server()
        server.start()
        try:
            browsers = options.browsers.split(",")
            share = options.trials // len(browsers)
            for index, name in enumerate(browsers):
                begin = options.seed + index * share
                counts |= {"trials": 0, "wrong": 0}
                start = time.monotonic()
                with {"chromium": chromium, "firefox": firefox}[name]() as browser:
                    for first in range(begin, begin + share, BATCH):
                        play(server.address, browser, range(first, min(first + BATCH, begin + share)), counts)
                        say(f"{name}: {counts['trials']} trials, {counts['wrong']} wrong")
                figures |= {f"{name}_{key}": counts[key] for key in ("trials", "wrong")}
                figures[f"{name}_seconds"] = round(time.monotonic() - start)
        finally:
            server.kill()
    print_report("caret", figures, packages=("django", "pycrdt", "playwright"), load=began)


if __name__ == "__main__":
    main()
