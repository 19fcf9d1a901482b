"""The writer's least interval: one person alone waits for nothing, what many type at once is one commit."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from assembly.collab.engine import headers
from assembly.collab.engine.hub import hub
from assembly.collab.engine.writer import RemoteRows
from assembly.collab.models import TextRight, Update
from tests.assembly.collab.peers import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

INTERVAL = "assembly.collab.engine.writer.LEAST_INTERVAL"
SHARED = "assembly.collab.engine.writer.SHARED_INTERVAL"


@pytest.fixture
def team(make, peers):
    """Yield a factory: `await team(3)` opens three tabs of different writers on one text, and one of a reader."""

    async def open_tabs(count):
        users = [await make("someone") for _one in range(count)]
        text = await make("text", "A", by=users[0])
        reader = await make("someone", TextRight.READ)
        return text, [await peers(text, user) for user in users], await peers(text, reader)

    return open_tabs


async def all_settled(tabs):
    for tab in tabs:
        await tab.settle()


async def in_writers_thread(question):
    """Run a query on the connection of the update writer and return the result."""

    def ask():
        with connection.cursor() as cursor:
            cursor.execute(question)
            return [value for (value,) in cursor.fetchall()]

    return await asyncio.wrap_future(hub().writer.thread.submit(ask))


async def test_after_a_calm_a_key_waits_for_nothing_and_the_next_for_the_interval(team, monkeypatch):
    monkeypatch.setattr(INTERVAL, 60)
    text, (alone,), _reader = await team(1)
    await alone.write("b")
    await alone.settle()
    await alone.write("c")
    await asyncio.sleep(0.2)
    assert (len(await rows(text)), alone.sent - alone.acked) == (2, 1)


async def test_beside_a_process_that_stores_keys_gather_for_longer_and_no_more_once_it_is_calm(team, monkeypatch):
    monkeypatch.setattr(INTERVAL, 0)
    monkeypatch.setattr(SHARED, 2)
    monkeypatch.setattr("assembly.collab.engine.writer.OTHERS_STAY", 0.5)
    text, (alone,), _reader = await team(1)
    elsewhere = RemoteRows(text_id=0, first=1, last=1, data=b"")  # of a text that nobody here looks at
    hub().writer.submit(elsewhere)
    await alone.write("b")
    await alone.settle()
    await alone.write("c")
    await asyncio.sleep(0.7)
    assert (len(await rows(text)), alone.sent - alone.acked) == (2, 1)
    await alone.settle()
    for letter in "de":  # the other process said nothing for half a second
        await alone.write(letter)
        await asyncio.wait_for(alone.settle(), 1)
    assert len(await rows(text)) == 5


async def test_a_burst_is_one_commit_and_one_frame_with_a_row_for_each_key(team, monkeypatch):
    monkeypatch.setattr(INTERVAL, 0.5)
    text, tabs, reader = await team(5)
    await tabs[0].write("b")
    await tabs[0].settle()
    for number in range(10):
        for tab in tabs:
            await tab.send(tab.added(f"Ligne {number}"))
        await asyncio.sleep(0.02)
    await all_settled(tabs)
    await reader.until(lambda: len(reader.lines) == 51)
    stored = await sync_to_async(lambda: list(Update.objects.filter(text=text, seq__gt=2).order_by("seq")))()
    commits = len({row.at for row in stored})
    assert [row.seq for row in stored] == list(range(3, 53))
    assert commits <= 5  # one, where the machine is quick enough to send all within the interval
    assert reader.updates == commits + 1
    for tab in tabs:
        runs = [headers.read_update(bytes(row.data)).runs for row in stored if row.author_id == tab.user.pk]
        starts = [run[tab.doc.client_id][0][0] for run in runs]
        assert len(starts) == 10
        assert starts == sorted(starts)
        assert tab.lines == reader.lines


async def test_a_gathered_batch_whose_commit_fails_is_stored_whole_at_the_next(team, monkeypatch, caplog):
    monkeypatch.setattr(INTERVAL, 1)
    text, tabs, reader = await team(3)
    await tabs[0].write("b")
    await tabs[0].settle()
    (writer,) = await in_writers_thread("SELECT pg_backend_pid()")
    await asyncio.gather(*(tab.send(tab.added(f"Ligne {number}")) for number in range(4) for tab in tabs))
    await sync_to_async(end_backend)(writer)
    await all_settled(tabs)
    await reader.until(lambda: len(reader.lines) == 13)
    assert "will be tried again" in caplog.text
    assert [seq for seq, _author in await rows(text)] == list(range(1, 15))
    assert all(tab.lines == reader.lines for tab in tabs)


def end_backend(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


async def test_the_statements_of_a_commit_are_prepared(team, monkeypatch):
    monkeypatch.setattr(INTERVAL, 0)
    _text, (alone,), _reader = await team(1)
    for letter in "abcdefghij":
        await alone.write(letter)
        await alone.settle()
    prepared = await in_writers_thread("SELECT statement FROM pg_prepared_statements")
    assert any("INSERT INTO collab_update" in statement for statement in prepared)
