"""What one commit of the log is: one statement for one text, all or none for several, once whatever is asked again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assembly.collab.engine import storage
from assembly.collab.engine.copy import TextCopyCache
from assembly.collab.engine.storage import PendingUpdate, UpdateSource
from assembly.collab.models import Update
from tests.assembly.collab.peers import Peer

pytestmark = pytest.mark.django_db(transaction=True)


def sent(text, user, words):
    data = Peer(text, user).added(words)
    return PendingUpdate(text.pk, user.pk, data, UpdateSource(), storage.check_update(data))


def first_words(queries):
    return [query["sql"].split()[0] for query in queries]


def seqs(text):
    return [*Update.objects.filter(text=text).values_list("seq", flat=True)]


def test_the_rows_of_one_text_are_one_statement_that_commits_by_itself(someone, new_text):
    users = [someone(), someone()]
    text = new_text("A", by=users[0])
    copies = TextCopyCache()
    _ = copies[text.pk]
    entries = [sent(text, user, "B") for user in users]
    with CaptureQueriesContext(connection) as asked:
        storage.store_updates(entries, copies)
    assert first_words(asked) == ["SELECT", "WITH"]
    assert [entry.seq for entry in entries] == [2, 3]
    assert seqs(text) == [1, 2, 3]


def test_the_rows_of_several_texts_are_one_commit(someone, new_text):
    user = someone()
    texts = [new_text("A", by=user), new_text("A", by=user)]
    copies = TextCopyCache()
    _ = [copies[text.pk] for text in texts]
    entries = [sent(text, user, "B") for text in texts]
    with CaptureQueriesContext(connection) as asked:
        storage.store_updates(entries, copies)
    assert first_words(asked) == ["BEGIN", "SELECT", "WITH", "WITH", "COMMIT"]
    assert [seqs(text) for text in texts] == [[1, 2], [1, 2]]


def test_what_was_stored_before_the_answer_was_lost_is_stored_once_and_still_shown(someone, new_text):
    user = someone()
    text = new_text("A", by=user)
    copies = TextCopyCache()
    _ = copies[text.pk]
    entries = [sent(text, user, "B")]
    storage.store_updates(entries, copies)
    copies.invalidate([text.pk])  # as after any failure: nothing in memory is believed
    again = storage.store_updates(entries, copies)
    assert (again[text.pk].entries, entries[0].refused, seqs(text)) == ([], "", [1, 2])
    assert copies[text.pk].take_unsent() == [(2, entries[0].data)]
