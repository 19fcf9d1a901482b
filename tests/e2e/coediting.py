"""A shared text open in real browsers: pages of the tests' own, whose rights a test gives one by one."""

import os
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from playwright.sync_api import Page, expect
from pycrdt import XmlElement, XmlFragment

from assembly.collab.actions import texts
from assembly.collab.document import html
from assembly.collab.document.projection import settled
from assembly.collab.models import SharedText, TextRight, Update
from assembly.collab.queries import coediting, document_at, readable_text_or_404, tree_of
from assembly.collab.registry import Assignees, LateTextOptions
from assembly.local import processes
from assembly.local.addresses import ROOT
from tests.factories.institution import AssemblyFactory

KIND = "essai"
TEXT = "#coedit-text"
STATUS = "[data-assembly-status]"
SAVED = "Tout est enregistré"


class Rights(dict):
    """`rights[user.pk] = TextRight.WRITE`, read at each write as those of an app would be."""

    def resolve(self, found, users):
        return {(text.pk, user): self.get(user, TextRight.NONE) for text in found for user in users}


def page_of_text(request: HttpRequest, public_id: str) -> HttpResponse:
    """Render the page that an app makes of a text, without a dossier around it."""
    text = readable_text_or_404(request.user, public_id)
    outline = [
        {"number": 1, "title": "Avant-propos", "url": "#un", "is_current": False},
        {"number": 2, "title": text.title, "url": request.path, "is_current": True},
    ]
    return render(
        request,
        "collab/page.html",
        {"coedit": coediting(text, request.user), "outline": outline},
    )


urlpatterns = [path("essai/<uuid:public_id>/", page_of_text), path("", include("assembly.config.urls"))]


def paragraph(*content: Any) -> dict[str, Any]:
    """Return a paragraph of text, or of ready nodes."""
    made = [{"type": "text", "text": item} if isinstance(item, str) else item for item in content]
    return {"type": "paragraph", **({"content": made} if made else {})}


def tree(*blocks: Any) -> dict[str, Any]:
    return {"type": "doc", "content": [paragraph(block) if isinstance(block, str) else block for block in blocks]}


def table(*rows: list[str]) -> dict[str, Any]:
    """Return a table whose first row is its head."""
    kinds = ["tableHeader"] + ["tableCell"] * (len(rows) - 1)
    content = [
        {"type": "tableRow", "content": [{"type": kind, "content": [paragraph(cell)]} for cell in row]}
        for kind, row in zip(kinds, rows, strict=True)
    ]
    return {"type": "table", "content": content}


class Desk:
    """One text, and the browsers that have it open."""

    def __init__(self, open_context: Any, sign_in: Any, people: Any, rights: Rights) -> None:
        self.open_context, self.sign_in, self.people, self.rights = open_context, sign_in, people, rights
        self.text: Any = None
        self.later = LateTextOptions()
        self.assignees: Assignees | None = None
        self.wrong: list[str] = []

    def person(self, right: TextRight = TextRight.WRITE) -> Any:
        """Return a new user with this right in the text."""
        user = self.people.make("member", self.people.term)
        self.rights[user.pk] = right
        return user

    def write(self, *blocks: Any, by: Any = None) -> Any:
        """Make the text with these blocks."""
        author = by or self.person()
        assembly = AssemblyFactory()
        self.text = texts.create(
            KIND, title="Lien social", assembly=assembly, runs=[(author, tree(*blocks))], by=author
        )
        return self.text

    @property
    def address(self) -> str:
        return f"/essai/{self.text.public_id}/"

    def browser(self, user: Any, **options: Any) -> Any:
        """Return a signed-in browser of that user, without a page."""
        context = self.open_context(**options)
        self.sign_in(context, user)
        return context

    def open(self, user: Any, **options: Any) -> Page:
        """Open the text in the editor, in a new browser of that user."""
        return self.visit(self.browser(user, **options).new_page())

    def visit(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if "Security Policy" in said.text else None)
        page.goto(self.address)
        expect(page.locator(TEXT)).to_be_visible()
        return page

    def html(self, accepted: bool | None = None) -> str:
        """Return the text of the server; with every suggestion accepted, or refused."""
        self.text.refresh_from_db()
        found = tree_of(self.text)
        return html.to_html(found if accepted is None else settled(found, accepted))


def saved(*pages: Page) -> None:
    """Wait until every page says that its words are safe."""
    for page in pages:
        expect(page.locator(STATUS)).to_have_text(SAVED)


def written(page: Page) -> str:
    """Return the content of the editor of a page, as its own HTML."""
    return page.evaluate("document.querySelector('#coedit-text').editor.getHTML()")


class Server:
    """The site in a process of its own, on the database of the test."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it answers."""
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "assembly.config.settings_test",
        }
        command = ["-m", "uvicorn", "tests.e2e.served:application", "--port", str(self.port), "--log-level", "warning"]
        command = [sys.executable, *command, "--ws", "websockets-sansio", "--lifespan", "off"]
        self.process = processes.spawn(command, output=2, environ=environment, cwd=ROOT)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """Kill the process, as a power failure does."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


SELECT = """([text, atEnd]) => new Promise((done) => {
  const { editor } = document.querySelector('#coedit-text')
  let from = null
  editor.state.doc.descendants((node, pos) => {
    if (from === null && node.isText && node.text.includes(text)) from = pos + node.text.indexOf(text)
  })
  const to = from + text.length
  editor.chain().focus().setTextSelection(atEnd ? to : { from, to }).run()
  requestAnimationFrame(() => requestAnimationFrame(done))
})"""


def caret_after(page: Page, words: str) -> None:
    """Put the cursor after these words of the text."""
    page.evaluate(SELECT, [words, True])


def choose(page: Page, words: str) -> None:
    """Select these words of the text."""
    page.evaluate(SELECT, [words, False])


# The list beside the text is read again some 1.2 s after a mark came or went.
CALM = """() => new Promise((done) => {
  const finish = () => { observer.disconnect(); done() }
  let timer = setTimeout(finish, 1600)
  const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(finish, 1600) })
  observer.observe(document.querySelector('[data-assembly-sidebar]'), { childList: true, subtree: true })
})"""


def calm(page: Page) -> None:
    """Wait until the list beside the text stands as it will stay."""
    page.evaluate(CALM)


def copies_on(page: Page) -> list[str]:
    """Return the names of the copies of texts in this browser."""
    names = page.evaluate("indexedDB.databases().then((all) => all.map((database) => database.name))")
    return [name for name in names if name.startswith("assembly-text:")]


def rows_of(text: Any) -> int:
    return Update.objects.filter(text=text).count()


def raw(text: Any) -> XmlFragment:
    """Return the content of the text, unknown nodes included."""
    return document_at(text).get("default", type=XmlFragment)


def add_unknown_node(text: Any, author: Any) -> int:
    """Add a node of a newer release, which this one does not know; return the number of rows."""
    doc = document_at(text)
    before = doc.get_state()
    doc.get("default", type=XmlFragment).children.append(XmlElement("mystery"))
    seq = rows_of(text) + 1
    Update.objects.create(text=text, seq=seq, data=doc.get_update(before), author=author)
    SharedText.objects.filter(pk=text.pk).update(last_seq=seq)
    return seq
