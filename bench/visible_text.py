"""What readers see, written down so that two versions of the code can be compared: words, spaces, attributes.

    .venv/bin/python bench/visible_text.py FOLDER    # then the same on the other version, and diff -r

Reads every page that each account of the demonstration reaches by links from its own area, every kind of mail and
letter, and the source of every kind of PDF. White-space counts as a browser counts it: between inline content any run
of it is one space; at the edge of a block, of a button, or of an item of a flex or grid container it is nothing.
`title`, `aria-label` and their like are compared as they are. The clock is frozen and what the visits wrote is rolled
back, so two runs on the same code are equal. The demonstration is cached in `.local/bench/visible`.
"""

import argparse
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.environment import open_environment
from bench.pages import SETTINGS, cookies, seed
from bench.report import ROOT, say

MOMENT = "2026-11-27T11:30:00Z"
ACCOUNTS = (
    "lead officer facilitator sponsor president witness dir_contact dir_approver dpo archivist admin member"
).split()
EACH_VIEW, EACH_KIND = 4, 6
SUBJECT = "Objet : "

BLOCKS = set(
    "address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 head header hr html legend li link main meta nav ol optgroup option p pre script section "
    "style summary table tbody td template tfoot th thead title tr ul".split()
)
VOID = set("area base br col embed hr img input link meta source track wbr".split())
PICTURES = {"img", "input", "svg", "textarea"}
# Elements that are inline outside and blocks of their own inside.
BOXES, BOX_CLASSES = {"button", "select"}, {"act", "brand", "btn", "state"}
SHOWN = (
    "title aria-label aria-description alt placeholder value label href action content data-hx-confirm data-hx-get"
    " data-hx-post"
).split()
SPACE = re.compile(r"[ \t\r\n\f]+")
CONTAINER = re.compile(r"(?m)^\.([a-z][\w-]*)\s*\{[^{}]*?display:\s*(?:flex|grid)\b")
VOLATILE = (
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "‹uuid›"),
    (re.compile(r"\b[0-9a-f]{32,}\b"), "‹hash›"),
    (re.compile(r"[\d,]+\s[MGT]io libres"), "‹size› libres"),
    (re.compile(r"(?<=[/=:])(?=[\w:-]*\d)(?=[\w:-]*[A-Z])[\w:-]{20,}"), "‹token›"),
)
KEYS = {"csrfmiddlewaretoken", "idempotency_key"}


def containers() -> set[str]:
    """Return the classes whose children are items of a flex or grid container: no space shows between those."""
    return {name for sheet in (ROOT / "static/css").rglob("*.css") for name in CONTAINER.findall(sheet.read_text())}


class Element(NamedTuple):
    tag: str
    is_box: bool
    flexible: bool
    preformatted: bool  # its white-space shows as it is typed


class Reader(HTMLParser):
    """Parser of HTML into lines: one per block, its text with the spaces that show, then its attributes."""

    def __init__(self, flexible: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.flexible, self.lines, self.links = flexible, [], []
        self._open: list[Element] = []
        self._line, self._attributes = "", []

    def block(self) -> None:
        if self._line.strip(" "):
            self.lines.append(self._line.strip(" "))
        self.lines += self._attributes
        self._line, self._attributes = "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = set(attributes.get("class", "").split())
        is_box = tag in BOXES or bool(classes & BOX_CLASSES)
        self._edge(tag, is_box)
        if is_box:
            self._line += "["
        elif tag in PICTURES and attributes.get("type") != "hidden":
            self._line += "▢"
        if attributes.get("name") not in KEYS:
            self._attributes += [f"    {tag} {name}={attributes[name]!r}" for name in SHOWN if name in attributes]
        self.links += [attributes[name] for name in ("href", "data-hx-get") if name in attributes]
        if tag not in VOID:
            is_preformatted = (
                tag in {"pre", "textarea"} or "as-typed" in classes or bool(self._open and self._open[-1].preformatted)
            )
            self._open.append(Element(tag, is_box, bool(classes & self.flexible), is_preformatted))

    def handle_endtag(self, tag: str) -> None:
        if not any(one.tag == tag for one in self._open):
            return
        while (closed := self._open.pop()).tag != tag:
            pass
        if closed.is_box:
            self._line = self._line.rstrip(" ") + "]"
        self._edge(tag, closed.is_box)

    def _edge(self, tag: str, is_box: bool) -> None:
        if (tag in BLOCKS and not is_box) or (self._open and self._open[-1].flexible):
            self.block()

    def handle_data(self, data: str) -> None:
        inner = self._open[-1] if self._open else Element("", False, False, False)
        if inner.tag in {"script", "style"}:
            return
        if inner.tag == "textarea":  # editable: compared as it was typed, like the value of a field
            self._attributes.append(f"    textarea value={data!r}")
            return
        if inner.preformatted:
            self._line += data.replace("\n", "⏎")
            return
        text = SPACE.sub(" ", data)
        self._line += text[1:] if text.startswith(" ") and self._line[-1:] in {"", " ", "["} else text


def read(html: str, flexible: set[str]) -> Reader:
    reader = Reader(flexible)
    reader.feed(html)
    reader.close()
    reader.block()
    for pattern, name in VOLATILE:
        reader.lines = [pattern.sub(name, line) for line in reader.lines]
    return reader


def steady(text: str) -> str:
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return text


def walk(account: str, start: str, flexible: set[str]) -> Iterator[str]:
    """Yield the lines of each page that links lead to, a few addresses for each view and set of parameters."""
    from django.conf import settings  # noqa: PLC0415 -- Django is set up only now
    from django.test import Client  # noqa: PLC0415 -- see above
    from django.urls import Resolver404, resolve  # noqa: PLC0415 -- see above

    headers = {"host": urlsplit(settings.SITE_URL).netloc, "x-forwarded-proto": "https"}
    if account:
        headers["cookie"] = cookies(account)
    browser = Client(headers=headers, raise_request_exception=False)
    waiting, known, visits = deque([start, "/", "/nulle-part/"]), {start, "/", "/nulle-part/"}, Counter()
    while waiting:
        path = waiting.popleft()
        parts = urlsplit(path)
        try:
            view = resolve(parts.path).view_name, tuple(name for name, _ in parse_qsl(parts.query))
        except Resolver404:
            view = parts.path, ()
        visits[view] += 1
        if visits[view] > EACH_VIEW:
            continue
        response = browser.get(path)
        if account and f"{response.status_code}" == "302" and "/compte/" in response.headers.get("Location", ""):
            continue
        yield steady(f"\n## {path} {response.status_code} {response.headers.get('Location', '')}")
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = read(response.content.decode(), flexible)
        yield from page.lines
        for link in page.links:
            target = urlsplit(urldefrag(urljoin(path, link)).url)
            address = target.path + (f"?{target.query}" if target.query else "")
            is_skipped = target.netloc or not target.path.startswith("/") or "deconnexion" in target.path
            if not is_skipped and address not in known:
                known.add(address)
                waiting.append(address)


def mails(flexible: set[str]) -> Iterator[str]:
    """Yield the text of some messages of each kind: subject, text, HTML and letter."""
    from django.template.loader import render_to_string  # noqa: PLC0415 -- Django is set up only now

    from assembly.notifications import composing, registry  # noqa: PLC0415 -- see above
    from assembly.notifications.models import Delivery  # noqa: PLC0415 -- see above

    for name, kind in sorted(registry.kinds.items()):
        deliveries = Delivery.objects.filter(distribution__kind=name).order_by("pk")
        for delivery in [*deliveries[: EACH_KIND // 2], *deliveries.reverse()[: EACH_KIND // 2]]:
            try:
                context = composing.template_context(delivery, kind)
            except LookupError:  # withdrawn since: no message is written any more
                continue
            yield f"\n## {name} {delivery.pk}"
            yield f"{SUBJECT}{composing.subject_of(delivery, context)}"
            yield steady(render_to_string(f"{kind.template}.txt", context))
            yield from read(render_to_string(f"{kind.template}.html", context), flexible).lines
            yield from read(composing.letter_html(delivery), flexible).lines


def papers() -> Iterator[str]:
    """Yield the sources of some PDF of each kind; their own sheets lay them out, so no container is known."""
    from django.apps import apps  # noqa: PLC0415 -- Django is set up only now

    from assembly.documents.registry import renderers  # noqa: PLC0415 -- see above
    from sessions.attendance.queries import facts  # noqa: PLC0415 -- see above
    from sessions.models import Invitee, Notice  # noqa: PLC0415 -- see above
    from sessions.sittings.queries import convening  # noqa: PLC0415 -- see above

    def some(model: Any) -> list[Any]:
        rows = model._base_manager.order_by("pk")
        return [*rows[:EACH_KIND], *rows.reverse()[:EACH_KIND]]

    makers = [(convening.agenda_source, Notice), (facts.certificate_source, Invitee)]
    makers += [(one.source, apps.get_model(one.subject_label)) for _, one in sorted(renderers.items())]
    for make, model in makers:
        for subject in some(model):
            yield f"\n## {make.__module__} {make.__qualname__} {subject.pk}"
            try:
                html = make(subject).html
            except (AttributeError, LookupError, TypeError, ValueError, model.DoesNotExist) as error:
                yield f"none for this one: {type(error).__name__}"
            else:
                yield from read(html, set()).lines


def write(folder: Path, *chosen: str) -> None:
    """Write one file per reader, one for the mails and one for the PDF sources; or the chosen ones."""
    import time_machine  # noqa: PLC0415 -- Django is set up first
    from django.core.cache import cache  # noqa: PLC0415 -- see above
    from django.db import transaction  # noqa: PLC0415 -- see above
    from django.test.utils import setup_test_environment  # noqa: PLC0415 -- see above

    setup_test_environment(debug=False)
    flexible = containers()
    pieces = {
        "mails": lambda: mails(flexible),
        "papers": papers,
        "public": lambda: walk("", "/publications/", flexible),
    }
    pieces |= {name: lambda name=name: walk(name, "/ma-place/", flexible) for name in ACCOUNTS}
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in pieces.items():
        if chosen and name not in chosen:
            continue
        with time_machine.travel(MOMENT, tick=False), transaction.atomic():
            cache.clear()
            text = "\n".join(lines()) + "\n"
            transaction.set_rollback(True)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        say(f"{name}: {text.count(chr(10) + '## ')} pieces, {text.count(chr(10))} lines")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write down what readers of the demonstration meet.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with open_environment("visible", SETTINGS, keep=True) as bench_folder:
        seed(bench_folder, 1)
        write(folder)


if __name__ == "__main__":
    main()
