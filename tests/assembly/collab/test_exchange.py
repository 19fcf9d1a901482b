"""The text without a socket: the same frames, the same refusals."""

import json

import pytest
from pycrdt import Doc, XmlFragment

from assembly.collab.actions import texts
from assembly.collab.engine import frames
from assembly.collab.engine.frames import ByteReader
from assembly.collab.models import TextRight, Update

pytestmark = pytest.mark.django_db


class Tab:
    """A page that speaks by requests."""

    def __init__(self, client, text):
        self.client, self.text = client, text
        self.doc = Doc()
        self.root = self.doc.get("default", type=XmlFragment)
        self.vector, self.status, self.acked = None, None, 0

    def ask(self, *data, query="?schema=1", body=None):
        sent = (
            frames.http_body([frames.step_1(self.doc.get_state()), *map(frames.update, data)])
            if body is None
            else body
        )
        address = f"/co-redaction/{self.text.public_id}/echange/{query}"
        response = self.client.post(address, sent, content_type="application/octet-stream")
        if response.status_code == 200:
            for frame in frames.split(response.content, 20):
                self.hear(ByteReader(frame))
        return response.status_code

    def hear(self, reader):
        kind = reader.uint()
        if kind == frames.STATUS:
            self.status = json.loads(reader.text())
        elif kind == frames.ACK:
            self.acked = reader.uint()
        elif reader.uint() == frames.STEP_1:
            self.vector = reader.bytes()
        else:
            self.doc.apply_update(reader.bytes())

    def typed(self, words):
        before = self.doc.get_state()
        text = self.root.children[0].children[0]
        text.insert(len(text), words)
        return self.doc.get_update(before)

    @property
    def line(self):
        return str(self.root.children[0].children[0])


@pytest.fixture
def tab(signed_in, people):
    return lambda text, user: Tab(signed_in(user), text)


def test_two_tabs_converge(tab, new_text, someone):
    one, two = someone(), someone()
    text = new_text("A", by=one)
    first, second = tab(text, one), tab(text, two)
    assert (first.ask(), second.ask()) == (200, 200)
    assert first.status == {"writable": True, "state": "open", "role": "write"}
    assert (first.ask(first.typed("b"), first.typed("c")), first.acked) == (200, 2)
    second.ask(second.typed("d"))
    first.ask()
    assert first.line == second.line
    assert sorted(first.line) == ["A", "b", "c", "d"]
    assert first.vector == second.vector != b""
    assert list(Update.objects.values_list("seq", "author")) == [(1, one.pk), (2, one.pk), (3, one.pk), (4, two.pk)]


def test_refusals_say_why(tab, new_text, someone):
    writer, reader = someone(), someone(TextRight.READ)
    text = new_text("A", by=writer)
    page = tab(text, reader)
    page.ask()
    page.ask(page.typed("b"))
    assert (page.status["rejected"], page.acked) == ("denied", 0)
    late = tab(text, writer)
    late.ask()
    lost = late.typed("lost")
    late.ask(late.typed("after"))
    assert late.status["rejected"] == "gap"
    texts.freeze(text, by=writer)
    late.ask(lost)
    assert late.status == {"writable": False, "state": "frozen", "role": "read", "rejected": "frozen"}
    assert Update.objects.count() == 1


def test_what_is_no_frame_is_refused(tab, new_text, someone):
    user = someone()
    page = tab(new_text("A", by=user), user)
    page.ask()
    update = frames.http_body([frames.update(page.typed("b"))])
    assert page.ask(body=b"\x05abc") == 400
    assert page.ask(body=frames.http_body([frames.update(b"\x01\x02\x03")])) == 400
    assert page.ask(body=b"\x00" * 2_000_000) == 413
    assert page.ask(body=update, query="") == 426
    assert page.ask(body=update, query="?schema=0") == 426
    assert page.ask(body=update) == 200


def test_others_do_not_know_the_text(tab, new_text, someone, client):
    user, stranger = someone(), someone(TextRight.NONE)
    text = new_text("A", by=user)
    assert tab(text, stranger).ask() == 404
    assert Tab(client, text).ask() in {302, 401, 403}
    assert tab(text, user).client.get(f"/co-redaction/{text.public_id}/echange/").status_code == 405


def test_one_account_asks_so_often(tab, new_text, someone, monkeypatch):
    monkeypatch.setattr("assembly.collab.views.MOST_A_MINUTE", 2)
    user = someone()
    page = tab(new_text("A", by=user), user)
    assert [page.ask() for _time in range(3)] == [200, 200, 429]
