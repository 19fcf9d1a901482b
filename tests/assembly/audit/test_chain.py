"""The journal is append-only, and `verify_audit` names every kind of lie told by the owner of the database."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from assembly.audit.actions import erase_details, record
from assembly.audit.models import Entry, Head, Link
from assembly.audit.registry import add_audit_events
from assembly.audit.verification import verify
from tests.factories.identity import UserFactory

add_audit_events({"test.done": "a fait"})


def write(count=4, **facts):
    user = UserFactory()
    for number in range(count):
        with transaction.atomic():
            record("test.done", user, by=user, number=number, **facts)
    return user


def as_owner(sql, parameters=()):
    """Run SQL as the owner of the tables, with the triggers turned off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_entry", "audit_link", "audit_head"])
@pytest.mark.parametrize("sql", ["UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_the_database_refuses_change(table, sql):
    if table == "audit_link":
        sql = sql.replace("id = id", "seq = seq")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))


@pytest.mark.django_db
def test_the_journal_is_written_with_the_act_or_not_at_all():
    def act():
        with transaction.atomic():
            record("test.done", user, by=user)
            raise ValueError("act failed")

    user = UserFactory()
    with pytest.raises(ValueError, match="act failed"):
        act()
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_a_verb_nobody_declared_is_refused():
    user = UserFactory()
    with pytest.raises(KeyError, match="declared by no app"):
        record("test.undeclared", user, by=user)


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    user = UserFactory()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record("test.done", user, by=user)


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_intact_and_links_every_entry():
    write(5)
    assert verify() == (5, None)
    assert Link.objects.count() == Entry.objects.count() == 5
    call_command("verify_audit")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        (
            "changed",
            "UPDATE audit_entry SET canonical = replace(canonical, '\"number\":1', '\"number\":9') WHERE id = {1}",
        ),
        ("inserted", "UPDATE audit_entry SET event_type = 'test.other' WHERE id = {1}"),
        ("inserted", "UPDATE audit_entry SET actor = NULL WHERE id = {1}"),
        ("inserted", "UPDATE audit_entry SET facts = '{{\"number\": 7}}' WHERE id = {1}"),
        ("inserted", "UPDATE audit_entry SET at = at + interval '1 hour' WHERE id = {1}"),
        ("inserted", "UPDATE audit_entry SET term_id = 12 WHERE id = {1}"),
        ("inserted", "UPDATE audit_entry SET dossier_id = '12' WHERE id = {1}"),
        ("changed", "UPDATE audit_entrydetail SET text = 'autre chose' WHERE entry_id = {1}"),
        ("changed", "UPDATE audit_entrydetail SET erased_at = now() WHERE entry_id = {1}"),
        ("changed", "DELETE FROM audit_entrydetail WHERE entry_id = {1}"),
        ("deleted", "DELETE FROM audit_entry WHERE id = {1}"),
        ("missing", "DELETE FROM audit_link WHERE entry_id = {1}"),
        (
            "inserted",
            "INSERT INTO audit_entry"
            " (at, event_type, subject_type, subject_id, dossier_type, dossier_id, facts, canonical)"
            " SELECT at, event_type, subject_type, subject_id, '', '', facts, canonical"
            " FROM audit_entry WHERE id = {1}",
        ),
    ],
)
def test_a_lie_is_found(kind, sql):
    write(4, detail="une raison")
    ids = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    as_owner(sql.format(*ids))
    _, finding = verify()
    assert finding is not None
    assert finding.kind == kind
    with pytest.raises(CommandError):
        call_command("verify_audit")


@pytest.mark.django_db(transaction=True)
def test_a_cut_tail_is_found_by_a_published_head_even_one_kept_outside():
    write(4)
    last = Link.objects.order_by("-seq").first()
    kept = f"{last.seq}:{last.hash}"
    call_command("verify_audit", head=kept)
    as_owner("DELETE FROM audit_link WHERE seq = %s", [last.seq])
    as_owner("DELETE FROM audit_entry WHERE id = %s", [last.entry_id])
    assert verify() == (3, None)
    with pytest.raises(CommandError, match="coupée"):
        call_command("verify_audit", head=kept)


@pytest.mark.django_db(transaction=True)
def test_a_whole_chain_written_anew_does_not_match_the_published_head():
    write(3)
    last = Link.objects.order_by("-seq").first()
    Head.objects.create(seq=last.seq, hash="f" * 64, published_at="2026-01-01T00:00:00Z")
    _, finding = verify()
    assert (finding.kind, finding.seq) == ("truncated", last.seq)


@pytest.mark.django_db(transaction=True)
def test_an_emptied_journal_is_found():
    write(2)
    last = Link.objects.order_by("-seq").first()
    Head.objects.create(seq=last.seq, hash=last.hash, published_at="2026-01-01T00:00:00Z")
    as_owner("DELETE FROM audit_link")
    as_owner("DELETE FROM audit_entry")
    _, finding = verify()
    assert finding.kind == "truncated"


@pytest.mark.django_db(transaction=True)
def test_erasing_a_detail_or_a_name_leaves_the_chain_whole():
    user = UserFactory()
    with transaction.atomic():
        entry = record("test.done", user, by=user, detail="Yvette Cazaux a téléphoné")
    assert "Yvette" not in json.dumps(list(Entry.objects.values("canonical", "facts")))
    assert erase_details([entry.pk], by=user) == 1
    entry.detail.refresh_from_db()
    assert entry.detail.text == ""
    assert verify() == (2, None)
