"""A kind of text whose rights a test gives one by one."""

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async

from assembly.collab import registry
from assembly.collab.actions import texts
from assembly.collab.engine.hub import hub
from assembly.collab.models import TextRight
from tests.assembly.collab.peers import Peer
from tests.factories.identity import UserFactory
from tests.factories.institution import AssemblyFactory

KIND = "essai"


class Rights(dict):
    """`rights[user.pk] = TextRight.WRITE`; what is asked of the registry is counted in `asked`."""

    asked = 0

    def resolve(self, texts, users):
        self.asked += 1
        return {(text.pk, user): self.get(user, TextRight.NONE) for text in texts for user in users}


class Givers(dict):
    """`assignees.of(user, people=[…])`: to whom that user may give threads."""

    def of(self, user, people=(), directorates=()):
        self[user.pk] = registry.Assignees(people, directorates)

    def resolve(self, text, user):
        return self.get(user.pk)


@pytest.fixture
def assignees():
    return Givers()


@pytest.fixture
def rights(monkeypatch, assignees):
    held = Rights()
    told = []
    kind = registry.TextKind(
        KIND,
        held.resolve,
        lambda text, user: f"/essai/{text.pk}/",
        lambda text, news: told.append(news),
        assignees=assignees.resolve,
    )
    monkeypatch.setitem(registry.kinds, KIND, kind)
    held.told = told
    return held


@pytest.fixture
def someone(rights):
    """Return a factory: `someone(TextRight.WRITE)` makes a user with that right in every text of the tests."""

    def make(right=TextRight.WRITE):
        user = UserFactory()
        rights[user.pk] = right
        return user

    return make


def paragraphs(*lines):
    """Return a tree of plain paragraphs."""
    return {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines],
    }


@pytest.fixture
def new_text(someone):
    """Return a factory: `new_text("Une ligne", "Une autre")` makes a text with these paragraphs and an author."""

    def make(*lines, by=None, title="Un essai"):
        author = by or someone()
        runs = [(author, paragraphs(*lines))] if lines else []
        return texts.create(KIND, title=title, assembly=AssemblyFactory(), runs=runs, by=author)

    return make


@pytest_asyncio.fixture
async def peers():
    """Yield a factory: `await peers(text, user)` opens a tab with the text; close all tabs and the hub at the end."""
    opened = []

    async def join(text, user, **how):
        opened.append(Peer(text, user, **how))
        return await opened[-1].join()

    yield join
    for peer in opened:
        await peer.leave()
    await hub().stop()


@pytest.fixture
def make(new_text, someone):
    """Call a synchronous factory from asynchronous code."""

    async def run(what, *args, **kwargs):
        return await sync_to_async({"text": new_text, "someone": someone}[what])(*args, **kwargs)

    return run
