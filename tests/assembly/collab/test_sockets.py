"""The socket of a text: what it shows, what it acknowledges, whom it refuses."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from pycrdt import Doc, Map, XmlElement, XmlFragment, XmlText

from assembly.collab.actions import texts
from assembly.collab.engine import frames
from assembly.collab.engine.hub import hub
from assembly.collab.models import SharedText, TextRight
from assembly.collab.queries import tree_of
from assembly.institution.models import Role
from tests.assembly.collab.peers import Peer, rows
from tests.factories.institution import RoleAssignmentFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


async def test_two_people_write_and_read_each_other(make, peers):
    one, two = await make("someone"), await make("someone")
    text = await make("text", "Bonjour", by=one)
    first, second = await peers(text, one), await peers(text, two)
    assert first.lines == second.lines == ["Bonjour"]
    await first.write(" à tous")
    await second.until(lambda: second.lines == ["Bonjour à tous"])
    await second.send(second.added("Été 🌳"))
    await first.until(lambda: first.lines == ["Bonjour à tous", "Été 🌳"])
    await first.settle()
    await second.settle()
    assert await rows(text) == [(1, one.pk), (2, one.pk), (3, two.pk)]
    tree = await sync_to_async(tree_of)(text)
    assert [block["content"][0]["text"] for block in tree["content"]] == first.lines
    assert first.statuses[0] == {"writable": True, "state": "open", "role": "write"}
    assert first.closed is None


async def test_what_is_acknowledged_is_stored_and_what_is_known_makes_no_row(make, peers):
    user = await make("someone")
    text = await make("text", "Un", by=user)
    peer = await peers(text, user)
    for letter in "abcdef":
        await peer.write(letter)
    await peer.settle()
    stored = await rows(text)
    assert [seq for seq, _author in stored] == list(range(1, 8))
    await peer.send(peer.doc.get_update(), frames.STEP_2)
    await peer.settle()
    assert await rows(text) == stored


@pytest.mark.parametrize("right", [TextRight.READ, TextRight.COMMENT, TextRight.SUGGEST])
async def test_plain_words_of_somebody_who_may_not_write_are_refused(make, peers, right):
    writer, other = await make("someone"), await make("someone", right)
    text = await make("text", "Bonjour", by=writer)
    peer, witness = await peers(text, other), await peers(text, writer)
    await peer.write(" de force")
    await peer.until(lambda: any("rejected" in status for status in peer.statuses))
    assert peer.statuses[-1]["rejected"] == "denied"
    await witness.write("!")
    await witness.settle()
    assert witness.lines == ["Bonjour!"]
    assert await rows(text) == [(1, writer.pk), (2, writer.pk)]
    assert peer.acked < peer.sent


async def test_a_gap_is_refused_then_healed(make, peers):
    one, two = await make("someone"), await make("someone")
    text = await make("text", "A", by=one)
    peer, witness = await peers(text, one), await peers(text, two)
    peer.typed("b")  # lost on the way
    await peer.write("c")
    await witness.until(lambda: witness.lines == ["Abc"])
    assert [status.get("rejected") for status in peer.statuses] == [None, "gap"]
    await peer.settle()


async def test_a_deletion_of_what_is_not_known_is_a_gap(make, peers):
    one = await make("someone")
    text = await make("text", "A", by=one)
    peer = await peers(text, one)
    peer.typed("bcd")

    def cut(it):
        del it.root.children[0].children[0][1:3]

    await peer.send(peer.change(cut))
    await peer.settle()
    tree = await sync_to_async(tree_of)(text)
    assert tree["content"][0]["content"][0]["text"] == "Ad" == peer.lines[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x00\x09",
        b"\x07hello",
        b"\xff" * 40,
        frames.update(b"\x01\x02\x03"),
        frames.update(b"\x00\x00")[:-1],
        frames.update(b"\x00\x00") + b"\x00",
        frames.update(bytes(range(200))),
        frames.awareness([])[:-1] + b"\x05",
    ],
)
async def test_garbage_ends_that_connection_alone(make, peers, data):
    one, two = await make("someone"), await make("someone")
    text = await make("text", "A", by=one)
    bad, good = await peers(text, one), await peers(text, two)
    await bad.raw(data)
    assert await bad.until_closed() == 4400
    await good.write("b")
    await good.settle()
    assert good.closed is None


async def test_a_frame_too_large_or_too_many(make, peers):
    user = await make("someone")
    text = await make("text", "A", by=user)
    large, many = await peers(text, user), await peers(text, user)
    await large.raw(b"\x00\x02" + b"\x00" * 2_000_000)
    assert await large.until_closed() == 4413
    for _time in range(1000):
        await many.raw(frames.update(b"\x00\x00"))
    assert await many.until_closed() == 1013


async def test_a_long_update_is_read_where_it_keeps_nobody_waiting(make, peers):
    user = await make("someone")
    text = await make("text", "A", by=user)
    peer, bad = await peers(text, user), await peers(text, user)
    await peer.send(peer.added("é" * 20_000))
    await peer.settle()
    assert len(await rows(text)) == 2
    await bad.raw(frames.update(b"\x01" * 20_000))
    assert await bad.until_closed() == 4400


async def test_text_frames_are_not_ours(make, peers):
    user = await make("someone")
    peer = await peers(await make("text", "A", by=user), user)
    await peer.wire.send_input({"type": "websocket.receive", "text": "bonjour"})
    assert await peer.until_closed() == 4400


async def test_who_may_not_enter_is_told_why(make, peers):
    user, outsider = await make("someone"), await make("someone", TextRight.NONE)
    text = await make("text", "A", by=user)
    tries = [
        (Peer(text, None), 4401),
        (Peer(text, outsider), 4403),
        (Peer(text, user, schema="0"), 4426),
        (Peer(text, user, schema="x"), 4426),
        (Peer(SharedText(), user), 4403),
    ]
    for peer, code in tries:
        await peer.open()
        assert (peer.accepted, await peer.until_closed()) == (True, code)
        await peer.leave()
    for origin in (b"https://evil.example", None):
        peer = await Peer(text, user, origin=origin).open()
        assert peer.accepted is False
        await peer.leave()


async def test_presence_is_what_the_server_says(make, peers):
    one, two = await make("someone"), await make("someone")
    text = await make("text", "A", by=one)
    await sync_to_async(RoleAssignmentFactory)(user=one, role=Role.MEMBER)
    first, second = await peers(text, one), await peers(text, two)
    forged = {"id": two.pk, "name": "La présidente", "role": "présidente", "color": "red"}
    await first.show({"user": forged, "cursor": {"a": 1}, "x": 1})
    await second.until(lambda: first.doc.client_id in second.presences)
    said = second.presences[first.doc.client_id]
    assert set(said) == {"user", "cursor"}
    assert [said["user"][fact] for fact in ("id", "name", "role")] == [one.pk, one.get_full_name(), "membre"]
    await second.show({"user": {}}, client=first.doc.client_id)  # somebody else's client number
    await second.show({"user": {}, "cursor": None})
    await first.until(lambda: second.doc.client_id in first.presences)
    assert first.presences[first.doc.client_id]["user"]["id"] == one.pk
    await second.show({"cursor": "x" * 2000})
    await second.show("not json")
    await second.show({}, client=77)  # a second number for one connection
    await first.leave()
    await second.until(lambda: second.presences[first.doc.client_id] is None)
    assert 77 not in second.presences


async def test_freeze_is_told_and_nothing_enters_after(make, peers):
    user = await make("someone")
    text = await make("text", "A", by=user)
    peer = await peers(text, user)
    offline = peer.typed("écrit hors connexion")
    version = await sync_to_async(texts.freeze)(text, by=user)
    await peer.until(lambda: peer.statuses[-1]["state"] == "frozen")
    assert peer.statuses[-1]["writable"] is False
    await peer.send(offline)
    await peer.until(lambda: peer.statuses[-1].get("rejected") == "frozen")
    await peer.write("encore")
    late = await peers(text, user)
    assert late.lines == ["A"]
    assert await rows(text) == [(1, user.pk)]
    assert version.upto_seq == 1


async def test_comments_alone_enter_a_text_open_to_comments(make, peers):
    user = await make("someone")
    text = await make("text", "Bonjour", by=user)
    await sync_to_async(texts.annotate)(text, by=user)
    peer = await peers(text, user)
    assert peer.statuses[0] == {"writable": False, "state": "annotating", "role": "comment"}

    def mark(it):
        it.root.children[0].children[0].format(0, 3, {"comment": {"id": f"{user.pk}-a-1"}})

    await peer.send(peer.change(mark))
    await peer.settle()
    await peer.write("!")
    await peer.until(lambda: peer.statuses[-1].get("rejected") == "frozen")
    assert len(await rows(text)) == 2


async def test_a_suggestion_enters_and_nobody_signs_for_another(make, peers):
    writer, member = await make("someone"), await make("someone", TextRight.SUGGEST)
    text = await make("text", "Bonjour", by=writer)
    peer = await peers(text, member)

    def suggest(mark_id):
        return lambda it: it.root.children[0].children[0].insert(0, "Oui ", {"insertion": {"id": mark_id}})

    await peer.send(peer.change(suggest(f"{member.pk}-a-1")))
    await peer.settle()
    await peer.send(peer.change(suggest(f"{writer.pk}-a-2")))
    await peer.until(lambda: peer.statuses[-1].get("rejected") == "denied")
    forger = await peers(text, writer)
    await forger.send(forger.change(suggest(f"{member.pk}-a-3")))
    await forger.until(lambda: forger.statuses[-1].get("rejected") == "denied")
    assert len(await rows(text)) == 2


def strange(doc_part):
    """Return an update of a new document, with a node that the editor never sends."""
    doc = Doc()
    root = doc.get("default", type=XmlFragment)
    doc_part(doc, root)
    return frames.update(doc.get_update())


@pytest.mark.parametrize(
    "data",
    [
        strange(lambda doc, root: root.children.append(XmlElement("script", {}))),
        strange(lambda doc, root: root.children.append(XmlText("a")).format(0, 1, {"blink": {"a": 1}})),
        strange(lambda doc, root: doc.get("other", type=Map).__setitem__("a", 1)),
    ],
    ids=["node", "mark", "root"],
)
async def test_what_the_schema_does_not_know_never_enters(make, peers, data):
    user = await make("someone")
    text = await make("text", "A", by=user)
    peer = await peers(text, user)
    await peer.raw(data)
    assert await peer.until_closed() == 4400
    assert len(await rows(text)) == 1


async def test_a_node_out_of_place_is_no_suggestion(make, peers):
    writer, member = await make("someone"), await make("someone", TextRight.SUGGEST)
    text = await make("text", "Bonjour", by=writer)
    peer = await peers(text, member)
    await peer.send(
        peer.change(lambda it: it.root.children[0].children.append(XmlElement("table", {"marks": "[]"}, [])))
    )
    await peer.until(lambda: peer.statuses[-1].get("rejected") == "denied")
    commenter = await peers(text, await make("someone", TextRight.COMMENT))
    await commenter.send(commenter.change(lambda it: it.root.children.append(XmlElement("paragraph", {}))))
    await commenter.until(lambda: commenter.statuses[-1].get("rejected") == "denied")
    assert len(await rows(text)) == 1


async def test_a_right_that_is_taken_away_holds_at_once(make, peers, rights):
    user = await make("someone")
    text = await make("text", "A", by=user)
    peer = await peers(text, user)
    rights[user.pk] = TextRight.READ
    await peer.write("b")
    await peer.until(lambda: peer.statuses[-1].get("rejected") == "denied")
    assert len(await rows(text)) == 1


async def test_sweeps_close_what_may_not_stay(make, peers, rights, monkeypatch):
    monkeypatch.setattr("assembly.collab.engine.hub.SWEEP", 0.1)
    users = [await make("someone") for _one in range(4)]
    text = await make("text", "A", by=users[0])
    gone, ended, less, same = [await peers(text, user) for user in users]
    rights[users[0].pk] = TextRight.NONE
    rights[users[2].pk] = TextRight.SUGGEST
    key = next(socket.session_key for socket in hub().sessions[text.pk].sockets if socket.user_id == users[1].pk)
    await sync_to_async(Session.objects.filter(session_key=key).delete)()
    assert await gone.until_closed() == 4403
    assert await ended.until_closed() == 4401
    await less.until(lambda: less.statuses[-1]["role"] == "suggest")
    await same.write("b")
    await same.settle()


async def test_edits_of_the_server_reach_screens(make, peers):
    user = await make("someone")
    text = await make("text", "A", by=user)
    peer = await peers(text, user)

    def change(doc: Doc):
        doc.get("default", type=XmlFragment).children[0].children[0].insert(1, "BC")

    await sync_to_async(texts.edit)(text, change, by=user)
    await peer.until(lambda: peer.lines == ["ABC"])
    await peer.write("d")
    await peer.settle()
    assert [seq for seq, _author in await rows(text)] == [1, 2, 3]


async def test_what_waits_together_is_stored_together(make, peers, django_assert_max_num_queries):
    users = [await make("someone") for _one in range(5)]
    text = await make("text", "A", by=users[0])
    tabs = [await peers(text, user) for user in users]
    before = hub().writer.batches
    await asyncio.gather(
        *(tab.send(tab.added(f"Ligne {at}{number}")) for at in range(10) for number, tab in enumerate(tabs))
    )
    for tab in tabs:
        await tab.settle()
        await tab.until(lambda tab=tab: len(tab.lines) == 51)
    assert len(await rows(text)) == 51
    assert hub().writer.batches - before < 50
    assert len({tuple(tab.lines) for tab in tabs}) == 1
